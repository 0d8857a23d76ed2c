"""What the titles show beside the catalogue and on the home page."""

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from extranet.lib.apports import AFaire, Encart, Lien
from extranet.lib.francais import en_lettres
from formations.adresses import TITRES
from formations.permissions import kept_places
from formations.titres.echeances import ending, held_for_titles, held_in

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite

AREA, MONTRES = "formations", 3


def beside_catalogue(agent: "Agent", collectivite: "Collectivite | None") -> Encart | None:
    """« Titres à renouveler », those of the commune that end first, for its gestionnaires. Two queries."""
    if collectivite is None or not agent.manages(collectivite):
        return None
    found = list(ending(held_in([collectivite]))[: MONTRES + 1])
    if not found:
        return None
    seats = {
        one.agent_id: one
        for one in held_for_titles()
        .filter(collectivite=collectivite)
        .select_related("session__formation")
        .order_by("-pk")
    }
    rows = [(one, seats.get(one.agent_id), one.valable_jusqu_au < timezone.localdate()) for one in found[:MONTRES]]
    return Encart(
        "Titres à renouveler",
        "formations/_encart_titres.html",
        {"lignes": rows},
        ordre=20,
        area=AREA,
        colonne="cote",
        tout_voir=Lien("Toutes les échéances", TITRES, area=AREA),
    )


def todo(agent: "Agent") -> list[AFaire]:
    """A batch to confirm, in each commune that one keeps. One query."""
    places = kept_places(agent)
    if not places:
        return []
    by_place: dict[int, list] = {}
    for one in held_for_titles().filter(collectivite__in=places).order_by("tenue_jusqua"):
        by_place.setdefault(one.collectivite_id, []).append(one)
    return [
        AFaire(
            titre=f"Confirmer {_seats(len(rows))} {places[pk].a_nom}",
            url=f"{reverse('formations:titre_list')}?commune={places[pk].slug}",
            action="Voir le lot",
            icone="award",
            area=AREA,
            detail="Des titres à renouveler.",
            avant=timezone.localtime(rows[0].tenue_jusqua).date(),
        )
        for pk, rows in by_place.items()
    ]


def _seats(count: int) -> str:
    return "une place tenue" if count == 1 else f"{en_lettres(count, 'f')} places tenues"
