"""Who a filled document says it is of: the collectivité, and no longer whoever wrote the model."""

from lxml import etree

from ressources.remplir.formats import DOCX, ODT, Modele

_DC = "{http://purl.org/dc/elements/1.1/}"
_CP = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}"
_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_PARTIES = {DOCX: "docProps/core.xml", ODT: "meta.xml"}
# What the model's own properties say of it alone.
_PERDUES = (f"{_DC}description", f"{_DC}subject", f"{_CP}keywords", f"{_CP}category", f"{_META}keyword")


def sign(modele: Modele, titre: str, auteur: str) -> None:
    """Title and author of the document, where its format keeps them; a file without properties stays without."""
    nom = _PARTIES[modele.format]
    if nom not in modele.paquet.parts:
        return
    root = modele.paquet.xml(nom)
    held = root if modele.format == DOCX else root.find(f"{_OFFICE}meta")
    if held is None:
        return
    for tag in _PERDUES:
        for element in held.findall(tag):
            held.remove(element)
    authors = (f"{_DC}creator", f"{_CP}lastModifiedBy" if modele.format == DOCX else f"{_META}initial-creator")
    for tag, words in ((f"{_DC}title", titre), *((tag, auteur) for tag in authors)):
        element = held.find(tag)
        (etree.SubElement(held, tag) if element is None else element).text = words
