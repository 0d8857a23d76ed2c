"""Small models of the tests, as Word and LibreOffice write them."""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from xml.sax.saxutils import escape

from django.core.files.base import ContentFile
from docx import Document
from docx.document import Document as DocumentType
from docx.oxml.ns import qn
from lxml import etree

from collectivites.models import Agent
from ressources.models import ModeleARemplir, RessourcePage, VersionFichier
from ressources.remplir.controle import Controle, examine
from ressources.remplir.formats import DOCX, Modele
from ressources.remplir.paquet import Paquet
from tests.fichiers.bureau import packed
from tests.ressources.factories import make_ressource, make_version

_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
NAMES = " ".join(
    f'xmlns:{name}="{_OASIS}:{uri}:1.0"'
    for name, uri in {"office": "office", "text": "text", "table": "table", "style": "style", "draw": "drawing"}.items()
)
# What the reader of a word processor may show of an ODT: one element, one letter.
_LETTERS = {"line-break": "\n", "s": " ", "tab": "\t"}


def word(
    *paragraphs: str | list[str], entete: str = "", pied: str = "", lignes: list[list[str]] | None = None
) -> bytes:
    """A list is a paragraph cut in runs. `lignes`: the rows of a table after them."""
    document = Document()
    for one in paragraphs:
        paragraph = document.add_paragraph()
        for rank, run in enumerate([one] if isinstance(one, str) else one):
            paragraph.add_run(run).bold = bool(rank % 2)
    if lignes:
        table = document.add_table(rows=0, cols=len(lignes[0]))
        for row in lignes:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    if entete:
        document.sections[0].header.paragraphs[0].text = entete
    if pied:
        document.sections[0].footer.paragraphs[0].text = pied
    return saved(document)


def saved(document: DocumentType) -> bytes:
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def with_parts(content: bytes, **parts: str) -> bytes:
    """The same archive, with these parts instead of its own or beside them."""
    with zipfile.ZipFile(BytesIO(content)) as read:
        return packed({one: read.read(one) for one in read.namelist()} | parts)


def with_body(content: bytes, xml: str) -> bytes:
    """The same DOCX, with that at the end of its body."""
    with zipfile.ZipFile(BytesIO(content)) as read:
        document = read.read("word/document.xml").decode()
    return with_parts(content, **{"word/document.xml": document.replace("<w:sectPr", f"{xml}<w:sectPr", 1)})


def opened_word(content: bytes) -> DocumentType:
    return Document(BytesIO(content))


def words_of(content: bytes) -> str:
    """Every paragraph of a DOCX, tables, headers and footers included, as python-docx and lxml read them."""
    document = opened_word(content)
    roots = [document.element.body]
    for section in document.sections:
        roots += [section.header._element, section.footer._element]
    lines = []
    for root in roots:
        for paragraph in root.iter(qn("w:p")):
            marks = {qn("w:t"): None, qn("w:br"): "\n", qn("w:tab"): "\t"}
            lines.append("".join((marks[one.tag] or one.text or "") for one in paragraph.iter(*marks)))
    return "\n".join(lines)


def open_text(body: str, *, entete: str = "", pied: str = "", **parts: str) -> bytes:
    """`body`: the XML inside `office:text`."""
    styles = "".join(
        f"<style:{name}><text:p>{escape(text)}</text:p></style:{name}>"
        for name, text in {"header": entete, "footer": pied}.items()
        if text
    )
    master = f'<style:master-page style:name="S">{styles}</style:master-page>'
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {NAMES}><office:body><office:text>{body}</office:text>"
            "</office:body></office:document-content>",
            "styles.xml": f"<office:document-styles {NAMES}><office:master-styles>{master}</office:master-styles>"
            "</office:document-styles>",
        }
        | parts
    )


def paragraphs(*texts: str) -> str:
    return "".join(f"<text:p>{escape(text)}</text:p>" for text in texts)


def words_of_odt(content: bytes) -> str:
    """Every paragraph of an ODT, those of its head and foot too."""
    lines = []
    for name in ("content.xml", "styles.xml"):
        root = etree.fromstring(Paquet.lu(ContentFile(content)).parts[name])
        for paragraph in root.iter(f"{{{_OASIS}:text:1.0}}p", f"{{{_OASIS}:text:1.0}}h"):
            lines.append("".join(_letters(paragraph)))
    return "\n".join(lines)


def _letters(element: etree._Element) -> Iterator[str]:
    yield _LETTERS.get(etree.QName(element).localname, element.text or "")
    for child in element:
        yield from _letters(child)
        yield child.tail or ""


def text_of(content: bytes, extension: str) -> str:
    return words_of(content) if extension == DOCX else words_of_odt(content)


def control(content: bytes, extension: str = DOCX) -> Controle:
    return examine(ContentFile(content), extension)


def phrases(content: bytes, extension: str = DOCX) -> list[str]:
    """What is to be mended, with plain spaces."""
    return [faute.phrase.replace("\u00a0", " ") for faute in control(content, extension).fautes]


def opened(content: bytes, extension: str = DOCX) -> Modele:
    return Modele.of(Paquet.lu(ContentFile(content)), extension)


def make_modele(
    content: bytes,
    *,
    nom: str = "Délibération.docx",
    page: RessourcePage | None = None,
    auteur: Agent | None = None,
    **fields: object,
) -> VersionFichier:
    """A published version that fills itself in, on a sheet of its own unless told."""
    page = page or make_ressource("Délibération du conseil", fichiers=1, **fields)
    version = make_version(page.fichiers.first(), contenu=content, nom=nom)
    champs = control(content, version.extension).champs
    ModeleARemplir.objects.create(version=version, champs=champs, marque_par=auteur or page.owner)
    return version
