"""What a word processor fetches elsewhere by itself when it opens a file, and the addresses of links.

A model goes to every commune: opening it must not tell anyone that it is open, nor ask for what only one person has.
A link stays, since nothing is fetched before somebody follows it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from ressources.remplir.formats import DOCX, HREF, Modele
from ressources.remplir.paragraphes import ACCOLADES, BALISE

LIEN = "un champ ne se remplit pas dans l’adresse d’un lien\u00a0: écrivez-le dans le texte, et retirez le lien."
ATTACHE = (
    "modèle attaché",
    "le traitement de texte irait le chercher ailleurs en ouvrant le document. Détachez-le, puis enregistrez.",
)
IMAGE = (
    "image liée",
    "elle est liée au lieu d’être insérée, et serait cherchée ailleurs à chaque ouverture\u00a0: insérez-la.",
)
AUTRE = (
    "élément lié",
    "le traitement de texte irait le chercher ailleurs en ouvrant le document. Insérez-le, ou retirez-le.",
)
_IMAGES = frozenset({"image", "background-image", "fill-image", "list-level-style-image"})
_SUIVIS = frozenset({"hyperlink", "a", "area-rectangle", "area-circle", "area-polygon", "form", "button"})
_MODELES = frozenset({"attachedTemplate", "template"})
# Somewhere else than inside the file.
_DEHORS = re.compile(r"(?!data:)[a-z][a-z0-9+.-]*:|[\\/]|\.\.[\\/]", re.I)
# The disk of whoever opens it, where the template of somebody else is looked for in vain: Word writes it everywhere.
_DISQUE = re.compile(r"(?:file:///)?[a-z]:[\\/%]|(?:file:///|/)?[^/\\:%][^:]*$", re.I)
_CODE = re.compile(r"^\s*(?:INCLUDE|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|DDE|DDEAUTO|RD|DATABASE)\b.*", re.I | re.M)
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VML = "{urn:schemas-microsoft-com:vml}"
_DDE = (
    "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}dde-source",
    "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}dde-connection-decl",
)


@dataclass(frozen=True)
class Liaison:
    """An address, or what fetches one; `genre`: what it is of, in the words of its format."""

    cible: str
    genre: str
    dehors: bool

    @property
    def is_fetched(self) -> bool:
        """The word processor goes there without being asked."""
        if self.genre in _MODELES:
            return self.dehors and not _DISQUE.match(self.cible)
        return self.dehors and self.genre not in _SUIVIS

    @property
    def balise(self) -> str:
        """The braces in it, as they are or as an address writes them; empty when there is none."""
        found = BALISE.search(unquote(self.cible)) or ACCOLADES.search(self.cible)
        return found[0] if found else ""

    @property
    def mots(self) -> tuple[str, str]:
        """What it is, and what to do about it."""
        if self.genre in _MODELES:
            return ATTACHE
        return IMAGE if self.genre in _IMAGES else AUTRE


def links(modele: Modele) -> Iterator[Liaison]:
    """Every one of a file, wherever it stands."""
    for nom, content in modele.paquet.parts.items():
        if modele.format != DOCX:
            if nom.endswith(".xml") and _holds(content, b"href", b"dde-"):
                yield from _of_open(modele, nom)
        elif nom.endswith(".rels"):
            yield from _of_relations(modele, nom)
        elif nom.endswith(".xml") and _holds(content, b"instr", b"office:vml", b"microsoft-com:vml"):
            yield from _of_word(modele, nom)


def _holds(content: bytes, *marks: bytes) -> bool:
    """One of them, or an encoding in which it would not show."""
    return any(mark in content for mark in (*marks, b"\x00"))


def _of_relations(modele: Modele, nom: str) -> Iterator[Liaison]:
    for one in modele.paquet.xml(nom).iter("{*}Relationship"):
        outside = one.get("TargetMode", "").casefold() == "external"
        yield Liaison(one.get("Target", ""), one.get("Type", "").rpartition("/")[2], outside)


def _of_word(modele: Modele, nom: str) -> Iterator[Liaison]:
    """The code of its fields, whose words Word may cut, and the pictures of its old drawings."""
    root = modele.paquet.xml(nom)
    code = "".join(
        (one.text or "") if one.tag == f"{_W}instrText" else f"\n{one.get(f'{_W}instr', '')}\n"
        for one in root.iter(f"{_W}instrText", f"{_W}fldChar", f"{_W}fldSimple")
    )
    yield from (Liaison(" ".join(found[0].split()), "code", True) for found in _CODE.finditer(code))
    for one in root.iter(f"{_VML}*"):
        if cible := one.get("src"):
            yield Liaison(cible, "image", bool(_DEHORS.match(cible)))


def _of_open(modele: Modele, nom: str) -> Iterator[Liaison]:
    root = modele.paquet.xml(nom)
    for one in root.xpath("//*[@xlink:href]", namespaces={"xlink": HREF[1:].partition("}")[0]}):
        cible = one.get(HREF).strip()
        yield Liaison(cible, one.tag.rpartition("}")[2], bool(_DEHORS.match(cible)))
    yield from (Liaison(one.tag.rpartition("}")[2], "dde", True) for one in root.iter(*_DDE))
