"""The annuaire as a list whose searches may be kept."""

from typing import TYPE_CHECKING

from django.db.models import Prefetch
from django.http import QueryDict
from django.urls import reverse

from annuaire.consulter.choix import Choix
from annuaire.consulter.liste import by_name
from annuaire.filters import AnnuaireFilterSet
from collectivites.models import Agent, Poste
from extranet.lib.apports import DemandeLue, Gardable, Trouve
from search.gardees.listes import canonical

if TYPE_CHECKING:
    from collectivites.models import Collectivite

PRESENT = "present"


def gardable() -> Gardable:
    return Gardable(
        "annuaire",
        "Annuaire",
        "annuaire",
        "people-fill",
        reverse("annuaire:index"),
        lire,
        cles,
        lignes,
        lieux=("collectivite",),
    )


def filtered(params: QueryDict, agent: Agent, place: "Collectivite | None") -> AnnuaireFilterSet:
    return AnnuaireFilterSet(params, queryset=Agent.objects.visible_to(agent), acting=place)


def lire(params: QueryDict, agent: Agent, place: "Collectivite | None") -> DemandeLue:
    choix = Choix(params, filtered(params, agent, place))
    asked = choix.retenus | ({"q": choix.q} if choix.q else {})
    remark = "L’alerte dit qui entre dans cette liste, présent ce jour-là ou non." if PRESENT in asked else ""
    said = choix.filtres_dits.replace(f"«\u00a0{choix.q}\u00a0»", choix.q)
    return DemandeLue(canonical(list(asked.items())), (said,) if said else (), autour="km" in asked, remarque=remark)


def cles(params: QueryDict, agent: Agent, place: "Collectivite | None") -> list[str]:
    """Others than oneself. Who is there today changes each morning: an alert tells of who joins the list."""
    asked = params.copy()
    asked.pop(PRESENT, None)
    people = by_name(filtered(asked, agent, place).qs).exclude(pk=agent.pk)
    return [str(pk) for pk in people.values_list("pk", flat=True)]


def lignes(agent: Agent, keys: list[str]) -> dict[str, Trouve]:
    """Two queries."""
    postes = Poste.objects.in_force().select_related("collectivite", "fonction").main_first()
    people = Agent.objects.visible_to(agent).filter(pk__in=map(int, keys))
    people = people.prefetch_related(Prefetch("postes", postes, to_attr="en_cours"))
    return {
        str(one.pk): Trouve(
            one.nom_complet,
            one.get_absolute_url(),
            f"{one.en_cours[0].libelle}, {one.en_cours[0].collectivite.nom}" if one.en_cours else "",
        )
        for one in people
    }
