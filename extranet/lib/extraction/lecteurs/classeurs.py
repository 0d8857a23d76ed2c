"""The sheets of an XLSX: a line each row, tabs between cells, dates as people write them."""

import re
from datetime import datetime, timedelta

from extranet.lib.extraction.lecteurs.balises import Archive, Lecteur
from extranet.lib.extraction.lecteurs.commun import Texte
from extranet.lib.extraction.lecteurs.word import parts_in_order

_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 a cell has no time zone
_MAX_DAY = 2_958_465
_MAX_GAP = 30
# Numbers of the formats that every workbook has (ECMA-376, 18.8.30).
_DATES = {14, 15, 16, 17, 22, 27, 30, 36, 50, 57}
_DATE_CODE = re.compile(r"[dmyj]", re.I)
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_BOOLEANS = {"1": "oui", "0": "non"}


class Partages(Lecteur):
    """The texts that cells share."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.parts: list[str] = []
        self.in_text, self.phonetic = False, False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.in_text = tag == "t" and not self.phonetic
        self.phonetic = self.phonetic or tag == "rPh"

    def end(self, tag: str) -> None:
        self.in_text = False
        if tag == "rPh":
            self.phonetic = False
        elif tag == "si":
            self.texts.append("".join(self.parts))
            self.parts.clear()

    def text(self, data: str) -> None:
        if self.in_text:
            self.parts.append(data)


class Styles(Lecteur):
    """`dates`: the styles of cells that show a date."""

    def __init__(self) -> None:
        self.codes: set[int] = set(_DATES)
        self.dates: set[int] = set()
        self.count, self.in_cells = 0, False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "numFmt" and _DATE_CODE.search(_QUOTED.sub("", attributes.get("formatCode", ""))):
            self.codes.add(_number(attributes.get("numFmtId", "")))
        elif tag == "cellXfs":
            self.in_cells = True
        elif tag == "xf" and self.in_cells:
            if _number(attributes.get("numFmtId", "")) in self.codes:
                self.dates.add(self.count)
            self.count += 1

    def end(self, tag: str) -> None:
        if tag == "cellXfs":
            self.in_cells = False


class Feuille(Lecteur):
    def __init__(self, texte: Texte, shared: list[str], dates: set[int]) -> None:
        self.texte, self.shared, self.dates = texte, shared, dates
        self.kind, self.style, self.place, self.last = "", -1, 0, 0
        self.value: list[str] = []
        self.in_value = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "row":
            self.last = 0
        elif tag == "c":
            self.kind, self.style = attributes.get("t", "n"), _number(attributes.get("s", ""))
            self.place = _column(attributes.get("r", "")) or self.last + 1
            self.value.clear()
        elif tag in ("v", "t"):
            self.in_value = True

    def end(self, tag: str) -> None:
        if tag in ("v", "t"):
            self.in_value = False
        elif tag == "c" and (shown := self._shown("".join(self.value))):
            gap = self.place - self.last if self.last else 0
            self.texte.add("\t" * min(max(gap, 0), _MAX_GAP) + shown)
            self.last = self.place
        elif tag == "row" and self.last:
            self.texte.add("\n")

    def text(self, data: str) -> None:
        if self.in_value:
            self.value.append(data)

    def _shown(self, value: str) -> str:
        """Empty for an error, or a cell that only has a colour."""
        match self.kind:
            case "s":
                place = _number(value)
                return " ".join(self.shared[place].split()) if 0 <= place < len(self.shared) else ""
            case "b":
                return _BOOLEANS.get(value, "")
            case "e":
                return ""
            case "n":
                return _numeral(value, self.style in self.dates)
        return " ".join(value.split())


def read_xlsx(archive: Archive, extension: str, texte: Texte, titles: list[str]) -> int:
    shared, styles = Partages(), Styles()
    archive.parse("xl/styles.xml", styles)
    archive.parse("xl/sharedStrings.xml", shared)
    sheets = parts_in_order(archive, "xl", "workbook.xml", "sheet")
    for name, part in sheets:
        texte.page()
        texte.add(f"{name}\n")
        archive.parse(part, Feuille(texte, shared.texts, styles.dates))
    return len(sheets)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else -1


def _column(reference: str) -> int:
    """« AB12 » is in column 28; 0 when nothing is said."""
    place = 0
    for letter in reference[:3]:
        if not "A" <= letter <= "Z":
            break
        place = place * 26 + ord(letter) - 64
    return place


def _numeral(value: str, is_date: bool) -> str:
    try:
        number = float(value)
    except ValueError:
        return value.strip()
    if is_date and 0 < number <= _MAX_DAY:
        moment = _EPOCH + timedelta(days=number)
        return f"{moment:%d/%m/%Y}" if number.is_integer() else f"{moment:%d/%m/%Y %H:%M}"
    return f"{number:.15g}".replace(".", ",")
