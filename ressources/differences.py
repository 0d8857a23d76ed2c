"""What changes between two texts, paragraph by paragraph, then word by word inside a paragraph that was altered."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from extranet.lib.feuillets import FEUILLET

# Past that, nobody reads a list of changes, and comparing costs the square.
MAX_PARAGRAPHS, SHOWN = 2_000, 60
# Two paragraphs less alike than that are one removed and one added.
ALIKE = 0.5
_BLANK = re.compile(r"\n\s*\n")
_WORDS = re.compile(r"\s+|[^\s]+")


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
    """One change, and the page it stands on, from 1; of the old text when it was removed."""

    genre: Genre
    page: int
    morceaux: tuple[Morceau, ...]


@dataclass(frozen=True)
class Changements:
    """`total` counts those that are not shown too; None: the texts are too long to be compared."""

    passages: tuple[Passage, ...]
    total: int | None


Paragraphe = tuple[int, str]


def compare(before: str, after: str) -> Changements:
    old, new = paragraphs(before), paragraphs(after)
    if max(len(old), len(new)) > MAX_PARAGRAPHS:
        return Changements((), None)
    found = list(_passages(old, new))
    return Changements(tuple(found[:SHOWN]), len(found))


def paragraphs(texte: str) -> list[Paragraphe]:
    """Those of each page, with its number; lines, where the text has no blank line."""
    return [
        (number, " ".join(paragraph.split()))
        for number, page in enumerate(texte.split(FEUILLET), 1)
        for paragraph in (_BLANK.split(page) if _BLANK.search(page) else page.split("\n"))
        if paragraph.strip()
    ]


def _passages(old: list[Paragraphe], new: list[Paragraphe]) -> Iterator[Passage]:
    matcher = SequenceMatcher(None, [text for _, text in old], [text for _, text in new], autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            continue
        gone, come = old[i1:i2], new[j1:j2]
        paired = min(len(gone), len(come))
        for one, other in zip(gone[:paired], come[:paired], strict=True):
            yield from _altered(one, other)
        yield from (Passage(Genre.RETIRE, page, (Morceau(text, "retiré"),)) for page, text in gone[paired:])
        yield from (Passage(Genre.AJOUTE, page, (Morceau(text, "ajouté"),)) for page, text in come[paired:])


def _altered(one: Paragraphe, other: Paragraphe) -> Iterator[Passage]:
    words = SequenceMatcher(None, _WORDS.findall(one[1]), _WORDS.findall(other[1]), autojunk=False)
    if words.ratio() < ALIKE:
        yield Passage(Genre.RETIRE, one[0], (Morceau(one[1], "retiré"),))
        yield Passage(Genre.AJOUTE, other[0], (Morceau(other[1], "ajouté"),))
        return
    pieces: list[Morceau] = []
    for tag, i1, i2, j1, j2 in words.get_opcodes():
        if tag == "equal":
            pieces.append(Morceau("".join(words.a[i1:i2])))
            continue
        pieces += [Morceau("".join(words.a[i1:i2]), "retiré")] if i2 > i1 else []
        pieces += [Morceau("".join(words.b[j1:j2]), "ajouté")] if j2 > j1 else []
    yield Passage(Genre.MODIFIE, other[0], tuple(pieces))
