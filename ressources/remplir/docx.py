"""Filling a DOCX with docxtpl, which knows headers, footers, notes and text boxes.

It gives whole parts to a template engine, so what it gives is looked into first: once parsed, a part may only hold
text and names of the list. A hostile one is refused before it is rendered, and the sandbox around it knows no filter,
no function and no name but the values.
"""

from collections.abc import Iterator
from io import BytesIO

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, nodes
from jinja2.exceptions import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ressources.remplir.formats import HOSTILE, Modele
from ressources.remplir.paquet import ABIME, ModeleIllisible
from ressources.remplir.paragraphes import BALISE, Paragraphe

_NOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"


def fill(modele: Modele, valeurs: dict[str, str]) -> bytes:
    """`valeurs`: by name as it is written in the model. Raises ModeleIllisible.

    A field that Word cut in pieces is made whole first, and keeps the look of its first letter.
    """
    modele.weigh(valeurs)
    for paragraphe in modele.paragraphes:
        _joined(paragraphe)
    template = DocxTemplate(BytesIO(modele.paquet.octets()))
    environment = sandbox()
    try:
        template.init_docx()
        for source in sources(template):
            check_source(environment, source, frozenset(valeurs))
        template.render(valeurs, environment, autoescape=True)
        output = BytesIO()
        template.save(output)
    except (TemplateError, KeyError, ValueError, SyntaxError) as error:
        raise ModeleIllisible(ABIME) from error
    return output.getvalue()


def _joined(paragraphe: Paragraphe) -> None:
    """From the last to the first: those before keep their place."""
    for found in reversed(list(BALISE.finditer(paragraphe.texte))):
        paragraphe.put(found.start(), found.end(), f"{{{{ {found[1].strip()} }}}}")


def sandbox() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    environment.globals.clear()
    environment.filters.clear()
    environment.tests.clear()
    return environment


def sources(template: DocxTemplate) -> Iterator[str]:
    """All that docxtpl will give to the engine, as it will give it."""
    yield template.patch_xml(template.get_xml())
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        for _, part in template.get_headers_footers(uri):
            yield template.patch_xml(template.get_part_xml(part))
    for part in template.docx.part.package.iter_parts():
        if part.content_type == _NOTES:
            yield template.patch_xml(part.blob.decode("utf-8"))
    core = template.docx.core_properties
    for name in ("author", "comments", "identifier", "language", "subject", "title"):
        yield getattr(core, name) or ""


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
