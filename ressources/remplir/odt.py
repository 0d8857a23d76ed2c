"""Filling an ODT: values are written in its paragraphs as text, so that nothing in them nor in it is ever run."""

from lxml import etree

from ressources.remplir.formats import Modele, lines_of
from ressources.remplir.paragraphes import SAUT, Morceau

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def fill(modele: Modele, valeurs: dict[str, str]) -> bytes:
    """`valeurs`: by name as it is written in the model; styles, tables and numbers stay as they are. Raises
    ModeleIllisible when it would be enormous.
    """
    modele.weigh(valeurs)
    for paragraphe in modele.paragraphes:
        for piece, others in paragraphe.write(lambda name: SAUT.join(lines_of(valeurs[name]))):
            _broken(piece, others)
    return modele.paquet.octets()


def _broken(piece: Morceau, others: list[str]) -> None:
    """A line of the value, a line of the paragraph. Text follows its mark once all the marks stand."""
    first, last = piece.texte, piece.element
    marks = [etree.Element(f"{_TEXT}line-break") for _ in others]
    if marks:
        piece.texte = ""
    for rank, mark in enumerate(marks):
        last.addnext(mark) if rank or piece.suite else last.insert(0, mark)
        last = mark
    for mark, line in zip(marks, others, strict=True):
        mark.tail = line
    piece.texte = first
