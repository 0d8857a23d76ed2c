"""The two formats of models: which of their parts hold words, and what each calls its paragraphs."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from ressources.remplir.paquet import ABIME, ModeleIllisible, Paquet
from ressources.remplir.paragraphes import ACCOLADES, BALISE, CORPS, ENTETE, PIED, Grammaire, Paragraphe

DOCX, ODT = "docx", "odt"
# Of all the values once written.
MAX_SIGNES, MAX_LIGNES = 300_000, 3_000
HOSTILE = "Ce modèle demande autre chose que des champs de la liste\u00a0: il ne sera pas rempli."
LONG = "Le document rempli serait démesuré\u00a0: raccourcissez vos réponses, ou prenez le modèle vierge."
FORMATS = frozenset({DOCX, ODT})
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_OASIS = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
_OFFICE, _STYLE, _TABLE, _TEXT, _DRAW = (
    f"{{{_OASIS.format(name)}}}" for name in ("office", "style", "table", "text", "drawing")
)
# The address of a link, which is looked into with the others.
HREF = "{http://www.w3.org/1999/xlink}href"
_TITRE = re.compile(r"(?:title|titre|heading|sous-titre|subtitle)\d?$", re.I)
# What a part of XML cannot hold.
_INTERDITS = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Parts that may say something to their reader, and are not filled.
_AILLEURS = {DOCX: re.compile(r"\.xml$"), ODT: re.compile(r"(?:^|/)(?:content|styles|meta)\.xml$")}
_PARTIES = {
    re.compile(r"^word/document\d*\.xml$"): CORPS,
    re.compile(r"^word/header\d*\.xml$"): ENTETE,
    re.compile(r"^word/footer\d*\.xml$"): PIED,
    re.compile(r"^word/footnotes\d*\.xml$"): CORPS,
}


class _Word(Grammaire):
    def is_titre(self, element: etree._Element) -> bool:
        style = element.find(f"{_W}pPr/{_W}pStyle")
        return style is not None and bool(_TITRE.match(style.get(f"{_W}val", "")))

    def is_note(self, element: etree._Element) -> bool:
        return element.get(f"{_W}type") is None


class _Open(Grammaire):
    def is_titre(self, element: etree._Element) -> bool:
        return element.tag == f"{_TEXT}h" or bool(_TITRE.match(element.get(f"{_TEXT}style-name", "")))


WORD = _Word(
    paragraphes=frozenset({f"{_W}p"}),
    tableau=f"{_W}tbl",
    ligne=f"{_W}tr",
    case=f"{_W}tc",
    boites=frozenset({f"{_W}txbxContent"}),
    note=f"{_W}footnote",
    vide=f"{_W}t",
    doublure=f"{_MC}Fallback",
    lettres={f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"},
    ignores=frozenset({f"{_W}pPr", f"{_W}rPr"}),
    textes=frozenset({f"{_W}t"}),
)
OPEN = _Open(
    paragraphes=frozenset({f"{_TEXT}p", f"{_TEXT}h"}),
    tableau=f"{_TABLE}table",
    ligne=f"{_TABLE}table-row",
    case=f"{_TABLE}table-cell",
    boites=frozenset({f"{_DRAW}text-box"}),
    note=f"{_TEXT}note-body",
    vide=f"{_TEXT}span",
    lettres={f"{_TEXT}tab": "\t", f"{_TEXT}s": " ", f"{_TEXT}line-break": "\n"},
    ignores=frozenset({f"{_TEXT}tracked-changes", f"{_OFFICE}annotation", f"{_TEXT}note-citation", f"{_OFFICE}forms"}),
)


@dataclass(frozen=True)
class Modele:
    """A file opened to be looked into or filled."""

    format: str
    paquet: Paquet
    paragraphes: list[Paragraphe]

    @classmethod
    def of(cls, paquet: Paquet, format: str) -> "Modele":
        """Raises ModeleIllisible for what is neither a DOCX nor an ODT."""
        parts = list(_roots_word(paquet) if format == DOCX else _roots_open(paquet))
        if not parts:
            raise ModeleIllisible(ABIME)
        grammaire = WORD if format == DOCX else OPEN
        return cls(format, paquet, [one for root, zone in parts for one in grammaire.read(root, zone)])

    def balises(self) -> Iterator[str]:
        """The names between braces, as they are written, each as often as it is."""
        return (found[1].strip() for one in self.paragraphes for found in BALISE.finditer(one.texte))

    def weigh(self, valeurs: Mapping[str, str]) -> None:
        """Raises ModeleIllisible for a name without a value, and when what would be written is no act any more."""
        names = list(self.balises())
        if not valeurs.keys() >= set(names):
            raise ModeleIllisible(HOSTILE)
        written = [valeurs[name] for name in names]
        if sum(map(len, written)) > MAX_SIGNES or sum(value.count("\n") for value in written) > MAX_LIGNES:
            raise ModeleIllisible(LONG)

    def strays(self) -> bool:
        """True when braces stand where nobody would fill them: a comment, a drawing, a property, a field’s code."""
        read = {id(piece.element) for one in self.paragraphes for piece in one.morceaux if not piece.suite}
        tails = {id(piece.element) for one in self.paragraphes for piece in one.morceaux if piece.suite}
        names = filter(_AILLEURS[self.format].search, self.paquet.noms)
        return any(_strays(self.paquet.xml(nom), read, tails) for nom in names if _may_hold(self.paquet.parts[nom]))


def lines_of(valeur: str) -> list[str]:
    """What is written of a value, line by line: nothing that a document cannot hold."""
    return _INTERDITS.sub("", valeur).split("\n")


def _roots_word(paquet: Paquet) -> Iterator[tuple[etree._Element, str]]:
    for pattern, zone in _PARTIES.items():
        for nom in sorted(filter(pattern.match, paquet.noms)):
            yield paquet.xml(nom), zone


def _roots_open(paquet: Paquet) -> Iterator[tuple[etree._Element, str]]:
    if "content.xml" in paquet.parts:
        body = paquet.xml("content.xml").find(f"{_OFFICE}body/{_OFFICE}text")
        if body is not None:
            yield body, CORPS
    if "styles.xml" in paquet.parts:
        styles = paquet.xml("styles.xml")
        for nom, zone in (("header", ENTETE), ("footer", PIED)):
            for suffix in ("", "-left", "-first"):
                for found in styles.iter(f"{_STYLE}{nom}{suffix}"):
                    yield found, zone


def _may_hold(content: bytes) -> bool:
    """A brace, or an encoding in which it would not show."""
    return any(mark in content for mark in (b"{{", b"{%", b"{#", b"}}", b"%}", b"#}", b"&#", b"\x00"))


def _strays(root: etree._Element, read: set[int], tails: set[int]) -> bool:
    for element in root.iter():
        if id(element) not in read and element.text and ACCOLADES.search(element.text):
            return True
        if id(element) not in tails and element.tail and ACCOLADES.search(element.tail):
            return True
        if any(ACCOLADES.search(value) for nom, value in element.attrib.items() if nom != HREF):
            return True
    return False
