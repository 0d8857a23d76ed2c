"""The words of the demo: the fiches of `ressources/data`, and the models of `ressources/demo/data`.

Both are parts of plain text in the syntax of the fiches: an empty line parts two paragraphs, items begin with « - »,
two spaces more for each level, rows of a table with « | ». In the title of a part of a model, « {2} » says that it
came with the second version, « {-3} » that it left with the third.
"""

import gzip
import json
import re
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from extranet.lib.typographie import space

ICI = Path(__file__).parent
FICHES = ICI.parent / "data" / "fiches.jsonl.gz"
MODELES = ICI / "data"

# Telephone numbers and addresses of real services: nobody real is reached from the demo.
_CONTACT = re.compile(r"\b0\d(?:[ .]?\d\d){4}\b|\w@\w")
_SPACES = re.compile("[\u00a0\u202f]")
_MARK = re.compile(r"\s*\{(-?\d)\}$")
_ITEM = re.compile(r"(\s*)(?:-|\d+\.) (.*)")


@dataclass(frozen=True)
class Bloc:
    """A paragraph, the items of a list with their levels, or the rows of a table, its headings first."""

    genre: str  # texte, liste, tableau
    texte: str = ""
    items: tuple[tuple[int, str], ...] = ()
    lignes: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Partie:
    titre: str
    texte: str
    depuis: int = 1
    jusque: int = 99

    @property
    def blocs(self) -> list[Bloc]:
        return [bloc for piece in self.texte.split("\n\n") if piece.strip() for bloc in _blocs(piece)]


@dataclass(frozen=True)
class Texte:
    """A document as it is written on its pages, whatever the file."""

    titre: str
    auteur: str
    avertissement: str
    credit: str
    parties: tuple[Partie, ...]
    surtitre: str = ""

    def at(self, numero: int) -> "Texte":
        """As that version has it."""
        kept = tuple(partie for partie in self.parties if partie.depuis <= numero <= partie.jusque)
        return replace(self, parties=tuple(Partie(partie.titre, partie.texte) for partie in kept))


@dataclass(frozen=True)
class Fiche:
    """One of service-public.fr."""

    id: str
    titre: str
    theme: str
    type: str
    publie_le: str
    url: str
    resume: str
    parties: tuple[Partie, ...]


@dataclass(frozen=True)
class Modele:
    """One of ours: its head, its parts with the versions they are of."""

    cle: str
    entete: dict[str, str] = field(hash=False)
    parties: tuple[Partie, ...]

    def mots(self, nom: str) -> list[str]:
        return self.entete.get(nom, "").split()

    def nombre(self, nom: str) -> int | None:
        return int(self.entete[nom]) if nom in self.entete else None


@cache
def fiches() -> tuple[Fiche, ...]:
    """In the order of the file, those without a real number or address."""
    with gzip.open(FICHES, "rt", encoding="utf-8") as lines:
        read = map(_fiche, map(json.loads, lines))
        return tuple(fiche for fiche in read if not _reaches_somebody(fiche))


def _reaches_somebody(fiche: Fiche) -> bool:
    words = "\n".join([fiche.resume, *(partie.texte for partie in fiche.parties)])
    return bool(_CONTACT.search(_SPACES.sub(" ", words)))


def _fiche(given: dict) -> Fiche:
    parts = tuple(Partie(one["titre"], one["texte"]) for one in given.pop("sections"))
    return Fiche(parties=parts, **{name: given[name] for name in Fiche.__annotations__ if name != "parties"})


@cache
def modeles() -> tuple[Modele, ...]:
    return tuple(_modele(path) for path in sorted(MODELES.glob("*.txt")))


def _modele(path: Path) -> Modele:
    head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    pairs = (line.partition(":") for line in head.splitlines())
    parts = [_partie(*part.partition("\n")[::2]) for part in re.split(r"^## ", body, flags=re.M) if part.strip()]
    return Modele(path.stem, {key.strip(): space(value.strip()) for key, _, value in pairs}, tuple(parts))


def _partie(titre: str, texte: str) -> Partie:
    mark = _MARK.search(titre)
    number = int(mark[1]) if mark else 1
    depuis, jusque = (1, -number - 1) if number < 0 else (number, 99)
    return Partie(space(_MARK.sub("", titre)), space(texte.strip()), depuis, jusque)


def _blocs(piece: str) -> list[Bloc]:
    """A piece is a paragraph, a list, a table, or a paragraph and the list that it announces."""
    lines = piece.split("\n")
    if lines[0].startswith("|"):
        rows = tuple(tuple(cell.strip() for cell in line[1:].split("|")) for line in lines)
        return [Bloc("tableau", lignes=rows)]
    found: list[Bloc] = []
    items: list[tuple[int, str]] = []
    for line in lines:
        item = _ITEM.match(line)
        if item:
            items.append((len(item[1]) // 2, item[2]))
        elif items:
            items[-1] = (items[-1][0], f"{items[-1][1]} {line.strip()}")
        elif line.strip():
            found.append(Bloc("texte", texte=line.strip()))
    return [*found, Bloc("liste", items=tuple(items))] if items else found


def tableaux(parties: tuple[Partie, ...]) -> list[tuple[str, list[list[str]]]]:
    """The tables of a text, with their titles: those of our models, and rows of fiches, told one an item.

    « - Janvier : Jours ouvrés : 22 ; Jours fériés : 1 » is the row of « Janvier », under these two headings.
    """
    found = []
    for partie in parties:
        for bloc in partie.blocs:
            if bloc.genre == "tableau":
                found.append((partie.titre, [list(row) for row in bloc.lignes]))
            elif bloc.genre == "liste" and (rows := _rows(bloc)):
                found.append((partie.titre, rows))
    return found


def _rows(bloc: Bloc) -> list[list[str]]:
    """Four rows at least that all have the same headings; else it is a list of sentences."""
    read = []
    for _, text in bloc.items:
        cells = [re.split("[\u00a0 ]: ", cell) for cell in re.split("[\u00a0\u202f ]; ", text)]
        if len(cells[0]) != 3 or any(len(cell) != 2 for cell in cells[1:]):
            return []
        first, *begin = cells[0]
        read.append((first, [begin, *cells[1:]]))
    headings = [[name for name, _ in cells] for _, cells in read]
    if len(read) < 4 or any(one != headings[0] for one in headings):
        return []
    return [["", *headings[0]], *([first, *(value for _, value in cells)] for first, cells in read)]
