"""French names of places and people: written down plain, then inside a sentence, in a list, in an avatar."""

import re
import unicodedata
from pathlib import Path

from extranet.lib.pliage import fold

_ARTICLE = re.compile(r"(?:l[ea]s? |l['’])", re.IGNORECASE)
_PARTICLES = {"de", "du", "des", "la", "le", "les"}
_ELIDED = re.compile(r"d['’](?=\w)")
_CAPITAL_ARTICLES = {"La", "Le", "Les"}


def plain(text: str) -> str:
    """A name as it is kept: one line of visible characters, composed (NFC), one ordinary space between words.

    Line feeds, tabulations and separators of lines or paragraphs (Cc, Zl, Zp) count as spaces; other control characters
    (Cc) and all invisible marks (Cf: direction of reading, joiners, soft hyphen, byte order) are taken away, as what is
    no character. A French name needs none of them, while one U+202E writes « Durand » backwards and one line feed would
    forge a mail's header.
    """
    visible = "".join(_plain_character(character) for character in text)
    return " ".join(unicodedata.normalize("NFC", visible).split())


def _plain_character(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Zl", "Zp"} or (category == "Cc" and character.isspace()):
        return " "
    return "" if category in {"Cc", "Cf", "Cs"} or _is_no_character(ord(character)) else character


def _is_no_character(code: int) -> bool:
    """Codes that Unicode gives to no character, ever: no XML may hold U+FFFE."""
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def place_sort_key(nom: str) -> str:
    """A place among others, its article put aside: « Le Deschaux » stands between Damparis and Dole."""
    return fold(_ARTICLE.sub("", nom, count=1) if _ARTICLE.match(nom) else nom)


_DATA = Path(__file__).resolve().parent / "data" / "h_aspire.txt"
# No rule of spelling tells an aspirated h: these are the communes that INSEE writes « de H… » (code TNCC 0).
_H_ASPIRE = {fold(line) for line in _DATA.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")}


def de_nom(nom: str, article: str = "") -> str:
    """« de Foucherans », « d’Authume », « du Deschaux », « des Arsures », « de La Rixouse », « de L’Étoile ».

    The article of an official name contracts (le, les) or stays as it is written (La, L’), as in INSEE's code officiel
    géographique. `article` (le, la, l, les) is for a name used with one that is not part of it: « du Grand Dole ».
    """
    nom = nom.replace("'", "’")
    if article:
        return {"le": "du ", "la": "de la ", "l": "de l’", "les": "des "}[article] + nom
    for written, contracted in (("Le ", "du "), ("Les ", "des "), ("Aux ", "des ")):
        if nom.startswith(written):
            return contracted + nom.removeprefix(written)
    return f"d’{nom}" if _elides(nom) else f"de {nom}"


def a_nom(nom: str, article: str = "") -> str:
    """« à Foucherans », « au Deschaux », « aux Arsures », « à La Rixouse », « au Grand Dole » (see `de_nom`)."""
    nom = nom.replace("'", "’")
    if article:
        return {"le": "au ", "la": "à la ", "l": "à l’", "les": "aux "}[article] + nom
    for written, contracted in (("Le ", "au "), ("Les ", "aux "), ("Aux ", "aux ")):
        if nom.startswith(written):
            return contracted + nom.removeprefix(written)
    return f"à {nom}"


def _elides(nom: str) -> bool:
    first = fold(nom)[:1]
    return first in set("aeiouy") or (first == "h" and fold(nom) not in _H_ASPIRE)


def initiales(nom_complet: str | None) -> str:
    """« JT » for Jean-Marc Thévenin, « ÉM » for Élodie Maillot, « AO » for Anne d’Ornano; « ? » for nobody.

    A particle in small letters does not count; an article with a capital begins the name (« YL » for Yann Le Goff,
    « AL » for Anne de La Tour).
    """
    words = [_ELIDED.sub("", word) for word in plain(str(nom_complet or "")).split() if word not in _PARTICLES]
    words = [word for word in words if any(letter.isalpha() for letter in word)]
    if not words:
        return "?"
    first, *others = words
    while len(others) > 1 and others[-2] in _CAPITAL_ARTICLES:
        others.pop()
    return "".join(_first_letter(word) for word in (first, *others[-1:]))


def _first_letter(word: str) -> str:
    return next(letter.upper() for letter in word if letter.isalpha())
