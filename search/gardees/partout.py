"""The search of the whole extranet, as a list whose searches may be kept.

An alert waits for what holds all the words: another spelling, or most of the words, is what a page offers to somebody
who looks at it.
"""

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse

from extranet.lib.apports import DemandeLue, Gardable, Trouve
from search.chercher import Reponse, chercher
from search.choix import Choix
from search.engines.base import MoteurInjoignable
from search.enums import Tri
from search.gardees.listes import canonical
from search.genres import all_genres, genre_of
from search.lecteur import Lecteur
from search.models import SearchEntry
from search.presentation import kinds_of

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite

CLE = "recherche"
# All of them: what an alert does not see is told of one day as new.
TOUT = 100_000


def gardable() -> Gardable:
    return Gardable(
        CLE, "Recherche", "accueil", "search", reverse("search:recherche"), lire, cles, lignes, lieux=("commune",)
    )


def lire(params: QueryDict, agent: "Agent", place: "Collectivite | None") -> DemandeLue:
    choix = Choix.of(params)
    pairs = parse_qsl(urlsplit(replace(choix, tri=Choix.tri).url()).query)
    known = all_genres()
    tab = [next((one.titre for one in known.values() if one.onglet == choix.onglet), choix.onglet)]
    values = [value for _, values in choix.filtres for value in values]
    mots = [choix.q, *(tab if choix.onglet else []), *values]
    return DemandeLue(canonical(pairs), tuple(filter(None, mots)))


def cles(params: QueryDict, agent: "Agent", place: "Collectivite | None") -> list[str]:
    choix = Choix.of(params)
    filtres = dict(choix.kept)
    if choix.onglet:
        filtres["kind"] = kinds_of(choix.onglet, all_genres())
    found = all_that_holds(choix.q, Lecteur.of(agent), filtres=filtres)
    rows = SearchEntry.objects.filter(pk__in=found.rangs).order_by().values_list("pk", "kind", "objet")
    named = {pk: f"{kind}:{objet}" for pk, kind, objet in rows}
    return [named[pk] for pk in found.rangs if pk in named]


def all_that_holds(text: str, lecteur: Lecteur, **options: object) -> Reponse:
    """What holds all the words, the newest first. Raises MoteurInjoignable rather than a simpler answer, which finds
    other things.
    """
    found = chercher(text, lecteur, tri=Tri.DATE, exact=True, limite=TOUT, **options)
    if found.simplifiee:
        raise MoteurInjoignable("La recherche répond de façon simplifiée.")
    return found


def lignes(agent: "Agent", keys: list[str]) -> dict[str, Trouve]:
    """One query."""
    ids, asked, known = defaultdict(list), Q(pk__in=[]), all_genres()
    for key in keys:
        kind, _, objet = key.rpartition(":")
        ids[kind].append(int(objet))
    for kind, objets in ids.items():
        asked |= Q(kind=kind, objet__in=objets)
    rows = SearchEntry.objects.visible_to(agent).filter(asked).order_by()
    return {
        f"{kind}:{objet}": Trouve(titre, url, ", ".join(filter(None, [genre_of(kind, known).titre, commune])))
        for kind, objet, titre, url, commune in rows.values_list("kind", "objet", "titre", "url", "commune")
    }
