"""The paragraphs of a model, whatever its format: their words in one line, and where each stands for its reader.

A word processor cuts a sentence where it likes: « {{ com » in one run, « mune }} » in the next. A paragraph joins
its pieces, so that a field is found whole, and writes back in the first of them, whose look it keeps.
"""

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

from lxml import etree

ACCOLADES = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
BALISE = re.compile(r"\{\{(.{0,200}?)\}\}", re.DOTALL)
CORPS, ENTETE, PIED, NOTE = "corps", "en-tête", "pied de page", "note"
# Between two lines of what is written: XML never holds it.
SAUT = "\x00"


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

    @cached_property
    def texte(self) -> str:
        """Before anything is written in it."""
        return "".join(one.texte for one in self.morceaux)

    def write(self, value_of: Callable[[str], str]) -> list[tuple[Morceau, list[str]]]:
        """Each field by its value, in the first piece that holds a letter of it. Returns the pieces that changed, each
        with the lines that follow its own.

        What stood between two pieces and is no letter (a bookmark, a spelling mark) stays where it is. One pass: there
        may be fields and pieces by the thousand.
        """
        texts = [one.texte for one in self.morceaux]
        ends = list(accumulate(map(len, texts)))
        changed: dict[int, _Plume] = {}
        for found in BALISE.finditer(self.texte):
            value, rank = value_of(found[1].strip()), bisect_right(ends, found.start())
            while rank < len(ends) and (start := ends[rank] - len(texts[rank])) < found.end():
                if self.morceaux[rank].fixe:
                    self.morceaux[rank].drop()
                elif texts[rank]:
                    pen = changed.setdefault(rank, _Plume(texts[rank]))
                    pen.put(max(found.start() - start, 0), min(found.end() - start, len(texts[rank])), value)
                    value = ""
                rank += 1
        return [(self.morceaux[rank], pen.onto(self.morceaux[rank])) for rank, pen in changed.items()]


@dataclass
class _Plume:
    """A text being written again from its beginning."""

    texte: str
    bouts: list[str] = field(default_factory=list)
    lu: int = 0

    def put(self, debut: int, fin: int, value: str) -> None:
        self.bouts += [self.texte[self.lu : debut], value]
        self.lu = fin

    def onto(self, piece: Morceau) -> list[str]:
        """Its first line; returns the others."""
        piece.texte, *others = "".join([*self.bouts, self.texte[self.lu :]]).split(SAUT)
        return others


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
        lecture = _Lecture(self, zone)
        lecture.visit(root)
        return lecture.trouves

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
    trouves: list[Paragraphe] = field(default_factory=list)

    def visit(self, element: etree._Element) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in self.grammaire.ignores:
            return
        if tag in self.grammaire.paragraphes:
            self._paragraph(element)
        elif tag == self.grammaire.tableau and self.case is None:
            self._table(element)
        elif tag in self.grammaire.boites:
            self.boites += 1
            self._inside(element, f"zone de texte {self.boites}")
        elif tag == self.grammaire.note:
            self.notes += self.grammaire.is_note(element)
            self._inside(element, f"note {max(self.notes, 1)}")
        elif tag == self.grammaire.doublure:
            self._again(element)
        else:
            for child in element:
                self.visit(child)

    def _inside(self, element: etree._Element, ou: str) -> None:
        kept = self.ou, self.case
        self.ou, self.case = ou, None
        for child in element:
            self.visit(child)
        self.ou, self.case = kept

    def _again(self, element: etree._Element) -> None:
        """The same boxes, drawn for older word processors: they have the same numbers."""
        if not self.double:
            # Counted once, however many stand inside one another.
            self.boites = max(self.boites - sum(1 for _ in element.iter(*self.grammaire.boites)), 0)
        kept, self.double = self.double, True
        for child in element:
            self.visit(child)
        self.double = kept

    def _table(self, element: etree._Element) -> None:
        self.tableaux += 1
        kept, number = self.ou, self.tableaux
        for row, line in enumerate(self._own(element, self.grammaire.ligne), 1):
            self.ou = f"tableau {number}, ligne {row}"
            for column, cell in enumerate(self._own(line, self.grammaire.case), 1):
                self.case = (number, row, column)
                for child in cell:
                    self.visit(child)
        self.ou, self.case = kept, None

    def _own(self, element: etree._Element, tag: str) -> list[etree._Element]:
        """Those of that name inside, but for those of a table inside this one."""
        found, left = [], list(reversed(element))
        while left:
            one = left.pop()
            if one.tag == tag:
                found.append(one)
            elif one.tag != self.grammaire.tableau:
                left += reversed(one)
        return found

    def _paragraph(self, element: etree._Element) -> None:
        """Itself, then those that it holds: a note, a text box."""
        pieces, inner = [], []
        self._collect(element, pieces, inner, own=True)
        found = Paragraphe("", pieces, self.zone, self.case, self.grammaire.is_titre(element), self.double)
        if found.texte.strip() and not self.ou and self.zone == CORPS:
            self.paragraphes += 1
        found.ou = self._place()
        self.trouves.append(found)
        for one in inner:
            self.visit(one)

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
