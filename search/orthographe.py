"""Corrections of a query, kept to what its reader may find."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, product

from django.db.models import Sum

from search.analyse.corrections import proches
from search.analyse.mots import racine, replace_words
from search.analyse.requete import Requete, lire
from search.engines.base import Demande, Moteur
from search.models import SearchTerm
from search.synonymes import in_force

# How many spellings of a whole query are tried.
ESSAIS = 4


def corrections(requete: Requete, engine: Moteur, demande: Demande) -> Iterator[Requete]:
    """Other spellings of the query that give something to this reader, the likeliest first.

    Nothing is proposed that only hidden entries hold: each spelling is counted for the audiences of `demande`.
    """
    words = [one.mots[0] for one in requete.demandees if len(one.mots) == 1]
    others = {word: near for word in words if (near := proches(word, _held(word), _terms))}
    written = _as_written([term for near in others.values() for term in near])
    for chosen in islice(product(*others.values()) if others else (), ESSAIS):
        swaps = {word: written[term] for word, term in zip(others, chosen, strict=True)}
        other = lire(replace_words(requete.texte, swaps), in_force())
        if other.cle != requete.cle and engine.count(replace(demande, groupes=other.groupes), 1):
            yield other


def _held(word: str) -> int:
    return SearchTerm.objects.filter(racine=racine(word)).aggregate(n=Sum("entrees"))["n"] or 0


def _terms(first: str, least: int, most: int) -> dict[str, int]:
    near = SearchTerm.objects.filter(premiere=first, longueur__range=(least, most))
    return dict(near.values_list("terme", "entrees"))


def _as_written(terms: list[str]) -> dict[str, str]:
    """With their accents, as entries write them."""
    known = SearchTerm.objects.filter(terme__in=terms).values_list("terme", "forme")
    return {term: forme or term for term, forme in known} if terms else {}
