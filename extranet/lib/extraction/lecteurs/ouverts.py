"""Documents of LibreOffice: texts, sheets and slides have one grammar (OpenDocument 1.3)."""

from extranet.lib.extraction.lecteurs.balises import Archive, Lecteur
from extranet.lib.extraction.lecteurs.commun import Texte

_SKIPPED = {"tracked-changes", "annotation", "forms", "note-citation"}
_PARAGRAPHS = {"p", "h"}
_MAX_GAP = 30


class Contenu(Lecteur):
    def __init__(self, texte: Texte, titles: list[str], extension: str) -> None:
        self.texte, self.titles, self.extension = texte, titles, extension
        self.skipped = self.depth = self.cells = self.pages = self.gap = 0
        self.repeated = 1
        self.heading: list[str] | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self.skipped or tag in _SKIPPED:
            self.skipped += 1
        elif tag in _PARAGRAPHS:
            self.depth += 1
            if tag == "h" and len(self.titles) < 2:
                self.heading = []
        elif tag == "table-cell":
            self._start_cell(attributes)
        elif tag == "page" or (tag == "table" and self.extension == "ods"):
            self._start_page(attributes.get("name", "") if tag == "table" else "")
        elif tag == "soft-page-break":
            self.texte.page()
        else:
            self._mark(tag, attributes)

    def end(self, tag: str) -> None:
        if self.skipped:
            self.skipped -= 1
        elif tag in _PARAGRAPHS:
            self._end_paragraph()
        elif tag == "table-cell":
            self.cells -= 1
            self.gap += self.repeated
        elif tag == "table-row":
            self.texte.add("\n")
            self.gap = 0

    def text(self, data: str) -> None:
        if self.depth and not self.skipped:
            self._add(data.replace("\n", " "))

    def _mark(self, tag: str, attributes: dict[str, str]) -> None:
        if not self.depth:
            return
        if tag == "tab":
            self._add("\t")
        elif tag == "line-break":
            self._add("\n")
        elif tag == "s":
            self._add(" ")

    def _start_page(self, name: str) -> None:
        self.texte.page()
        self.pages += 1
        if name:
            self.texte.add(f"{name}\n")

    def _start_cell(self, attributes: dict[str, str]) -> None:
        """An empty cell may stand for the sixteen thousand that end the row: only those followed by a text count."""
        self.cells += 1
        repeated = attributes.get("number-columns-repeated", "1")
        self.repeated = int(repeated) if repeated.isdecimal() and len(repeated) < 6 else 1

    def _add(self, text: str) -> None:
        if self.gap:
            self.texte.add("\t" * min(self.gap, _MAX_GAP))
            self.gap = 0
        self.texte.add(text)
        if self.heading is not None:
            self.heading.append(text)

    def _end_paragraph(self) -> None:
        self.depth -= 1
        self.texte.add(" " if self.cells else "\n")
        if self.heading is not None and "".join(self.heading).strip():
            self.titles.append("".join(self.heading))
        self.heading = None


def read_open(archive: Archive, extension: str, texte: Texte, titles: list[str]) -> int:
    """The number of sheets or slides; 0 for a text, whose pages nobody counted."""
    contenu = Contenu(texte, titles, extension)
    archive.parse("content.xml", contenu)
    return contenu.pages
