"""Office documents, part by part, as Word, LibreOffice and their like write them."""

import io
import zipfile
from xml.sax.saxutils import escape

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_P = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml"/></Types>'
_LINKS = f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">%s</Relationships>'
_OPEN = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
    for name, space in {"office": "office", "text": "text", "table": "table", "draw": "drawing", "meta": "meta"}.items()
)


def packed(parts: dict[str, str | bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def paragraph(text: str, style: str = "") -> str:
    kind = f'<w:pPr><w:pStyle w:val="{style}"/><w:tabs><w:tab w:pos="9"/></w:tabs></w:pPr>' if style else ""
    return f"<w:p>{kind}<w:r><w:rPr><w:lang/></w:rPr><w:t>{escape(text)}</w:t></w:r></w:p>"


def docx(body: str, *, title: str = "", **parts: str | bytes) -> bytes:
    """`body`: the XML inside `w:body`."""
    return packed(docx_parts(body, title=title) | parts)


def docx_parts(body: str, *, title: str = "") -> dict[str, str | bytes]:
    """A whole package: LibreOffice opens it."""
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    types = (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    return {
        "[Content_Types].xml": types,
        "_rels/.rels": _LINKS % f'<Relationship Id="rId1" Type="{kind}" Target="word/document.xml"/>',
        "docProps/core.xml": f'{_XML}<c xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></c>',
        "docProps/app.xml": f"{_XML}<Properties><Application>LibreOffice</Application><Pages>2</Pages></Properties>",
        "word/styles.xml": f"{_XML}<w:styles {_W}/>",
        "word/document.xml": f"{_XML}<w:document {_W} {_R}><w:body>{body}<w:sectPr/></w:body></w:document>",
    }


def pptx(*slides: tuple[str, str]) -> bytes:
    """Slides of a title and a text; written in the order of their file names reversed, which is not the one shown."""
    parts = {"[Content_Types].xml": _TYPES}
    listed, links = "", ""
    for place, (title, text) in enumerate(slides):
        number = len(slides) - place
        listed += f'<p:sldId id="{256 + place}" r:id="rId{number}"/>'
        links += f'<Relationship Id="rId{number}" Target="slides/slide{number}.xml"/>'
        parts[f"ppt/slides/slide{number}.xml"] = (
            f'{_XML}<p:sld {_A} {_P}><p:sp><p:nvSpPr><p:ph type="title"/></p:nvSpPr>'
            f"<a:p><a:r><a:t>{title}</a:t></a:r></a:p></p:sp><p:sp><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sp></p:sld>"
        )
    parts["ppt/presentation.xml"] = (
        f"{_XML}<p:presentation {_P} {_R}><p:sldIdLst>{listed}</p:sldIdLst></p:presentation>"
    )
    parts["ppt/_rels/presentation.xml.rels"] = _LINKS % links
    return packed(parts)


def open_document(kind: str, body: str, *, title: str = "", **parts: str | bytes) -> bytes:
    """`kind`: text, spreadsheet or presentation."""
    manifest = '<!DOCTYPE manifest:manifest PUBLIC "-//OpenOffice.org" "Manifest.dtd"><manifest/>'
    content = f"<office:document-content {_OPEN}><office:body>{body}</office:body></office:document-content>"
    return packed(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": f"{_XML}{content}",
            "meta.xml": f'{_XML}<m xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></m>',
            # As OpenOffice 2 wrote it: a grammar announced, and empty.
            "META-INF/manifest.xml": f"{_XML}{manifest}",
        }
        | parts
    )


def odt() -> bytes:
    return open_document(
        "text",
        "<office:text><text:tracked-changes><text:p>Phrase rayée</text:p></text:tracked-changes>"
        "<text:h>Convention de mise à disposition</text:h>"
        "<text:p>Entre la commune<text:tab/>et<text:s/>le syndicat.</text:p>"
        "<text:soft-page-break/><text:p>Article <text:span>premier</text:span></text:p></office:text>",
    )


def ods() -> bytes:
    cell = "<table:table-cell%s><text:p>%s</text:p></table:table-cell>"
    row = f"<table:table-row>{cell}<table:table-cell table:number-columns-repeated='2'/>{cell}%s</table:table-row>"
    empty = "<table:table-cell table:number-columns-repeated='16381'/>"
    table = row % ("", "Commune", "", "Montant", empty) + row % ("", "Champvans", "", "1 250,00 €", empty)
    return open_document(
        "spreadsheet",
        f'<office:spreadsheet><table:table table:name="Subventions">{table}</table:table></office:spreadsheet>',
    )


def odp() -> bytes:
    page = "<draw:page><draw:frame><draw:text-box><text:p>%s</text:p></draw:text-box></draw:frame></draw:page>"
    return open_document(
        "presentation",
        f"<office:presentation>{page % 'Réunion publique du PLUi'}{page % 'Calendrier'}</office:presentation>",
    )
