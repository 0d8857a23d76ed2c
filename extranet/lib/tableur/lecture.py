"""Files that town halls send, CSV or XLSX, read line by line.

What cannot be read at all is one TableurRefuse; what is wrong in a line is an Erreur with the number of that line.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import IO, Any

from extranet.lib.francais import milliers
from extranet.lib.pliage import fold
from extranet.lib.tableur.sources import TableurRefuse, is_filled, rows_of, text_of
from extranet.lib.typographie import NBSP, Montrable

MAX_LINES = 20_000
MAX_BYTES = 10 * 1024 * 1024
_FORMULA = re.compile(r"[=@\t\r]|[+-](?![\d\s().,/]*$)")


class CelluleRefusee(Montrable, ValueError):
    """What a cell holds cannot be read; the text may be shown."""


@dataclass(frozen=True)
class Colonne:
    """A column we look for, by its title or one of `autres`, whatever their case, accents and spaces.

    `lire` turns a cell into a value and raises ValueError with a sentence that may be shown. It gets a text, or a date
    when the cell of the workbook is one; it is not called for an empty cell, which is None.
    """

    cle: str
    titre: str
    obligatoire: bool = False
    autres: tuple[str, ...] = ()
    lire: Callable[[Any], Any] | None = None


@dataclass(frozen=True)
class Ligne:
    """`numero` is the one that the spreadsheet shows in its margin."""

    numero: int
    valeurs: dict[str, Any]


@dataclass(frozen=True)
class Erreur:
    numero: int
    colonne: str
    phrase: str

    def __str__(self) -> str:
        return f"Ligne {self.numero}{NBSP}: {self.phrase}"


@dataclass
class Lecture:
    """What was read: the good lines, the errors of the others, and how the file was understood.

    `fautives` hold what could be read of the lines that have an error.
    """

    source: str
    ignorees: list[str]
    lignes: list[Ligne] = field(default_factory=list)
    erreurs: list[Erreur] = field(default_factory=list)
    fautives: list[Ligne] = field(default_factory=list)

    @property
    def total(self) -> int:
        return len(self.lignes) + len({erreur.numero for erreur in self.erreurs})


def read_rows(
    fichier: IO[bytes], *, colonnes: Sequence[Colonne], max_lines: int = MAX_LINES, max_bytes: int = MAX_BYTES
) -> Lecture:
    """Read a CSV (UTF-8 or Windows-1252, parted by « ; », « , » or tabs) or the first sheet of an XLSX.

    The first line that is not empty names the columns; those we do not know are ignored and named in `ignorees`. No
    formula is computed: a cell that begins like one is an error. Raises TableurRefuse.
    """
    content = fichier.read(max_bytes + 1)
    if len(content) > max_bytes:
        raise TableurRefuse(f"Ce fichier dépasse {max_bytes // 1024**2} Mo. Coupez-le en plusieurs fichiers.")
    source, rows = rows_of(content, set().union(*map(_accepted, colonnes)))
    return _read(source, rows, colonnes, max_lines)


def _read(source: str, rows: Iterator[Sequence[Any]], colonnes: Sequence[Colonne], max_lines: int) -> Lecture:
    numbered = ((number, cells) for number, cells in enumerate(rows, 1) if any(map(is_filled, cells)))
    _, titles = next(numbered, (0, None))
    if titles is None:
        raise TableurRefuse("Ce fichier est vide.")
    places, ignorees = _places(titles, colonnes)
    lecture = Lecture(source, ignorees)
    for count, (number, cells) in enumerate(numbered, 1):
        if count > max_lines:
            raise TableurRefuse(
                f"Ce fichier compte plus de {milliers(max_lines)} lignes. Coupez-le en plusieurs fichiers."
            )
        valeurs, erreurs = _values(number, cells, places)
        if erreurs:
            lecture.erreurs += erreurs
            lecture.fautives.append(Ligne(number, valeurs))
        else:
            lecture.lignes.append(Ligne(number, valeurs))
    if not lecture.total:
        raise TableurRefuse("Ce fichier ne contient que les titres des colonnes.")
    return lecture


def _places(titles: Sequence[Any], colonnes: Sequence[Colonne]) -> tuple[list[tuple[Colonne, int | None]], list[str]]:
    """Where each column stands (None when it is missing and may be), and the titles that we ignore."""
    written = [text_of(title) for title in titles]
    folded = [fold(title) for title in written]
    places, used = [], set()
    for colonne in colonnes:
        found = [place for place, title in enumerate(folded) if title in _accepted(colonne)]
        if len(found) > 1:
            raise TableurRefuse(f"La colonne « {colonne.titre} » figure {len(found)} fois. Gardez-en une seule.")
        places.append((colonne, found[0] if found else None))
        used.update(found)
    missing = [f"« {colonne.titre} »" for colonne, place in places if place is None and colonne.obligatoire]
    if missing:
        given = ", ".join(f"« {title} »" for title in written if title)[:300]
        which = f"la colonne {missing[0]}" if len(missing) == 1 else f"les colonnes {', '.join(missing)}"
        raise TableurRefuse(f"Il manque {which}. La première ligne du fichier donne : {given}.")
    return places, [title for place, title in enumerate(written) if title and place not in used]


def _accepted(colonne: Colonne) -> set[str]:
    return {fold(title) for title in (colonne.titre, colonne.cle, *colonne.autres)}


def _values(
    number: int, cells: Sequence[Any], places: list[tuple[Colonne, int | None]]
) -> tuple[dict[str, Any], list[Erreur]]:
    valeurs, erreurs = {}, []
    for colonne, place in places:
        cell = cells[place] if place is not None and place < len(cells) else None
        try:
            valeurs[colonne.cle] = _value(cell, colonne)
        except ValueError as error:
            erreurs.append(Erreur(number, colonne.titre, str(error)))
    return valeurs, erreurs


def _value(cell: Any, colonne: Colonne) -> Any:
    if not is_filled(cell):
        if colonne.obligatoire:
            raise CelluleRefusee(f"La cellule « {colonne.titre} » est vide. Remplissez-la, ou retirez la ligne.")
        return None
    if isinstance(cell, str) and _FORMULA.match(cell):
        sign = cell[0] if cell[0].isprintable() else "un caractère invisible"
        raise CelluleRefusee(
            f"La cellule « {colonne.titre} » commence par « {sign} ». Écrivez sa valeur sans signe devant."
        )
    value = cell.date() if isinstance(cell, datetime) else cell
    if not isinstance(value, date) or colonne.lire is None:
        value = text_of(value)
    return colonne.lire(value) if colonne.lire else value


def parse_date(value: str | date) -> date:
    """« 28/02/2026 », « 28-2-2026 », « 2026-02-28 »; raises ValueError with a sentence."""
    if isinstance(value, date):
        return value
    parts = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", value) or re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", value)
    try:
        first, month, last = map(int, parts.groups())
        return date(first, month, last) if first > 31 else date(last, month, first)
    except (AttributeError, ValueError):
        raise CelluleRefusee(f"« {value} » n’est pas une date, écrivez par exemple « 28/02/2026 ».") from None
