"""Other spellings of a word that the index does not know, or knows little."""

from collections.abc import Callable, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

# A word that this many entries hold is spelt as they spell it.
CONNU = 20
NOMBRE = 3
# For a first letter, a least and a greatest length: words and the number of entries that hold them.
Lire = Callable[[str, int, int], Mapping[str, int]]


def proches(word: str, own: int, lire: Lire) -> list[str]:
    """At most three other spellings, the likeliest first: one letter away (two from six letters), much more frequent.

    `own` is the number of entries that hold the word in any of its forms.

    The first letter is taken as right: it nearly always is, and it keeps the reading short.
    """
    if own >= CONNU or len(word) < 4 or any(c.isdigit() for c in word):
        return []
    away = 1 if len(word) < 6 else 2
    known = lire(word[0], len(word) - away, len(word) + away)
    floor = max(2, 5 * own) if own else 0
    likely = [term for term, n in known.items() if n > floor and term != word]
    found = process.extract(word, likely, scorer=OSA.distance, score_cutoff=away, limit=40)
    # A second letter costs more than the first; between equals, the more frequent word.
    weighed = sorted((far * (1 if far < 2 else 1.5) - min(1, known[term] / 2000), term) for term, far, _ in found)
    return [term for _, term in weighed[:NOMBRE]]
