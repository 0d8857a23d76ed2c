"""The toolbox as a list whose searches may be kept."""

from dataclasses import replace
from typing import TYPE_CHECKING

from django.http import QueryDict

from extranet.lib.apports import DemandeLue, Gardable, Trouve
from ressources.filtres import ADRESSE, Choix, Tri
from ressources.models import RessourcePage
from ressources.models.ressource import GENRE
from ressources.selection import Fonds, libelle, named, read_fonds, select
from search.gardees.listes import canonical
from search.gardees.partout import all_that_holds
from search.lecteur import Lecteur

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite


def gardable() -> Gardable:
    return Gardable(
        "ressources",
        "Ressources",
        "ressources",
        "journal-bookmark-fill",
        ADRESSE,
        lire,
        cles,
        lignes,
        lieux=("commune",),
    )


def lire(params: QueryDict, agent: "Agent", place: "Collectivite | None") -> DemandeLue:
    """A value that names nothing is left out."""
    choix, words = Choix.of(params), Fonds([], {}, named())
    chosen = [(name, value, libelle(words, name, value)) for name, values in choix.filtres for value in values]
    pairs = [(name, value) for name, value, said in chosen if said]
    pairs += [("q", choix.q)] if choix.q else []
    pairs += [("exact", "1")] if choix.q and choix.exact else []
    return DemandeLue(canonical(pairs), tuple(filter(None, [choix.q, *(said for *_, said in chosen)])))


def cles(params: QueryDict, agent: "Agent", place: "Collectivite | None") -> list[str]:
    choix = replace(Choix.of(params), demande_tri=Tri.RECENCE.value)
    fonds = read_fonds(agent, entrees=bool(choix.q))
    found = None
    if choix.q:
        reponse = all_that_holds(choix.q, Lecteur.of(agent), genre=GENRE)
        pages = dict(zip(fonds.entrees, fonds.pks, strict=True))
        found = [pages[key] for key in reponse.rangs if key in pages]
    return [str(pk) for pk in select(fonds, choix, found).pks]


def lignes(agent: "Agent", keys: list[str]) -> dict[str, Trouve]:
    """One query beside those of the reader."""
    pages = RessourcePage.objects.visible_to(agent).filter(pk__in=map(int, keys))
    pages = pages.select_related("type", "collectivite").defer_streamfields()
    return {str(one.pk): Trouve(one.title, one.adresse, f"{one.type.nom}, {one.collectivite.nom}") for one in pages}
