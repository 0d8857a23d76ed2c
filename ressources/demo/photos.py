"""The photos of the demo: drawn, each with its place, its credit, and every case of agreement."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils.text import slugify

from collectivites.models import Collectivite
from ressources.demo.fabrique import PHOTO, Commande
from ressources.demo.notices import Etape, Listes, Notice
from ressources.demo.textes import Texte
from ressources.demo.vie import rows_of
from ressources.enums import Licence, Source
from ressources.models import Photo

if TYPE_CHECKING:
    from collectivites.demo import Monde

FICHIER = "photos.csv"
CREDIT = "Image dessinée par un programme pour la démonstration"
RESUME = "Une image dessinée, qui tient la place d’une vraie photo dans la démonstration."
RETIRE = "retire"


def of_photos(listes: Listes) -> Iterator[Notice]:
    return (_of_photo(listes, row) for row in rows_of(FICHIER))


def _of_photo(listes: Listes, row: dict[str, str]) -> Notice:
    agent, place = listes.qui(row["de"])
    moment = listes.moment(int(row["jours"]))
    page = listes.page(
        row["titre"],
        moment,
        resume=RESUME,
        theme=listes.themes[row["theme"]],
        type=listes.types["photo"],
        collectivite=place,
        owner=agent,
        referent=agent,
        diffusion=listes.monde.codes("toutes"),
        source=Source.EPCI if place.is_epci else Source.COMMUNE,
        licence=Licence(row["licence"]),
        credit=CREDIT,
        live=True,
    )
    texte = Texte(row["titre"], row["motif"], "", "", ())
    etape = Etape(Commande(texte, PHOTO), moment)
    return Notice(slugify(row["titre"]), page, [[etape]], [""], ["archives-et-communication"])


def describe(monde: "Monde", notices: dict[str, Notice]) -> None:
    """Their rows: one agreement is over, one was taken back, and neither photo shows."""
    places = {place.slug: place for place in Collectivite.objects.all()}
    Photo.objects.bulk_create(
        Photo(
            page=notices[slugify(row["titre"])].page,
            description=row["description"],
            lieu=row["lieu"],
            collectivite=places[row["commune"]],
            prise_le=_last(row["saison"], monde.jour(-int(row["jours"]) - 1)),
            personnes=row["personnes"],
            accord=row["accord"],
            accord_fin=monde.jour(int(row["fin"])) if row["fin"] else None,
            retiree_le=monde.instant(-12, "10:05") if row["etat"] == RETIRE else None,
            fin_dite=monde.date - timedelta(days=1) if row["etat"] == RETIRE else None,
        )
        for row in rows_of(FICHIER)
    )


def _last(saison: str, before: date) -> date:
    """The last « 01-14 » up to that day: there is snow in January, whatever the day of the demo."""
    day = date.fromisoformat(f"{before.year}-{saison}")
    return day if day <= before else day.replace(year=before.year - 1)
