"""What the annuaire says of the lending, on the card of a collectivité and on that of an agent."""

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from extranet.lib.apports import Encart, Lien
from materiel.adresses import BOARD
from materiel.models import Materiel
from materiel.parc.vignettes import first_photos

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite

AREA, MONTRES = "materiel", 6


def lent_by(collectivite: "Collectivite", lecteur: "Agent") -> list[Encart]:
    """The equipment that it lends, as `lecteur` may read it. Three queries, some more for photos never shown."""
    things = Materiel.objects.visible_to(lecteur).lendable().filter(collectivite=collectivite)
    more = Lien("Tout son matériel", f"{BOARD}?commune={collectivite.slug}", area=AREA)
    return _block("Matériel prêté", things, more)


def kept_by(agent: "Agent", lecteur: "Agent") -> list[Encart]:
    """The equipment that this person looks after, as `lecteur` may read it."""
    things = Materiel.objects.visible_to(lecteur).lendable().filter(contact=agent)
    return _block("Matériel dont cette personne s’occupe", things, None)


def _block(titre: str, things: QuerySet[Materiel], more: Lien | None) -> list[Encart]:
    found = list(things.for_list().order_by("page__title", "pk")[: MONTRES + 1])
    if not found:
        return []
    shown, photos = found[:MONTRES], first_photos(one.page for one in found[:MONTRES])
    return [
        Encart(
            titre,
            "materiel/_encart_materiels.html",
            {"lignes": [(one, photos.get(one.page_id)) for one in shown]},
            ordre=15,
            area=AREA,
            tout_voir=more if len(found) > MONTRES else None,
        )
    ]
