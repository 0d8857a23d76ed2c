"""What changes between two texts, paragraph by paragraph, then word by word inside a paragraph that was altered."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from enum import StrEnum
from itertools import accumulate

from extranet.lib.feuillets import FEUILLET

# Past that, nobody reads a list of changes, and comparing costs the square.
MAX_PARAGRAPHS, SHOWN = 2_000, 60
# Steps of the comparison, of paragraphs then of the words of those that changed, whatever somebody wrote in them. Past
# it, paragraphs that changed are told removed, then added.
MAX_STEPS = 2_000_000
# Old paragraphs by new ones of a passage in which partners are looked for; past it they go by rank.
MAX_BLOCK = 900
# Two paragraphs less alike than that are one removed and one added.
ALIKE = 0.5
_BLANK = re.compile(r"\n\s*\n")


class Genre(StrEnum):
    MODIFIE = "modifié"
    AJOUTE = "ajouté"
    RETIRE = "retiré"


@dataclass(frozen=True)
class Morceau:
    """Words of a paragraph: kept ("" ), « retiré » or « ajouté »."""

    texte: str
    genre: str = ""


@dataclass(frozen=True)
class Passage:
    """A paragraph and what changed in it; `genre` is empty when nothing did.

    `page`, from 1, is that of the old text when it was removed; `sur`, the page of the new text where it is shown;
    `rang`, from 0, its rank in the new text.
    """

    genre: Genre | None
    page: int
    morceaux: tuple[Morceau, ...]
    sur: int
    rang: int | None = None


@dataclass(frozen=True)
class Changements:
    """`total` counts those that are not shown too; None: they are too long, or cost too much, to be
    compared.

    `texte` is the whole new text, the removed paragraphs where they stood.
    """

    passages: tuple[Passage, ...]
    total: int | None
    texte: tuple[Passage, ...]


Paragraphe = tuple[int, str]


class TropLong(Exception):
    """The comparison costs more than it was given."""


class Comparateur(SequenceMatcher):
    """Two sequences compared in `left` steps at most, else it raises TropLong: what is alike is looked for again on
    either side of each likeness, as often as a text is made to ask.
    """

    def __init__(self, old: list[str], new: list[str], left: int) -> None:
        super().__init__(None, old, new, autojunk=False)
        self.left = left
        # Before each old element, the steps that those before it cost: the places of the new one where each stands.
        self.costs = [0, *accumulate(len(self.b2j.get(one, ())) + 1 for one in old)]

    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Match:
        steps = self.costs[len(self.a) if ahi is None else ahi] - self.costs[alo]
        if steps > self.left:
            raise TropLong
        self.left -= steps
        return super().find_longest_match(alo, ahi, blo, bhi)


def compare(before: str, after: str) -> Changements:
    old, new = paragraphs(before), paragraphs(after)
    if max(len(old), len(new)) > MAX_PARAGRAPHS:
        return Changements((), None, unchanged(after))
    try:
        texte = tuple(_passages(old, new))
    except TropLong:
        return Changements((), None, unchanged(after))
    found = [one for one in texte if one.genre]
    return Changements(tuple(found[:SHOWN]), len(found), texte)


def unchanged(texte: str) -> tuple[Passage, ...]:
    """A text alone."""
    return tuple(_kept(rang, one) for rang, one in enumerate(paragraphs(texte)))


def paragraphs(texte: str) -> list[Paragraphe]:
    """Those of each page, with its number; lines, where the text has no blank line."""
    return [
        (number, " ".join(paragraph.split()))
        for number, page in enumerate(texte.split(FEUILLET), 1)
        for paragraph in (_BLANK.split(page) if _BLANK.search(page) else page.split("\n"))
        if paragraph.strip()
    ]


def _kept(rang: int, one: Paragraphe) -> Passage:
    return Passage(None, one[0], (Morceau(one[1]),), one[0], rang)


def _added(rang: int, one: Paragraphe) -> Passage:
    return Passage(Genre.AJOUTE, one[0], (Morceau(one[1], "ajouté"),), one[0], rang)


def _removed(one: Paragraphe, sur: int) -> Passage:
    return Passage(Genre.RETIRE, one[0], (Morceau(one[1], "retiré"),), sur)


def _passages(old: list[Paragraphe], new: list[Paragraphe]) -> Iterator[Passage]:
    matcher = Comparateur([text for _, text in old], [text for _, text in new], MAX_STEPS)
    opcodes = matcher.get_opcodes()
    sur, left = 1, matcher.left
    for tag, i1, i2, j1, j2 in opcodes:
        if tag == "equal":
            yield from (_kept(rang, new[rang]) for rang in range(j1, j2))
        else:
            for one, rang in _paired(old[i1:i2], new[j1:j2], j1):
                sur = new[rang][0] if rang is not None else sur
                if one is None:
                    yield _added(rang, new[rang])
                elif rang is None:
                    yield _removed(one, sur)
                else:
                    words, left = _words(one, new[rang], left)
                    yield from _altered(one, new[rang], rang, words)
        sur = new[j2 - 1][0] if j2 else sur


def _paired(old: list[Paragraphe], new: list[Paragraphe], first: int) -> Iterator[tuple[Paragraphe | None, int | None]]:
    """What was replaced beside what replaces it, by rank in the new text: those most alike, in the order of both."""
    if not old or not new or len(old) * len(new) > MAX_BLOCK:
        paired = min(len(old), len(new))
        yield from ((old[n], first + n) for n in range(paired))
        yield from ((one, None) for one in old[paired:])
        yield from ((None, first + n) for n in range(paired, len(new)))
        return
    n = 0
    for one, other in enumerate(_partners(old, new)):
        if other is not None:
            yield from ((None, first + before) for before in range(n, other))
            n = other + 1
        yield old[one], None if other is None else first + other
    yield from ((None, first + after) for after in range(n, len(new)))


def _partners(old: list[Paragraphe], new: list[Paragraphe]) -> list[int | None]:
    """For each old paragraph the new one that it became: the pairs whose likeness adds up to the most."""
    words = [Counter(text.split()) for _, text in new]
    likeness = [[_likeness(one, other) for other in words] for one in (Counter(text.split()) for _, text in old)]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            together = likeness[i][j] + best[i + 1][j + 1] if likeness[i][j] else 0.0
            best[i][j] = max(together, best[i + 1][j], best[i][j + 1])
    found: list[int | None] = [None] * len(old)
    i = j = 0
    while i < len(old) and j < len(new):
        if likeness[i][j] and best[i][j] == likeness[i][j] + best[i + 1][j + 1]:
            found[i] = j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """The words that both hold, whatever their order, against those of the two; 0 when that is too few."""
    found = 2 * (one & other).total() / ((one.total() + other.total()) or 1)
    return found if found >= ALIKE else 0.0


def _words(one: Paragraphe, other: Paragraphe, left: int) -> tuple[Comparateur | None, int]:
    """The words of both, compared, and the steps that are left; None when they are not alike, or cost too much."""
    if not _likeness(Counter(one[1].split()), Counter(other[1].split())):
        return None, left
    words = Comparateur(one[1].split(), other[1].split(), left)
    try:
        words.get_matching_blocks()
    except TropLong:
        return None, words.left
    return words, words.left


def _altered(one: Paragraphe, other: Paragraphe, rang: int, words: Comparateur | None) -> Iterator[Passage]:
    if words is None or words.ratio() < ALIKE:
        yield _removed(one, other[0])
        yield _added(rang, other)
        return
    yield Passage(Genre.MODIFIE, other[0], tuple(_pieces(words)), other[0], rang)


def _pieces(words: Comparateur) -> list[Morceau]:
    """Both texts, letter for letter: one space between two words, in the piece that both have when there is one."""
    pieces: list[Morceau] = []
    opcodes, spaced = words.get_opcodes(), True
    for rank, (tag, i1, i2, j1, j2) in enumerate(opcodes):
        old, new = " ".join(words.a[i1:i2]), " ".join(words.b[j1:j2])
        if tag == "equal":
            pieces.append(Morceau(old if spaced else f" {old}"))
            spaced = False
            continue
        alone, last = not (old and new), rank == len(opcodes) - 1
        before = " " if alone and last and rank else ""
        after = " " if alone and not last else ""
        if rank and not before:
            pieces[-1] = Morceau(f"{pieces[-1].texte} ")
        pieces += [Morceau(f"{before}{old}{after}", "retiré")] if old else []
        pieces += [Morceau(f"{before}{new}{after}", "ajouté")] if new else []
        spaced = bool(after)
    return pieces
