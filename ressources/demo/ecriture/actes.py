"""The models that fill themselves in: a text of few marks, the look of an act of a mairie, as DOCX and as ODT.

^ line above the title       # title                      ~ line under it
## part                      § article, numbered          > visa, or address of a letter
| cell | cell                rows of a table              = signature | other signature
. small print                **strong** inside a line     anything else is a paragraph
"""

import re
from dataclasses import dataclass
from itertools import groupby

_MARKS = {"^": "surtitre", "#": "titre", "~": "soustitre", "##": "partie", "§": "article", ">": "visa"}
_MARKS |= {"|": "tableau", "=": "signature", ".": "petit"}
_LINE = re.compile(r"(\^|##?|~|§|>|\||=|\.) (.*)")
_STRONG = re.compile(r"\*\*(.+?)\*\*")
EN_TETE = ("Mairie {{ de_commune }}", "Département\u00a0: {{ departement }}")
PIED = "{{ adresse_complete }} – {{ telephone }} – {{ courriel }}"


@dataclass(frozen=True)
class Ligne:
    """One thing to write: its kind, its words; a table and signatures have rows of cells."""

    genre: str
    texte: str = ""
    lignes: tuple[tuple[str, ...], ...] = ()


def shares(rows: list[tuple[str, ...]]) -> list[int]:
    """Of the width, in hundredths: a first column of short names leaves its room to what they name."""
    count = len(rows[0])
    if count == 2 and all(len(row[0]) < 45 < max(len(one[1]) for one in rows) for row in rows):
        return [28, 72]
    return [100 // count] * count


def parse(texte: str) -> list[Ligne]:
    """Rows that follow one another are one table, signatures too."""
    read = [_read(line) for line in texte.split("\n") if line.strip()]
    found: list[Ligne] = []
    for genre, group in groupby(read, key=lambda one: one[0]):
        texts = [text for _, text in group]
        if genre in {"tableau", "signature"}:
            found.append(Ligne(genre, lignes=tuple(tuple(cell.strip() for cell in text.split("|")) for text in texts)))
        else:
            found += [Ligne(genre, text) for text in texts]
        if genre == "signature" and len(found) > 1 and found[-2].genre == "texte":
            # No signature stands alone on a page.
            found[-2] = Ligne("fait", found[-2].texte)
    return found


def _read(line: str) -> tuple[str, str]:
    marked = _LINE.match(line)
    return (_MARKS[marked[1]], marked[2].strip()) if marked else ("texte", line.strip())


def pieces(texte: str) -> list[tuple[str, bool]]:
    """The words in their order, the strong ones told apart."""
    return [(piece, bool(rank % 2)) for rank, piece in enumerate(_STRONG.split(texte)) if piece]


def lines_of(texte: str) -> list[str]:
    """What a reader finds in the body, a line each; a table’s cells as the site reads them."""
    found = []
    for one in parse(texte):
        rows = one.lignes or ((one.texte,),)
        found += ["\t".join(_STRONG.sub(r"\1", cell) for cell in row) for row in rows]
    return found
