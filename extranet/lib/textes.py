"""Texts written as plain files, read into the blocks of a page's body (`extranet/lib/blocs.py`).

    titre: Questions fréquentes       the head: « key: value » until the first empty line

    ## Entrer                         title of a part, ### of a sub-part
    A paragraph, **strong**, with [a link](/aide/). Lines are joined; an empty line parts two paragraphs.
    - an item of a list
    1. Do this                        a step: how is on the lines indented by four spaces
    ? A question                      its answer likewise
    ! A box                           its text likewise; !! warns
    > A quotation — its author
    |Caption of a table               then its headings, then its rows
    |Day|Hours

French spaces and apostrophes are put in (`extranet/lib/typographie.py`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from django.utils.html import escape

from extranet.lib.typographie import space

Bloc = tuple[str, object]

_SIGN = re.compile(r"(\#{2,3}|\?|!{1,2}|>|\d+\.|\|)\s*(.*)")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_STRONG = re.compile(r"\*\*(.+?)\*\*")
INDENT = "    "


@dataclass
class Texte:
    """A file once read: what its head says, and the blocks of its body."""

    entete: dict[str, str]
    corps: list[Bloc]


@dataclass
class _Part:
    sign: str
    first: str
    lines: list[str] = field(default_factory=list)


def read(path: Path) -> Texte:
    return parse(path.read_text(encoding="utf-8"))


def parse(text: str) -> Texte:
    head, _, body = text.partition("\n\n")
    pairs = (line.partition(":") for line in head.splitlines())
    return Texte({key.strip(): space(value.strip()) for key, _, value in pairs}, list(_blocks(body)))


def _parts(body: str) -> Iterator[_Part]:
    part = None
    for line in body.splitlines():
        sign = _SIGN.fullmatch(line)
        if part and (line.startswith(INDENT) or not line.strip()):
            part.lines.append(line.removeprefix(INDENT).strip())
        elif sign:
            if part:
                yield part
            part = _Part("1." if sign[1][0].isdigit() else sign[1], space(sign[2].strip()))
        elif part and not part.sign:
            part.lines.append(line.strip())
        elif line.strip():
            if part:
                yield part
            part = _Part("", "", [line.strip()])
    if part:
        yield part


def _blocks(body: str) -> Iterator[Bloc]:
    for sign, group in groupby(_parts(body), key=lambda part: part.sign):
        parts = list(group)
        if sign == "1.":
            yield "etapes", [{"titre": part.first, "texte": rich(part.lines)} for part in parts]
        elif sign == "|":
            yield "tableau", _table([part.first for part in parts])
        else:
            yield from (_block(part) for part in parts)


def _block(part: _Part) -> Bloc:
    if part.sign.startswith("#"):
        return "titre", {"texte": part.first, "niveau": str(len(part.sign))}
    if part.sign == "?":
        return "question", {"question": part.first, "reponse": rich(part.lines)}
    if part.sign.startswith("!"):
        ton = "wait" if part.sign == "!!" else "info"
        return "encadre", {"ton": ton, "titre": part.first, "texte": rich(part.lines)}
    if part.sign == ">":
        quotation, _, author = part.first.partition(" — ")
        return "citation", {"texte": quotation, "auteur": author}
    return "texte", rich(part.lines)


def _table(rows: list[str]) -> dict:
    caption, headings, *cells = rows
    return {
        "caption": caption,
        "columns": [{"type": "texte", "heading": heading.strip()} for heading in headings.split("|")],
        "rows": [{"values": [cell.strip() for cell in row.split("|")]} for row in cells],
    }


def rich(lines: list[str]) -> str:
    """HTML of paragraphs and lists, as the editor of Wagtail would write it."""
    html: list[str] = []
    for filled, group in groupby(lines, key=bool):
        if filled:
            html += _paragraphs(list(group))
    return "".join(html)


def _paragraphs(lines: list[str]) -> Iterator[str]:
    """A run of lines: words to join, and items, each of which may go on over several lines."""
    text = "\n".join(lines)
    words, *items = re.split(r"(?:^|\n)- ", text)
    if words.strip():
        yield f"<p>{inline(words)}</p>"
    if items:
        yield "<ul>" + "".join(f"<li>{inline(item)}</li>" for item in items) + "</ul>"


def inline(text: str) -> str:
    html = escape(space(" ".join(text.split()))).replace("&#x27;", "’")
    return _STRONG.sub(r"<b>\1</b>", _LINK.sub(r'<a href="\2">\1</a>', html))
