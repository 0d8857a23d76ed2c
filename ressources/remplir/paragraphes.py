"""The paragraphs of a model, whatever its format: their words in one line, and where each stands for its reader.

A word processor cuts a sentence where it likes: « {{ com » in one run, « mune }} » in the next. A paragraph joins
its pieces, so that a field is found whole, and writes back in the first of them, whose look it keeps.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

ACCOLADES = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
BALISE = re.compile(r"\{\{(.{0,200}?)\}\}", re.DOTALL)
CORPS, ENTETE, PIED, NOTE = "corps", "en-tête", "pied de page", "note"


@dataclass
class Morceau:
    """Some letters of a paragraph: the text of an element or what follows it.

    `fixe`: the letter that an element stands for, a tabulation or a space; `vide`: an element that stands for nothing.
    """

    element: etree._Element
    suite: bool = False
    fixe: str = ""
    vide: str = ""

    @property
    def texte(self) -> str:
        if self.fixe:
            return self.fixe
        return (self.element.tail if self.suite else self.element.text) or ""

    @texte.setter
    def texte(self, value: str) -> None:
        if self.suite:
            self.element.tail = value
        else:
            self.element.text = value

    def drop(self) -> None:
        """Its letter goes, what follows it stays."""
        self.element.tag, self.fixe = self.vide, ""
        self.element.attrib.clear()


@dataclass
class Paragraphe:
    """`ou`: « paragraphe 5 », « tableau 2, ligne 3 ». `case`: table, row and column, when it stands in one."""

    ou: str
    morceaux: list[Morceau]
    zone: str = CORPS
    case: tuple[int, int, int] | None = None
    is_titre: bool = False
    # Said a second time for older word processors.
    is_double: bool = False

    @property
    def texte(self) -> str:
        return "".join(one.texte for one in self.morceaux)

    def put(self, debut: int, fin: int, value: str) -> Morceau:
        """`value` in place of these letters, in the first piece that holds one; returns that piece.

        What stood between two pieces and is no letter (a bookmark, a spelling mark) stays where it is.
        """
        first, at = None, 0
        for one in self.morceaux:
            start, at = at, at + len(one.texte)
            if at <= debut or start >= fin:
                continue
            before, after = one.texte[: max(debut - start, 0)], one.texte[fin - start :] if fin < at else ""
            if one.fixe:
                one.drop()
            elif first is None:
                first = one
                one.texte = before + value + after
            else:
                one.texte = after
        return first


@dataclass
class Grammaire:
    """What a format calls its paragraphs, its words, its tables. `vide`: an element that shows nothing."""

    paragraphes: frozenset[str]
    tableau: str
    ligne: str
    case: str
    boites: frozenset[str]
    note: str
    vide: str
    doublure: str = ""
    # Elements that stand for a letter.
    lettres: dict[str, str] = field(default_factory=dict)
    # Elements whose whole content is no part of the document: comments, deletions.
    ignores: frozenset[str] = frozenset()
    # Only these hold words; None: every element of a paragraph does, and what follows it.
    textes: frozenset[str] | None = None

    @cached_property
    def a_part(self) -> frozenset[str]:
        """What a paragraph holds without it being its own words."""
        return self.paragraphes | self.boites | {self.note, self.tableau, self.doublure}

    def read(self, root: etree._Element, zone: str) -> list[Paragraphe]:
        return list(_Lecture(self, zone).visit(root))

    def is_titre(self, element: etree._Element) -> bool:
        return False

    def is_note(self, element: etree._Element) -> bool:
        """A note that somebody wrote, not the line that parts it from the page."""
        return True


@dataclass
class _Lecture:
    grammaire: Grammaire
    zone: str
    paragraphes: int = 0
    tableaux: int = 0
    boites: int = 0
    notes: int = 0
    ou: str = ""
    case: tuple[int, int, int] | None = None
    double: bool = False

    def visit(self, element: etree._Element) -> Iterator[Paragraphe]:
        tag = element.tag
        if not isinstance(tag, str) or tag in self.grammaire.ignores:
            return
        if tag in self.grammaire.paragraphes:
            yield from self._paragraph(element)
        elif tag == self.grammaire.tableau and self.case is None:
            yield from self._table(element)
        elif tag in self.grammaire.boites:
            self.boites += 1
            yield from self._inside(element, f"zone de texte {self.boites}")
        elif tag == self.grammaire.note:
            self.notes += self.grammaire.is_note(element)
            yield from self._inside(element, f"note {max(self.notes, 1)}")
        elif tag == self.grammaire.doublure:
            yield from self._again(element)
        else:
            for child in element:
                yield from self.visit(child)

    def _inside(self, element: etree._Element, ou: str) -> Iterator[Paragraphe]:
        kept = self.ou, self.case
        self.ou, self.case = ou, None
        for child in element:
            yield from self.visit(child)
        self.ou, self.case = kept

    def _again(self, element: etree._Element) -> Iterator[Paragraphe]:
        """The same boxes, drawn for older word processors: they have the same numbers."""
        self.boites = max(self.boites - sum(1 for _ in element.iter(*self.grammaire.boites)), 0)
        kept, self.double = self.double, True
        for child in element:
            yield from self.visit(child)
        self.double = kept

    def _table(self, element: etree._Element) -> Iterator[Paragraphe]:
        self.tableaux += 1
        kept, number = self.ou, self.tableaux
        for row, line in enumerate(_own(element, self.grammaire.ligne), 1):
            self.ou = f"tableau {number}, ligne {row}"
            for column, cell in enumerate(_own(line, self.grammaire.case), 1):
                self.case = (number, row, column)
                for child in cell:
                    yield from self.visit(child)
        self.ou, self.case = kept, None

    def _paragraph(self, element: etree._Element) -> Iterator[Paragraphe]:
        """Itself, then those that it holds: a note, a text box."""
        pieces, inner = [], []
        self._collect(element, pieces, inner, own=True)
        found = Paragraphe("", pieces, self.zone, self.case, self.grammaire.is_titre(element), self.double)
        if found.texte.strip() and not self.ou and self.zone == CORPS:
            self.paragraphes += 1
        found.ou = self._place()
        yield found
        for one in inner:
            yield from self.visit(one)

    def _place(self) -> str:
        if self.zone != CORPS:
            return f"{self.zone}, {self.ou}" if self.ou else self.zone
        return self.ou or f"paragraphe {max(self.paragraphes, 1)}"

    def _collect(
        self, element: etree._Element, pieces: list[Morceau], inner: list[etree._Element], *, own: bool = False
    ) -> None:
        grammaire, tag = self.grammaire, element.tag
        everything = grammaire.textes is None
        if not isinstance(tag, str) or tag in grammaire.ignores:
            pass
        elif not own and tag in grammaire.a_part:
            inner.append(element)
        elif tag in grammaire.lettres:
            pieces.append(Morceau(element, fixe=grammaire.lettres[tag], vide=grammaire.vide))
        else:
            if everything or tag in grammaire.textes:
                pieces.append(Morceau(element))
            for child in element:
                self._collect(child, pieces, inner)
        if everything and not own:
            pieces.append(Morceau(element, suite=True))


def _own(element: etree._Element, tag: str) -> list[etree._Element]:
    """Those of that name inside, but for those of a table inside this one."""
    return [one for one in element.iter(tag) if next(one.iterancestors(element.tag), None) is element]
