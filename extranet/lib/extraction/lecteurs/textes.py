"""Plain texts, tables in text, RTF and HTML."""

import csv
import io
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from contextlib import suppress
from html.parser import HTMLParser
from pathlib import Path

from extranet.lib.extraction.lecteurs.commun import Plein, Texte, answer_text
from extranet.lib.extraction.lecteurs.rtf import text_of_rtf

_MAX_BYTES = 4 * 1024 * 1024
_MAX_RTF = 64 * 1024 * 1024
_HIDDEN = {"script", "style", "template", "noscript", "svg"}
_BLOCKS = {"p", "div", "li", "tr", "br", "h1", "h2", "h3", "h4", "h5", "h6", "table", "section", "article", "ul", "ol"}
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.I)
_CUT = "Le fichier est très long\u00a0: seul le début de son texte est cherchable."


def main(path: str, extension: str, seconds: str) -> None:
    limit = _MAX_RTF if extension == "rtf" else _MAX_BYTES
    with Path(path).open("rb") as stream:
        content = stream.read(limit + 1)
    motif = _CUT if len(content) > limit else ""
    texte, titles = Texte(float(seconds)), []
    try:
        _read(content[:limit], extension, texte, titles, cut=bool(motif))
    except Plein as full:
        motif = str(full)
    answer_text(texte, titles=titles, motif=motif)


def _read(content: bytes, extension: str, texte: Texte, titles: list[str], *, cut: bool) -> None:
    if extension == "rtf":
        text_of_rtf(content, texte, titles)
    elif extension in ("html", "htm"):
        read_html(decoded(content, _CHARSET.search(content[:2_048]), cut=cut), texte, titles)
    elif extension == "csv":
        texte.add(_tabbed(decoded(content, cut=cut)))
    else:
        texte.add(decoded(content, cut=cut))


def decoded(content: bytes, charset: re.Match | None = None, *, cut: bool = False) -> str:
    """UTF-8 or UTF-16 with its mark, what the page says, UTF-8, else Windows-1252. `cut`: perhaps within a letter."""
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return content[: len(content) & ~1].decode("utf-16", "replace")
    for encoding in filter(None, ("utf-8-sig", charset and charset[1].decode())):
        with suppress(UnicodeDecodeError, LookupError):
            return getincrementaldecoder(encoding)().decode(content, not cut)
    return content.decode("cp1252", "replace")


def _tabbed(text: str) -> str:
    """The same table with tabs, whatever mark parted its cells; as it is when it is not a table after all."""
    first = text.lstrip().partition("\n")[0]
    separator = max(";\t,", key=first.count)
    if separator not in first:
        return text
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        return "\n".join("\t".join(" ".join(cell.split()) for cell in row) for row in rows)
    except csv.Error:
        return text


class _Page(HTMLParser):
    def __init__(self, texte: Texte) -> None:
        super().__init__(convert_charrefs=True)
        self.texte, self.hidden, self.titles, self.current = texte, 0, {}, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self.hidden += 1
        elif tag in _BLOCKS:
            self.texte.add("\n")
        if tag in ("title", "h1") and tag not in self.titles:
            self.current = tag

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self.hidden = max(0, self.hidden - 1)
        elif tag in ("td", "th"):
            self.texte.add("\t")
        elif tag in _BLOCKS:
            self.texte.add("\n")
        if tag == self.current:
            self.current = ""

    def handle_data(self, data: str) -> None:
        if self.hidden:
            return
        if self.current:
            self.titles[self.current] = self.titles.get(self.current, "") + data
        if self.current != "title":
            self.texte.add(re.sub(r"\s+", " ", data))


def read_html(text: str, texte: Texte, titles: list[str]) -> None:
    page = _Page(texte)
    try:
        page.feed(text)
        page.close()
    finally:
        titles += [page.titles[tag] for tag in ("h1", "title") if tag in page.titles]
