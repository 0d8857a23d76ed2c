"""Other spellings of a word that the index does not know, or knows little."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.analyse.mots import EXCEPTIONS, SIGLES, VIDES, lines_of, racine

# A word that this many entries hold is spelt as they spell it; more than that many weigh no more.
CONNU, COMPTES = 20, 500
# Spellings kept; spellings near a word that are counted.
NOMBRE, VOISINS = 3, 60
# For a first letter, a least and a greatest length: the words of the index.
Lire = Callable[[str, int, int], Iterable[str]]


@cache
def _french() -> frozenset[str]:
    """Roots of words that are spelt as they should, in the index or not: « crèche » is no misspelt « cherche »."""
    return frozenset(racine(word) for line in lines_of("mots_francais.txt") for word in line.split())


def is_doubtful(word: str) -> bool:
    """Whether a word may have been misspelt: no sigle, no number, no word of the language."""
    if len(word) < 4 or word in VIDES or word in SIGLES or word in EXCEPTIONS or any(c.isdigit() for c in word):
        return False
    return racine(word) not in _french()


def voisins(word: str, lire: Lire) -> dict[str, int]:
    """The words of the index one letter away (two from six letters), with how far they are, the nearest first.

    The first letter is taken as right: it nearly always is, and it keeps the reading short. Words of grammar are no
    spelling of a word that means something.
    """
    away = 1 if len(word) < 6 else 2
    known = [term for term in lire(word[0], len(word) - away, len(word) + away) if term != word and term not in VIDES]
    found = process.extract(word, known, scorer=OSA.distance, score_cutoff=away, limit=None)
    nearest = sorted((far, term) for term, far, _ in found)[:VOISINS]
    return {term: far for far, term in nearest}


def likeliest(near: Mapping[str, int], own: int, counts: Mapping[str, int]) -> list[str]:
    """At most three of `voisins`, the likeliest first: much more frequent than the word itself.

    `own` and `counts` are numbers of entries that the reader may find, for the word and for each spelling.
    """
    if own >= CONNU:
        return []
    floor = max(2, 5 * own) if own else 0
    # A second letter costs more than the first; between equals, the more frequent word.
    weighed = sorted(
        (far * (1 if far < 2 else 1.5) - min(1, counts[term] / COMPTES), term)
        for term, far in near.items()
        if counts[term] > floor
    )
    return [term for _, term in weighed[:NOMBRE]]
