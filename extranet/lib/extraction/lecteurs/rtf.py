"""The text of an RTF (version 1.9.1), group after group."""

import re

from extranet.lib.extraction.lecteurs.commun import Texte

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
_NOT_READ = (
    "fonttbl colortbl stylesheet info pict object header footer headerl headerr headerf footerl footerr footerf "
    "listtable listoverridetable revtbl rsidtbl generator themedata datastore latentstyles xmlnstbl fldinst filetbl "
    "colorschememapping mmathPr userprops annotation atnid atnauthor bkmkstart bkmkend template operator author"
)
_DESTINATIONS = frozenset(_NOT_READ.split())
_WORDS = {
    "par": "\n",
    "line": "\n",
    "sect": "\n",
    "row": "\n",
    "tab": "\t",
    "cell": "\t",
    "page": "\f",
    "emdash": "—",
    "endash": "–",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "bullet": "•",
    "emspace": " ",
    "enspace": " ",
}
_SYMBOLS = {b"~": "\u00a0", b"_": "-", b"{": "{", b"}": "}", b"\\": "\\", b"\n": "\n", b"\r": "\n"}
_MAX_DEPTH = 1_000
_PAGES = {437, 850, 1250, 1251, 1252, 1253, 1254, 1257, 10000}


class _Etat:
    """What a group inherits and gives back: whether it is read, and how many letters stand for a `\\u`."""

    def __init__(self) -> None:
        self.hidden, self.title, self.skip = False, False, 1
        self.stack: list[tuple[bool, bool, int]] = []
        self.pending, self.codec = 0, "cp1252"
        self.star = False

    def open(self) -> None:
        if len(self.stack) < _MAX_DEPTH:
            self.stack.append((self.hidden, self.title, self.skip))

    def close(self) -> None:
        if self.stack:
            self.hidden, self.title, self.skip = self.stack.pop()
        self.pending = 0


def text_of_rtf(content: bytes, texte: Texte, titles: list[str]) -> None:
    etat, title, high = _Etat(), [], ""
    for token in _TOKEN.finditer(content):
        word, number, code, symbol, brace, plain = token.groups()
        if brace:
            etat.open() if brace == b"{" else etat.close()
            continue
        text = _text(etat, word, number, code, symbol, plain)
        # A letter out of the first plane comes in two halves.
        if text and "\ud800" <= text <= "\udbff":
            high = text
            continue
        if high and text:
            text, high = (high + text).encode("utf-16", "surrogatepass").decode("utf-16", "replace"), ""
        if text and etat.title:
            title.append(text)
        elif text and not etat.hidden:
            texte.add(text)
    titles.append("".join(title))


def _text(
    etat: _Etat, word: bytes | None, number: bytes | None, code: bytes | None, symbol: bytes | None, plain: bytes | None
) -> str:
    if word:
        return _control(etat, word.decode(), int(number) if number else None)
    if symbol:
        etat.star = symbol == b"*"
        return _SYMBOLS.get(symbol, "")
    if code:
        if etat.pending:
            etat.pending -= 1
            return ""
        return bytes([int(code, 16)]).decode(etat.codec, "replace")
    kept = (plain or b"")[etat.pending :]
    etat.pending = max(0, etat.pending - len(plain or b""))
    return kept.decode(etat.codec, "replace")


def _control(etat: _Etat, word: str, number: int | None) -> str:
    star, etat.star = etat.star, False
    if word == "title":
        etat.title = True
    elif word in _DESTINATIONS or (star and word not in ("shptxt", "nonshppict")):
        etat.hidden = True
    elif word == "uc" and number is not None:
        etat.skip = min(max(number, 0), 10)
    elif word == "ansicpg" and number in _PAGES:
        etat.codec = "mac_roman" if number == 10000 else f"cp{number}"
    elif word == "u" and number is not None:
        etat.pending = etat.skip
        return chr(number % 65_536)
    elif word == "bin" and number:
        etat.pending = max(number, 0)
    return _WORDS.get(word, "")
