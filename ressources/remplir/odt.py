"""Filling an ODT: values are written in its paragraphs as text, so that nothing in them nor in it is ever run."""

from lxml import etree

from ressources.remplir.formats import Modele
from ressources.remplir.paragraphes import BALISE, Morceau, Paragraphe

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def fill(modele: Modele, valeurs: dict[str, str]) -> bytes:
    """`valeurs`: by name as it is written in the model; styles, tables and numbers stay as they are. Raises
    ModeleIllisible when it would be enormous.
    """
    modele.weigh(valeurs)
    for paragraphe in modele.paragraphes:
        _filled(paragraphe, valeurs)
    return modele.paquet.octets()


def _filled(paragraphe: Paragraphe, valeurs: dict[str, str]) -> None:
    """From the last to the first: those before keep their place."""
    for found in reversed(list(BALISE.finditer(paragraphe.texte))):
        ecrit = found[1].strip()
        piece = paragraphe.put(found.start(), found.end(), valeurs[ecrit])
        if piece is not None and "\n" in valeurs[ecrit]:
            _broken(piece)


def _broken(piece: Morceau) -> None:
    """A line of the value, a line of the paragraph."""
    first, *others = piece.texte.split("\n")
    piece.texte = first
    element = piece.element
    parent, at = (element.getparent(), element.getparent().index(element) + 1) if piece.suite else (element, 0)
    for rank, line in enumerate(others):
        mark = etree.Element(f"{_TEXT}line-break")
        mark.tail = line
        parent.insert(at + rank, mark)
