"""Filling a DOCX with docxtpl, which knows headers, footers, notes and text boxes.

It gives whole parts to a template engine, so it is given parts in which our fields are the only braces: the others are
hidden before it reads, and come back after. What it is given is looked into all the same: text and names of the list,
nothing else. The sandbox around it knows no filter, no function and no name but the values.
"""

import logging
import re
from collections.abc import Iterator
from io import BytesIO

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, nodes
from jinja2.exceptions import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from ressources.remplir.formats import HOSTILE, Modele, lines_of
from ressources.remplir.paquet import ABIME, LOURD, MAX_XML, ModeleIllisible, parsed
from ressources.remplir.paragraphes import SAUT, Morceau

logger = logging.getLogger(__name__)

_NOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_ESPACE = "{http://www.w3.org/XML/1998/namespace}space"
_CHAMP = re.compile(r"(\{\{ \w{1,80} \}\})")
# Braces that are no field, while docxtpl works: no XML holds these characters.
_CACHEES = {"{": "\x01", "}": "\x02"}


def fill(modele: Modele, valeurs: dict[str, str]) -> bytes:
    """`valeurs`: by name as it is written in the model. Raises ModeleIllisible.

    A field that Word cut in pieces is made whole first, and keeps the look of its first letter.
    """
    modele.weigh(valeurs)
    lignes = {name: dict(zip(_names(name), lines_of(valeur), strict=False)) for name, valeur in valeurs.items()}
    for paragraphe in modele.paragraphes:
        for piece, others in paragraphe.write(lambda name: SAUT.join(f"{{{{ {one} }}}}" for one in lignes[name])):
            _broken(piece, others)
    return _rendered(modele.paquet.octets(), {name: line for named in lignes.values() for name, line in named.items()})


def _names(name: str) -> Iterator[str]:
    """Of its first line, that of the field; then one for each line."""
    yield name
    rank = 1
    while True:
        yield f"{name}__{rank}"
        rank += 1


def _broken(piece: Morceau, others: list[str]) -> None:
    """A line of the value, a line of the paragraph; a space at an end is kept."""
    last = piece.element
    last.set(_ESPACE, "preserve")
    for line in others:
        mark, words = last.makeelement(last.tag[:-1] + "br"), last.makeelement(last.tag, {_ESPACE: "preserve"})
        words.text = line
        last.addnext(mark)
        mark.addnext(words)
        last = words


def _rendered(content: bytes, textes: dict[str, str]) -> bytes:
    moteur, environment, output = _Moteur(BytesIO(content), frozenset(textes)), sandbox(), BytesIO()
    try:
        moteur.init_docx()
        for source in moteur.sources():
            check_source(environment, source, moteur.connus)
        moteur.render({name: _hidden(texte) for name, texte in textes.items()}, environment, autoescape=True)
        moteur.save(output)
    except ModeleIllisible:
        raise
    except Exception as error:
        # Whatever docxtpl and python-docx stumble upon is a file that they do not open; said to us, if it were ours.
        logger.exception("modele.illisible")
        raise ModeleIllisible(ABIME) from error
    return output.getvalue()


class _Moteur(DocxTemplate):
    """docxtpl without its own marks: what it would join, unescape, count or read twice is no field of ours."""

    def __init__(self, content: BytesIO, connus: frozenset[str]) -> None:
        super().__init__(content)
        self.connus = connus

    def patch_xml(self, src_xml: str) -> str:
        """Our fields are whole already: every other brace is hidden."""
        bits = _CHAMP.split(src_xml)
        return "".join(one if rank % 2 and one[3:-3] in self.connus else _hidden(one) for rank, one in enumerate(bits))

    def resolve_listing(self, xml: str) -> str:
        """The last of what is done to a part: lines are broken already, braces come back."""
        return xml.replace(_CACHEES["{"], "{").replace(_CACHEES["}"], "}")

    def fix_tables(self, xml: str) -> etree._Element:
        """No column is ever added."""
        return parsed(xml.encode())

    def get_xml(self) -> str:
        """The whole part: moving a body from one tree to another is what takes longest."""
        return self.xml_to_string(self.docx.part.element)

    def map_tree(self, tree: etree._Element) -> None:
        self.docx.part._element = tree

    def render_properties(self, context: dict, jinja_env: object = None) -> None:
        """They hold no field."""

    def render_footnotes(self, context: dict, jinja_env: object = None) -> None:
        """Once, not for each section: a second reading would take what was written for fields."""
        for part in self._notes():
            part._blob = self.render_xml_part(self.patch_xml(part.blob.decode()), part, context, jinja_env).encode()

    def _notes(self) -> list:
        return [part for part in self.docx.part.package.iter_parts() if part.content_type == _NOTES]

    def sources(self) -> Iterator[str]:
        """All that will be given to the engine, as it will be. Raises ModeleIllisible: too much, or twice the same."""
        left = 2 * MAX_XML
        for source in self._sources():
            left -= len(source)
            if left < 0:
                raise ModeleIllisible(LOURD)
            yield source

    def _sources(self) -> Iterator[str]:
        yield self.patch_xml(self.get_xml())
        parts = [part for uri in (self.HEADER_URI, self.FOOTER_URI) for _, part in self.get_headers_footers(uri)]
        if len(set(parts)) < len(parts):
            # docxtpl would write it as many times under the same name, and no word processor would open that.
            raise ModeleIllisible(ABIME)
        for part in parts:
            yield self.patch_xml(self.get_part_xml(part))
        for part in self._notes():
            yield self.patch_xml(part.blob.decode())


def _hidden(texte: str) -> str:
    return texte.replace("{", _CACHEES["{"]).replace("}", _CACHEES["}"])


def sandbox() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    environment.globals.clear()
    environment.filters.clear()
    environment.tests.clear()
    return environment


def check_source(environment: ImmutableSandboxedEnvironment, source: str, known: frozenset[str]) -> None:
    """Text and known names between two braces, or ModeleIllisible. Nothing is compiled nor run."""
    try:
        parsed = environment.parse(source)
    except (TemplateError, RecursionError) as error:
        raise ModeleIllisible(HOSTILE) from error
    for statement in parsed.body:
        plain = isinstance(statement, nodes.Output) and all(_is_plain(one, known) for one in statement.nodes)
        if not plain:
            raise ModeleIllisible(HOSTILE)


def _is_plain(node: nodes.Node, known: frozenset[str]) -> bool:
    return isinstance(node, nodes.TemplateData) or (isinstance(node, nodes.Name) and node.name in known)
