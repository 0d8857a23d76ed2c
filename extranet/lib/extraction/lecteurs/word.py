"""Paragraphs of DOCX and PPTX: two grammars whose names for text, paragraphs, cells and breaks are the same."""

import posixpath
import re

from extranet.lib.extraction.lecteurs.balises import Archive, Lecteur, Relations
from extranet.lib.extraction.lecteurs.commun import Texte

# Said twice (Fallback), struck out, moved away, or not words at all.
_SKIPPED = {"Fallback", "del", "moveFrom", "instrText", "delText", "tabs", "rPh"}
_HEADING = re.compile(r"(?:title|titre|heading1|titre1)$", re.I)
_BREAKS = {"tab": "\t", "cr": "\n", "noBreakHyphen": "-"}


class Paragraphes(Lecteur):
    """`titles` receives the first paragraph that has the style, or on a slide the place, of a title."""

    def __init__(self, texte: Texte, titles: list[str]) -> None:
        self.texte, self.titles = texte, titles
        self.skipped = self.cells = 0
        self.in_text = self.is_title = False
        self.paragraph: list[str] = []
        self.broken = True

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self.skipped or tag in _SKIPPED:
            self.skipped += 1
        elif tag == "t":
            self.in_text = True
        elif tag in _BREAKS:
            self._add(_BREAKS[tag])
        elif tag == "lastRenderedPageBreak" or (tag == "br" and attributes.get("type") == "page"):
            self._break()
        elif tag == "br":
            self._add("\n")
        elif tag == "tc":
            self.cells += 1
        elif tag == "pStyle":
            self.is_title = bool(_HEADING.match(attributes.get("val", "")))
        elif tag == "ph" and attributes.get("type") in ("title", "ctrTitle"):
            self.is_title = True

    def end(self, tag: str) -> None:
        if self.skipped:
            self.skipped -= 1
        elif tag == "t":
            self.in_text = False
        elif tag == "p":
            self._end_paragraph()
        elif tag == "tc":
            self.cells -= 1
            self.texte.add("\t")
        elif tag == "tr":
            self.texte.add("\n")
        elif tag == "sp":
            self.is_title = False

    def text(self, data: str) -> None:
        if self.in_text and not self.skipped:
            self._add(data)

    def _add(self, text: str) -> None:
        self.broken = self.broken and not text.strip()
        self.texte.add(text)
        if self.is_title:
            self.paragraph.append(text)

    def _break(self) -> None:
        """Word notes the break that was asked for, then the one it drew: they are the same."""
        if not self.broken:
            self.texte.page()
        self.broken = True

    def _end_paragraph(self) -> None:
        self.texte.add(" " if self.cells else "\n")
        if self.is_title and "".join(self.paragraph).strip():
            self.titles.append("".join(self.paragraph))
            self.is_title = False
        self.paragraph.clear()


def read_docx(archive: Archive, extension: str, texte: Texte, titles: list[str]) -> int:
    """The body, then the notes. Pages are those that Word last drew: 0 when it drew none."""
    archive.parse("word/document.xml", Paragraphes(texte, titles))
    for part in ("word/footnotes.xml", "word/endnotes.xml"):
        archive.parse(part, Paragraphes(texte, []))
    return 0


def read_pptx(archive: Archive, extension: str, texte: Texte, titles: list[str]) -> int:
    slides = parts_in_order(archive, "ppt", "presentation.xml", "sldId")
    for _, part in slides:
        texte.page()
        archive.parse(part, Paragraphes(texte, titles))
    return len(slides)


def parts_in_order(archive: Archive, folder: str, part: str, tag: str) -> list[tuple[str, str]]:
    """Names and parts of the sheets or slides, in the order of who wrote them."""
    # Two attributes end by « id » once their namespaces are gone: only the relation begins by a letter.
    listed = Relations(tag, "name", "id")
    archive.parse(f"{folder}/{part}", listed)
    links = Relations("Relationship", "Id", "Target")
    archive.parse(f"{folder}/_rels/{part}.rels", links)
    targets = {key: posixpath.normpath(posixpath.join("/", folder, target))[1:] for key, target in links.rows}
    return [(name, targets[key]) for name, key in listed.rows if key in targets]
