"""A small writer of DOCX: title, parts, lists, tables, and in yellow the passages to fill in."""

from html import escape

from ressources.demo.ecriture.commun import A_REMPLIR, XML, zipped
from ressources.demo.textes import Bloc, Texte

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PARTS = {"document": "document.main", "styles": "styles", "numbering": "numbering"}
_CONTENT_TYPES = (
    f'{XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/docProps/core.xml" '
    'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    + "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPE}.{kind}+xml"/>' for name, kind in _PARTS.items()
    )
    + "</Types>"
)
_ROOT_RELATIONS = (
    f'{XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    "</Relationships>"
)
_DOCUMENT_RELATIONS = (
    f'{XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/numbering" Target="numbering.xml"/></Relationships>'
)
_NUMBERING = (
    f'{XML}<w:numbering xmlns:w="{_W}"><w:abstractNum w:abstractNumId="0">'
    + "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="–"/>'
        f'<w:pPr><w:ind w:left="{360 * (level + 1)}" w:hanging="280"/></w:pPr></w:lvl>'
        for level in range(4)
    )
    + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)


def _style(name: str, word: str, space: tuple[int, int], run: str, about: str = "") -> str:
    """`space`: before and after, in twentieths of a point. Names are those that Word knows its outline by."""
    before, after = space
    return (
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{word}"/>'
        f'<w:pPr>{about}<w:spacing w:before="{before}" w:after="{after}"/></w:pPr><w:rPr>{run}</w:rPr></w:style>'
    )


_BORDER = 'w:val="single" w:sz="4" w:space="4" w:color="7D8883"'
_STYLES = (
    f'{XML}<w:styles xmlns:w="{_W}"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial" '
    'w:cs="Arial"/><w:sz w:val="21"/><w:lang w:val="fr-FR"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>'
    '<w:spacing w:after="120" w:line="276" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>'
    + _style("Titre", "Title", (0, 200), '<w:b/><w:sz w:val="40"/>')
    + _style("Titre1", "heading 1", (280, 100), '<w:b/><w:sz w:val="25"/>', '<w:keepNext/><w:outlineLvl w:val="0"/>')
    + _style("Surtitre", "Subtitle", (0, 60), '<w:b/><w:sz w:val="19"/>')
    + _style(
        "Avertissement",
        "Avertissement",
        (0, 240),
        '<w:sz w:val="19"/>',
        "<w:pBdr>" + "".join(f"<w:{side} {_BORDER}/>" for side in ("top", "left", "bottom", "right")) + "</w:pBdr>",
    )
    + _style("Liste", "List Bullet", (0, 40), "")
    + _style("Colonne", "Colonne", (0, 0), "<w:b/>")
    + _style("Credit", "Crédit", (360, 0), '<w:sz w:val="17"/>')
    + '<w:style w:type="table" w:styleId="Tableau"><w:name w:val="Table Grid"/><w:tblPr><w:tblBorders>'
    + "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    + "</w:tblBorders></w:tblPr></w:style></w:styles>"
)


def docx(texte: Texte) -> bytes:
    body = [
        *([_paragraph(texte.surtitre, "Surtitre")] if texte.surtitre else []),
        _paragraph(texte.titre, "Titre"),
        *([_paragraph(texte.avertissement, "Avertissement")] if texte.avertissement else []),
    ]
    for partie in texte.parties:
        body += [_paragraph(partie.titre, "Titre1")] if partie.titre else []
        body += [xml for bloc in partie.blocs for xml in _word(bloc)]
    body += [_paragraph(texte.credit, "Credit")] if texte.credit else []
    page = '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" '
    page += 'w:left="1417" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>'
    document = f'{XML}<w:document xmlns:w="{_W}"><w:body>{"".join(body)}{page}</w:body></w:document>'
    core = (
        f'{XML}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(texte.titre)}</dc:title>'
        f"<dc:creator>{escape(texte.auteur)}</dc:creator><dc:language>fr-FR</dc:language></cp:coreProperties>"
    )
    return zipped(
        {
            "[Content_Types].xml": _CONTENT_TYPES,
            "_rels/.rels": _ROOT_RELATIONS,
            "docProps/core.xml": core,
            "word/document.xml": document,
            "word/styles.xml": _STYLES,
            "word/numbering.xml": _NUMBERING,
            "word/_rels/document.xml.rels": _DOCUMENT_RELATIONS,
        }
    )


def _paragraph(text: str, style: str = "", level: int | None = None) -> str:
    about = f'<w:pStyle w:val="{style}"/>' if style else ""
    if level is not None:
        about += f'<w:numPr><w:ilvl w:val="{min(level, 3)}"/><w:numId w:val="1"/></w:numPr>'
    runs = "".join(_run(piece) for piece in A_REMPLIR.split(text) if piece)
    return f"<w:p><w:pPr>{about}</w:pPr>{runs}</w:p>"


def _run(piece: str) -> str:
    marked = '<w:rPr><w:highlight w:val="yellow"/></w:rPr>' if A_REMPLIR.fullmatch(piece) else ""
    return f'<w:r>{marked}<w:t xml:space="preserve">{escape(piece)}</w:t></w:r>'


def _word(bloc: Bloc) -> list[str]:
    if bloc.genre == "liste":
        return [_paragraph(item, "Liste", level) for level, item in bloc.items]
    if bloc.genre == "texte":
        return [_paragraph(bloc.texte)]
    width = 9355 // len(bloc.lignes[0])
    grid = f'<w:gridCol w:w="{width}"/>' * len(bloc.lignes[0])
    rows = "".join(_row(row, width, head=not rank) for rank, row in enumerate(bloc.lignes))
    return [
        f'<w:tbl><w:tblPr><w:tblStyle w:val="Tableau"/><w:tblW w:w="9355" w:type="dxa"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>",
        "<w:p/>",
    ]


def _row(cells: tuple[str, ...], width: int, *, head: bool) -> str:
    about = "<w:trPr><w:tblHeader/></w:trPr>" if head else ""
    style = "Colonne" if head else ""
    cell = f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
    return f"<w:tr>{about}" + "".join(f"{cell}{_paragraph(text, style)}</w:tc>" for text in cells) + "</w:tr>"
