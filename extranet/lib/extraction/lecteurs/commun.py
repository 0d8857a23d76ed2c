"""What every reader shares: the text as it grows, cut in time, and the answer on the output."""

import json
import re
import sys
import time
import unicodedata

from extranet.lib.extraction.lecture import COUPE

MAX_CHARACTERS = 1_000_000
MAX_TITLE = 150

_CONTROLS = re.compile("[\0-\x08\x0b\x0e-\x1f\x7f\ufdd0-\ufdef\ufffe\uffff]")
_SPACES = re.compile("[ \u00a0\u2000-\u200a\u202f]{2,}")
_MARGIN = re.compile(r"[ \t]*\n[ \t]*(?:\n\s*?(?=\n))?")
_PAGES = re.compile(r"[^\S\f]*\f[^\S\f]*")
_FILE_NAME = re.compile(r"\.(?:docx?|pdf|odt|ods|odp|rtf|xlsx?|pptx?|txt|indd|html?|qxp|pub)\b", re.I)
_NO_TITLE = re.compile(
    r"(?:microsoft|document|sans[ -]?titre|untitled|titre|présentation powerpoint|powerpoint|classeur|feuil|diapositive"
    r"|pr[eé]sentation|scan|numérisation|image|print|page|img|mod[eè]le)[\W\d_]*\w{0,12}$",
    re.I,
)
_LETTERS = re.compile(r"[^\W\d_]")
# « Page 3 », a date, an address, a telephone: what stands at the top of a letter and is not its title.
_HEADING_NOISE = re.compile(
    r"page\b|\d|www\.|https?:|tél|tel\b|t[ée]l[ée]phone|le \d|.*@|bonjour|madame|monsieur|(?:de|from|à|to|date)\s*:",
    re.I,
)


class Plein(Exception):
    """Enough was read: too many characters, or too long. The sentence says which."""


class Refus(Exception):
    """The file is not read at all; the sentence says why."""


class Texte:
    """The text so far. `add` raises Plein at a million characters, or when `seconds` are up."""

    def __init__(self, seconds: float) -> None:
        self.parts: list[str] = []
        self.size = 0
        self.deadline = time.monotonic() + seconds

    def add(self, text: str) -> None:
        left = MAX_CHARACTERS - self.size
        self.parts.append(text[:left])
        self.size += len(text)
        if len(text) > left:
            raise Plein("Le texte est très long\u00a0: seul son premier million de caractères est cherchable.")
        self.check()

    def check(self) -> None:
        if time.monotonic() > self.deadline:
            raise Plein(COUPE)

    def page(self) -> None:
        if self.size:
            self.add("\f")

    def clean(self) -> str:
        """In NFC, without what cannot be shown or stored; the tabs of tables and the empty pages are kept."""
        text = _CONTROLS.sub("", "".join(self.parts).replace("\r\n", "\n").replace("\r", "\n"))
        text = _MARGIN.sub("\n", _SPACES.sub(" ", unicodedata.normalize("NFC", text)))
        return _PAGES.sub("\f", re.sub(r"\n{3,}", "\n\n", text)).strip(" \n\t\u00a0")


def proposed(titles: list[str], text: str = "") -> str:
    """The first sensible title, else the first meaningful line; empty rather than a doubtful one."""
    for title in titles:
        title = " ".join(_CONTROLS.sub("", unicodedata.normalize("NFC", title)).split())
        if is_sensible(title):
            return shortened(title)
    # A line with tabs is a row of a table: its headings name no document.
    lines = [" ".join(line.split()) for line in re.split("[\n\f]", text[:5_000])[:40] if "\t" not in line.strip()]
    return shortened(next((line for line in lines if is_sensible(line) and not _HEADING_NOISE.match(line)), ""))


def is_sensible(title: str) -> bool:
    """Not the name of a file, nor what a software writes by itself."""
    if len(_LETTERS.findall(title)) < 5 or _FILE_NAME.search(title) or _NO_TITLE.match(title):
        return False
    return " " in title or "_" not in title


def shortened(title: str) -> str:
    if len(title) <= MAX_TITLE:
        return title
    return f"{title[: MAX_TITLE - 1].rpartition(' ')[0] or title[: MAX_TITLE - 1]}…"


def answer(**known: object) -> None:
    """One line of JSON; the reader keeps the last whole one."""
    line = json.dumps(known, ensure_ascii=False).encode("utf-8", "replace")
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()


def answer_text(texte: Texte, *, titles: list[str], pages: int = 0, motif: str = "") -> None:
    text = texte.clean()
    etat = "partiel" if motif else "ok" if text.strip("\f") else "vide"
    answer(etat=etat, texte=text, pages=pages, titre=proposed(titles, text), motif=motif)


def answer_value(value: int | str) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()
