"""The parts of a file, pages, sheets of a workbook or slides: what they are called, and how a text marks them.

A text that was read (`extraction`) has a form feed between its parts, whatever they are. In the text of an entry of the
search, which holds several files of any kind, the mark itself says what it parts, and each file ends by its own.
"""

from extranet.lib.francais import NBSP

FEUILLET, FICHIER = "\f", "\x1c"
PAGE, FEUILLE, DIAPOSITIVE = "page", "feuille", "diapositive"
_UNITES = {"xlsx": FEUILLE, "ods": FEUILLE, "pptx": DIAPOSITIVE, "odp": DIAPOSITIVE}
_MARQUES = {PAGE: FEUILLET, FEUILLE: "\x1d", DIAPOSITIVE: "\x1e"}
MARQUES = frozenset({FICHIER, *_MARQUES.values()})


def unite(extension: str) -> str:
    """What one part of such a file is called."""
    return _UNITES.get(extension.lower(), PAGE)


def feuillets(nombre: int, extension: str) -> str:
    """« 3 feuilles »."""
    return f"{nombre}{NBSP}{unite(extension)}{'s' if nombre > 1 else ''}"


def feuillet(numero: int, extension: str) -> str:
    """« feuille 3 »."""
    return f"{unite(extension)}{NBSP}{numero}"


def mark(texte: str, extension: str) -> str:
    """A text that was read, its parts marked for what they are."""
    return texte.replace(FEUILLET, _MARQUES[unite(extension)])


def place_of(texte: str, at: int) -> str:
    """« feuille 3 », in the file that holds the position `at` of a marked text; empty in a file of one part."""
    start, end = texte.rfind(FICHIER, 0, at) + 1, texte.find(FICHIER, at)
    for name, marque in _MARQUES.items():
        if texte.find(marque, start, len(texte) if end < 0 else end) >= 0:
            return f"{name}{NBSP}{texte.count(marque, start, at) + 1}"
    return ""


def bounds_of(texte: str, at: int) -> tuple[int, int]:
    """Where the part that holds this position begins and ends."""
    start = max(texte.rfind(marque, 0, at) for marque in MARQUES) + 1
    ends = [end for marque in MARQUES if (end := texte.find(marque, at)) >= 0]
    return start, min(ends, default=len(texte))
