"""A DOCX or an ODT as a bag of parts: read within limits, parsed without entity, written back in the same order.

A model is short: past these limits a file is a document like another, that nobody fills.
"""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.core.files import File
from lxml import etree

from extranet.lib.uploads.archives import DAMAGED, ArchiveEnorme, opened

MO = 1024 * 1024
MAX_XML, MAX_LU, MAX_DEPLIE = 2 * MO, 10 * MO, 60 * MO
# Fifty pages of text have fewer elements; a model has some ten parts, and its pictures.
MAX_ELEMENTS, MAX_PARTS = 30_000, 300
# lxml reads those of an element in a time that grows as their square.
MAX_ATTRIBUTS = 200
MIMETYPE = "mimetype"
# What an archive says of its members: nothing of the hour at which it was made.
_JOUR = (2020, 1, 1, 0, 0, 0)
LOURD = "Ce fichier est trop lourd pour se remplir tout seul\u00a0: un modèle ne contient que du texte et un logo."
ABIME = "Ce fichier ne s’ouvre pas comme un modèle. Enregistrez-le de nouveau en DOCX ou en ODT, puis recommencez."


class ModeleIllisible(Exception):
    """Why a file cannot be a model, in words that may be shown."""


class Paquet:
    """The parts of an archive, in their order. `xml(name)` is parsed once; what was parsed is written back."""

    def __init__(self, parts: dict[str, bytes]) -> None:
        self.parts = parts
        self._arbres: dict[str, etree._Element] = {}
        self._reste, self._elements = MAX_XML, MAX_ELEMENTS

    @classmethod
    def lu(cls, content: File, *, entier: bool = True) -> "Paquet":
        """Without its pictures when it is only to be looked into. Raises ModeleIllisible: too heavy, damaged."""
        try:
            with opened(content) as archive:
                everything = archive.infolist()
                parts = [one for one in everything if entier or one.filename.endswith((".xml", ".rels"))]
                if (
                    len(everything) > MAX_PARTS
                    or _size(everything) > MAX_DEPLIE
                    or (not entier and _size(parts) > MAX_LU)
                ):
                    raise ModeleIllisible(LOURD)
                return cls({one.filename: archive.read(one) for one in parts})
        except (*DAMAGED, ArchiveEnorme) as error:
            raise ModeleIllisible(ABIME) from error

    @property
    def noms(self) -> list[str]:
        return list(self.parts)

    def xml(self, nom: str) -> etree._Element:
        """The root of a part. Raises ModeleIllisible past 2 MB of them in all or too many elements, and for what is no
        plain XML.
        """
        if nom not in self._arbres:
            content = self.parts[nom]
            self._reste -= len(content)
            if self._reste < 0:
                raise ModeleIllisible(LOURD)
            root = parsed(content)
            self._elements -= int(root.xpath("count(//*) + count(//comment()) + count(//processing-instruction())"))
            if self._elements < 0 or root.xpath(f"boolean(//*[count(@*) > {MAX_ATTRIBUTS}])"):
                raise ModeleIllisible(LOURD)
            self._arbres[nom] = root
        return self._arbres[nom]

    def octets(self) -> bytes:
        buffer = BytesIO()
        with ZipFile(buffer, "w") as archive:
            for nom, content in self.parts.items():
                entry = ZipInfo(nom, _JOUR)
                entry.compress_type = ZIP_STORED if nom == MIMETYPE else ZIP_DEFLATED
                arbre = self._arbres.get(nom)
                archive.writestr(entry, content if arbre is None else serialised(arbre))
        return buffer.getvalue()


def _size(entries: list[ZipInfo]) -> int:
    return sum(entry.file_size for entry in entries)


def parsed(content: bytes) -> etree._Element:
    """No entity is opened, nothing is fetched, nothing is deeper than 256 levels. Raises ModeleIllisible."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise ModeleIllisible(ABIME) from error
    if root.getroottree().docinfo.doctype:
        raise ModeleIllisible(ABIME)
    return root


def serialised(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
