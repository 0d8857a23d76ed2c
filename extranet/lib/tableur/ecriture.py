"""Exports: a sheet that opens well in a French spreadsheet, and whose cells never act as formulas."""

import re
from collections.abc import Iterable, Sequence
from csv import writer
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

PARIS = ZoneInfo("Europe/Paris")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_MAX_CELL = 32_767
# What no XML may hold: the list of openpyxl, and two codes that it forgets.
_FORBIDDEN = re.compile(f"{ILLEGAL_CHARACTERS_RE.pattern}|[\ud800-\udfff\ufffe\uffff]")
_FORMATS = {date: "DD/MM/YYYY", datetime: "DD/MM/YYYY HH:MM"}


def neutral(text: str) -> str:
    """A text that a spreadsheet will not take for a formula: an apostrophe goes before its sign (OWASP)."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def xlsx(titre: str, colonnes: Sequence[str], lignes: Iterable[Sequence[Any]]) -> bytes:
    """A workbook of one sheet: bold frozen titles, filters, widths fitted to the content, dates that sort as dates."""
    rows = [[_cell_value(value) for value in ligne] for ligne in lignes]
    workbook = Workbook(write_only=True)
    workbook.properties.title, workbook.properties.language = titre, "fr"
    sheet = workbook.create_sheet("".join(" " if mark in "[]:*?/\\" else mark for mark in titre)[:31] or "Feuille")
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(max(1, len(colonnes)))}{len(rows) + 1}"
    for place, title in enumerate(colonnes):
        lengths = [len(_shown(row[place])) for row in rows if place < len(row)]
        sheet.column_dimensions[get_column_letter(place + 1)].width = min(max([len(title), *lengths]) + 3, 60)
    header = [WriteOnlyCell(sheet, neutral(title)) for title in colonnes]
    for cell in header:
        cell.font, cell.alignment = Font(bold=True), Alignment(vertical="top", wrap_text=True)
    sheet.append(header)
    for row in rows:
        sheet.append([_dated(sheet, value) for value in row])
    buffer = BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def csv(colonnes: Sequence[str], lignes: Iterable[Sequence[Any]]) -> bytes:
    """« ; », UTF-8 with its mark and dates in words of Paris: what Excel in French opens with a double click."""
    buffer = StringIO()
    output = writer(buffer, delimiter=";", lineterminator="\r\n")
    output.writerow([neutral(title) for title in colonnes])
    output.writerows([_shown(_cell_value(value)) for value in ligne] for ligne in lignes)
    return buffer.getvalue().encode("utf-8-sig")


def _cell_value(value: Any) -> Any:
    """What a cell holds: a number, a date, or a text that is no formula. Times are those of Paris."""
    match value:
        case None:
            return ""
        case bool():
            return "oui" if value else "non"
        case datetime():
            return (value.astimezone(PARIS) if value.tzinfo else value).replace(tzinfo=None)
        case date() | int() | float() | Decimal():
            return value
        case list() | tuple() | set():
            return neutral(", ".join(map(str, value)))
    return neutral(_FORBIDDEN.sub("", str(value))[:_MAX_CELL])


def _shown(value: Any) -> str:
    match value:
        case datetime():
            return f"{value:%d/%m/%Y %H:%M}"
        case date():
            return f"{value:%d/%m/%Y}"
        case float() | Decimal():
            return str(value).replace(".", ",")
    return str(value)


def _dated(sheet: Any, value: Any) -> Any:
    if type(value) not in _FORMATS:
        return value
    cell = WriteOnlyCell(sheet, value)
    cell.number_format = _FORMATS[type(value)]
    return cell
