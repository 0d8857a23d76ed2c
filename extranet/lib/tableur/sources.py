"""The rows of a CSV or of an XLSX, whatever town halls' software made of them."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from csv import Error as CsvError
from csv import reader
from datetime import date, time
from io import BytesIO, StringIO
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from extranet.lib.pliage import fold
from extranet.lib.typographie import DRAWN, NBSP, Montrable

_MAX_UNPACKED = 200 * 1024 * 1024
_MAX_BLANK_LINES = 1_000

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# A workbook is XML in a zip, read as it comes: damage shows anywhere.
_DAMAGED = (
    *(BadZipFile, ZlibError, ParseError, InvalidFileException, EOFError, OSError, RuntimeError),
    *(AttributeError, IndexError, KeyError, TypeError, ValueError),
)
# Accents of the Mac or of DOS read as Windows-1252: no French word holds these between two letters.
_BROKEN_ACCENTS = re.compile(r"[A-Za-z][‘‚ƒ„†‡ˆ‰Š‹Ž“”•˜™›][a-z]")


class TableurRefuse(Montrable):
    """The file as a whole cannot be read; the text may be shown and says what to do."""


def rows_of(content: bytes, titles: set[str]) -> tuple[str, Iterator[Sequence[Any]]]:
    """How the file was understood, and its rows. `titles`, folded, tell which mark parts a CSV."""
    if not content.strip():
        raise TableurRefuse("Ce fichier est vide.")
    if content.startswith(_OLE):
        raise TableurRefuse(
            "Ce classeur est à l’ancien format .xls, ou protégé par un mot de passe. Enregistrez-le au format .xlsx ou "
            ".csv, sans mot de passe."
        )
    return _xlsx_rows(content) if content.startswith(_ZIP) else _csv_rows(content, titles)


def is_filled(cell: Any) -> bool:
    return cell is not None and text_of(cell) != ""


def text_of(cell: Any) -> str:
    """A cell as the spreadsheet shows it in French."""
    match cell:
        case None:
            return ""
        case bool():
            return "oui" if cell else "non"
        case float():
            return str(int(cell)) if cell.is_integer() else str(cell).replace(".", ",")
        case date():
            return f"{cell:%d/%m/%Y}"
        case time():
            return f"{cell:%H:%M}"
    return str(cell).replace("\u00a0", " ").replace("\u202f", " ").strip()


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except _DAMAGED as error:
        raise TableurRefuse(
            "Ce fichier n’est pas un classeur lisible. Ouvrez-le dans votre tableur et enregistrez-le au format .xlsx "
            "ou .csv."
        ) from error


def _xlsx_rows(content: bytes) -> tuple[str, Iterator[Sequence[Any]]]:
    with _readable():
        with ZipFile(BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _MAX_UNPACKED:
                raise TableurRefuse("Ce classeur est trop gros une fois ouvert. Gardez-en la seule feuille utile.")
        sheet = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False).worksheets[0]
        # Some writers announce a wrong size, which would cut the sheet.
        sheet.reset_dimensions()
    return f"feuille «{NBSP}{sheet.title}{NBSP}»", _sheet_rows(sheet)


def _sheet_rows(sheet: ReadOnlyWorksheet) -> Iterator[Sequence[Any]]:
    """A sheet formatted down to its last line has a million empty ones: a long run of them is the end."""
    rows, blank = sheet.iter_rows(values_only=True), 0
    while blank <= _MAX_BLANK_LINES:
        with _readable():
            cells = next(rows, None)
        if cells is None:
            return
        blank = 0 if any(map(is_filled, cells)) else blank + 1
        yield cells


def _csv_rows(content: bytes, titles: set[str]) -> tuple[str, Iterator[Sequence[str]]]:
    text, encoding = _decoded(content)
    # Excel's own hint, which it does not show among the lines.
    if hint := re.match(r"sep=(.)\r?\n", text, re.IGNORECASE):
        return f"CSV, {encoding}", _parted(text[hint.end() :], hint[1])
    separator = max(";,\t", key=lambda mark: _known_titles(text, mark, titles))
    return f"CSV, {encoding}", _parted(text, separator)


def _known_titles(text: str, separator: str, titles: set[str]) -> int:
    try:
        first = next((cells for cells in reader(StringIO(text, newline=""), delimiter=separator) if any(cells)), [])
    except CsvError:
        return 0
    return sum(fold(title) in titles for title in first)


def _parted(text: str, separator: str) -> Iterator[Sequence[str]]:
    rows, number = reader(StringIO(text, newline=""), delimiter=separator, strict=True), 0
    try:
        for cells in rows:
            number += 1
            yield cells
    except CsvError as error:
        raise TableurRefuse(
            f"La ligne {number + 1} a un guillemet qui n’est pas fermé, ou une cellule trop longue. Corrigez-la, ou "
            "envoyez le fichier au format .xlsx."
        ) from error


def _decoded(content: bytes) -> tuple[str, str]:
    refusal = TableurRefuse(
        "Les accents de ce fichier ne se lisent pas. Enregistrez-le au format « CSV UTF-8 » ou .xlsx, puis recommencez."
    )
    if b"\0" in content:
        raise TableurRefuse("Ce fichier n’est ni un CSV ni un classeur .xlsx. Enregistrez-le à l’un de ces formats.")
    for encoding in ("utf-8-sig", "cp1252"):
        with suppress(UnicodeDecodeError):
            text = content.decode(encoding)
            if _is_encoded_twice(text) or (encoding == "cp1252" and _BROKEN_ACCENTS.search(text)):
                raise refusal
            return text, "UTF-8" if encoding == "utf-8-sig" else "Windows-1252"
    raise refusal


def _is_encoded_twice(text: str) -> bool:
    """« MickaÃ«l »: letters of UTF-8 that were taken for bytes of Windows-1252, and give French again once put back."""
    if not re.search("[ÃÂÅ]|â€", text):
        return False
    try:
        again = text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return False
    return again != text and all(character.isascii() or DRAWN.match(character) for character in set(again))
