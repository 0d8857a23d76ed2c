"""French names of places and people inside a sentence, in a list, in an avatar."""

import re
import unicodedata
from pathlib import Path

from extranet.lib.pliage import fold

_ARTICLE = re.compile(r"(?:l[ea]s? |l['’])", re.IGNORECASE)
_PARTICLE = re.compile(r"(?:d[eu]s? |d['’]|l[ae]s? )+(?=\w)")


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


def initiales(prenom: str, nom: str) -> str:
    """« JT » for Jean-Marc Thévenin, « ÉM » for Élodie Maillot; a particle does not count (« AC » for Anne de Cour)."""
    return "".join(_first_letter(part) for part in (prenom, _PARTICLE.sub("", nom, count=1))) or "?"


def _first_letter(text: str) -> str:
    return next((letter.upper() for letter in unicodedata.normalize("NFC", text) if letter.isalpha()), "")
