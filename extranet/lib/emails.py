"""Mails: composed from one template, HTML and plain text, and handed over to the server in two steps.

A mail is one template that extends `notifications/courriels/base.html`. Its subject is the `<title>`; its plain text is
drawn from the same HTML, so that both always say the same. No image, no outside address, no tracking.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.encoders import encode_base64
from email.mime.base import MIMEBase
from html.parser import HTMLParser

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.http import urlencode

BLOCKS = {"p", "h1", "h2", "h3", "table", "tr", "ul", "ol", "li", "div", "header", "main", "footer"}
VOID = {"br", "meta", "img", "hr", "link", "input"}
# What a mail program sends to stop a mail by itself.
UN_CLIC = "List-Unsubscribe=One-Click"
DEFAULTS = {"bouton": None, "lien": None, "raison": "", "preferences_url": ""}


@dataclass(frozen=True)
class Rendu:
    """A mail ready to be written down."""

    sujet: str
    texte: str
    html: str


@dataclass(frozen=True)
class Piece:
    """A file that a mail carries. `genre` may say more than its kind: « text/calendar; method=REQUEST »."""

    nom: str
    genre: str
    contenu: bytes


def render(gabarit: str, contexte: dict) -> Rendu:
    """The mail that `gabarit` makes of `contexte`; addresses that begin by « / » become whole.

    `bouton` and `lien` of the context are `extranet.lib.apports.Lien`; `raison` says why the reader gets the mail.
    """
    html = render_to_string(gabarit, {**DEFAULTS, **contexte, "site_url": settings.SITE_URL})
    html = re.sub(r'href="/(?!/)', f'href="{settings.SITE_URL}/', html)
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return Rendu(sujet=_collapse(reader.title), texte=reader.text(), html=html)


def masked(address: str | None) -> str:
    """« p…@commune.fr »: which mailbox it is, without the means to write to it; empty for none."""
    name, _, domain = (address or "").rpartition("@")
    return f"{name[:1]}…@{domain}" if name else ""


def build(
    rendu: Rendu,
    adresse: str,
    *,
    message_id: str,
    reply_to: str = "",
    preferences_url: str = "",
    un_clic: bool = False,
    pieces: Iterable[Piece] = (),
) -> EmailMultiAlternatives:
    """The message as it leaves; what one may stop receiving says where, at `preferences_url` (RFC 2369). `un_clic`: a
    mail program may stop it there by itself, by a POST without a session (RFC 8058).
    """
    headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    if preferences_url:
        ways = [f"<{settings.SITE_URL}{preferences_url}>"]
        if reply_to:
            ways.append(f"<mailto:{reply_to}?{urlencode({'subject': 'Ne plus recevoir de courriels'})}>")
        headers["List-Unsubscribe"] = ", ".join(ways)
        if un_clic:
            headers["List-Unsubscribe-Post"] = UN_CLIC
    message = EmailMultiAlternatives(
        rendu.sujet, rendu.texte, to=[adresse], headers=headers, reply_to=[reply_to] if reply_to else None
    )
    message.attach_alternative(rendu.html, "text/html")
    for piece in pieces:
        message.attach(_part(piece))
    return message


def _part(piece: Piece) -> MIMEBase:
    """Whole kinds with their parameters, which Django would drop: a calendar needs its `method`."""
    kind, _, rest = piece.genre.partition(";")
    main, _, sub = kind.strip().partition("/")
    part = MIMEBase(main, sub)
    for word in filter(None, (one.strip() for one in rest.split(";"))):
        name, _, value = word.partition("=")
        part.set_param(name, value)
    part.set_payload(piece.contenu)
    encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename=piece.nom)
    return part


def _collapse(text: str) -> str:
    """Runs of ordinary white space become one space; a space that does not break stays."""
    return re.sub(r"[ \t\r\n\f]+", " ", text).strip(" ")


class _Reader(HTMLParser):
    """Reads our own templates: what is `aria-hidden` or `data-texte="non"` is for the eye only."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self.paragraphs: list[str] = []
        self.line = ""
        self.open: list[str] = []
        self.hidden = 0
        self.links: list[tuple[str, int, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in VOID:
            if tag == "br" and not self.hidden:
                self.line = self.line.rstrip(" ") + "\n"
            return
        self.open.append(tag)
        if self.hidden or tag == "style" or given.get("aria-hidden") == "true" or given.get("data-texte") == "non":
            self.hidden += 1
            return
        if tag in BLOCKS:
            self._end_paragraph()
        if tag == "li":
            self.line = "- "
        if tag == "a":
            self.links.append((given.get("href") or "", len(self.line), given.get("data-texte") == "ligne"))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID or not self.open:
            return
        self.open.pop()
        if self.hidden:
            self.hidden -= 1
            return
        if tag == "a" and self.links:
            self._end_link(*self.links.pop())
        if tag in BLOCKS:
            self._end_paragraph()

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "title":
            self.title += data
        elif not self.hidden and "body" in self.open:
            data = re.sub(r"[ \t\r\n\f]+", " ", data)
            self.line += data.lstrip(" ") if not self.line or self.line[-1] in " \n" else data

    def text(self) -> str:
        self._end_paragraph()
        lines: list[str] = []
        for paragraph in self.paragraphs:
            # The items of a list stay together; all else has a blank line before.
            if lines and not (paragraph.startswith("- ") and lines[-1].startswith("- ")):
                lines.append("")
            lines.append(paragraph)
        return "\n".join(lines) + "\n"

    def _end_link(self, href: str, start: int, alone: bool) -> None:
        words = self.line[start:].strip(" ")
        if alone:
            self.line = f"{self.line[:start]}{words}\u00a0:\n{href}"
        elif href and href not in {words, f"mailto:{words}"} and not href.startswith("tel:"):
            self.line = f"{self.line} ({href})"

    def _end_paragraph(self) -> None:
        if self.line.strip(" \n"):
            self.paragraphs.append(self.line.strip(" \n"))
        self.line = ""
