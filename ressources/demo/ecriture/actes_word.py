"""An act of a mairie as DOCX: styles that Word knows, a head and a foot, articles that number themselves."""

from html import escape

from ressources.demo.ecriture.actes import EN_TETE, PIED, Ligne, parse, pieces, shares
from ressources.demo.ecriture.commun import XML, zipped

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PARTS = {"document": "document.main", "styles": "styles", "numbering": "numbering"}
_PARTS |= {"header1": "header", "footer1": "footer"}
_ENCRE, _GRIS, _TRAIT = "1B5A57", "4A5857", "C9D3CC"
_LARGEUR = 9070

_TYPES = (
    f'{XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/docProps/core.xml" '
    'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    + "".join(
        f'<Override PartName="/word/{nom}.xml" ContentType="{_TYPE}.{kind}+xml"/>' for nom, kind in _PARTS.items()
    )
    + "</Types>"
)
_ROOT = (
    f'{XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_R}/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    "</Relationships>"
)
_LINKS = (
    f'{XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    + "".join(
        f'<Relationship Id="rId{rank}" Type="{_R}/{kind}" Target="{nom}.xml"/>'
        for rank, (nom, kind) in enumerate(
            {"styles": "styles", "numbering": "numbering", "header1": "header", "footer1": "footer"}.items(), 1
        )
    )
    + "</Relationships>"
)
_NUMBERING = (
    f'{XML}<w:numbering xmlns:w="{_W}"><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="singleLevel"/>'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="Titre2"/>'
    '<w:suff w:val="space"/><w:lvlText w:val="Article %1 –"/><w:lvlJc w:val="left"/>'
    '<w:pPr><w:ind w:left="0" w:firstLine="0"/></w:pPr></w:lvl>'
    '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)


def _style(cle: str, nom: str, paragraph: str, run: str = "") -> str:
    base = '<w:basedOn w:val="Normal"/>' if cle != "Normal" else ""
    default = ' w:default="1"' if cle == "Normal" else ""
    return (
        f'<w:style w:type="paragraph"{default} w:styleId="{cle}"><w:name w:val="{nom}"/>{base}<w:qFormat/>'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def _space(before: int, after: int) -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}"/>'


_CENTRE, _SUIT = '<w:jc w:val="center"/>', "<w:keepNext/>"
_COULEUR, _DISCRET = f'<w:color w:val="{_ENCRE}"/>', f'<w:color w:val="{_GRIS}"/>'
_RULE = f'<w:pBdr><w:{{}} w:val="single" w:sz="8" w:space="6" w:color="{_TRAIT}"/></w:pBdr>'
_STYLES = (
    f'{XML}<w:styles xmlns:w="{_W}"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Arial" '
    'w:hAnsi="Arial" w:cs="Arial"/><w:sz w:val="20"/><w:lang w:val="fr-FR"/></w:rPr></w:rPrDefault>'
    '<w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="262" w:lineRule="auto"/></w:pPr></w:pPrDefault>'
    "</w:docDefaults>"
    + _style("Normal", "Normal", _space(0, 120))
    + _style("Surtitre", "Surtitre", _space(0, 60) + _CENTRE,
             f'<w:caps/>{_DISCRET}<w:spacing w:val="30"/><w:sz w:val="18"/>')
    + _style("Titre", "Title", _SUIT + _space(60, 60) + _CENTRE, f'<w:b/>{_COULEUR}<w:sz w:val="36"/>')
    + _style("Soustitre", "Subtitle", _space(0, 320) + _CENTRE, '<w:sz w:val="24"/>')
    + _style("Titre1", "heading 1", f'{_SUIT}{_space(280, 100)}<w:jc w:val="left"/><w:outlineLvl w:val="0"/>',
             f'<w:b/>{_COULEUR}<w:sz w:val="24"/>')
    + _style("Titre2", "heading 2", f'{_SUIT}<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
             f'{_space(220, 60)}<w:jc w:val="left"/><w:outlineLvl w:val="1"/>', "<w:b/>")
    + _style("Visa", "Visa", f'{_space(0, 80)}<w:ind w:left="425"/>')
    + _style("Adresse", "Adresse", f'{_space(240, 480)}<w:ind w:left="4820"/><w:jc w:val="left"/>')
    + _style("Petit", "Petit", _RULE.format("top") + _space(240, 0), f'{_DISCRET}<w:sz w:val="17"/>')
    + _style("Cellule", "Cellule", f'{_space(40, 40)}<w:jc w:val="left"/>', '<w:sz w:val="20"/>')
    + _style("Colonne", "Colonne", f'{_space(40, 40)}<w:jc w:val="left"/>', f'<w:b/>{_COULEUR}<w:sz w:val="19"/>')
    + _style("Fait", "Fait", _SUIT + _space(0, 120))
    + _style("Petitvide", "Intervalle", _SUIT + _space(0, 0), '<w:sz w:val="12"/>')
    + _style("Signature", "Signature", f"{_SUIT}{_space(40, 40)}{_CENTRE}")
    + _style("Entete", "header", f'{_RULE.format("bottom")}<w:tabs><w:tab w:val="right" w:pos="{_LARGEUR}"/></w:tabs>'
             f'{_space(0, 360)}<w:jc w:val="left"/>')
    + _style("Pied", "footer", f'{_RULE.format("top")}<w:tabs><w:tab w:val="right" w:pos="{_LARGEUR}"/></w:tabs>'
             f'{_space(0, 0)}<w:jc w:val="left"/>', f'{_DISCRET}<w:sz w:val="16"/>')
    + "</w:styles>"
)  # fmt: skip
_STYLE_OF = {"texte": "", "surtitre": "Surtitre", "titre": "Titre", "soustitre": "Soustitre", "partie": "Titre1"}
_STYLE_OF |= {"article": "Titre2", "visa": "Visa", "petit": "Petit", "fait": "Fait"}
_TAB = "<w:r><w:tab/></w:r>"


def docx(titre: str, auteur: str, texte: str) -> bytes:
    lines = parse(texte)
    letter = not any(one.genre == "titre" for one in lines)
    body = "".join(_written(one, letter=letter) for one in lines)
    page = (
        '<w:sectPr><w:headerReference w:type="default" r:id="rId3"/><w:footerReference w:type="default" r:id="rId4"/>'
        '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1814" w:right="1418" w:bottom="1418" w:left="1418" '
        'w:header="851" w:footer="624" w:gutter="0"/></w:sectPr>'
    )
    core = (
        f'{XML}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(titre)}</dc:title>'
        f"<dc:creator>{escape(auteur)}</dc:creator><dc:language>fr-FR</dc:language></cp:coreProperties>"
    )
    names = f'xmlns:w="{_W}" xmlns:r="{_R}"'
    return zipped(
        {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": _ROOT,
            "docProps/core.xml": core,
            "word/document.xml": f"{XML}<w:document {names}><w:body>{body}{page}</w:body></w:document>",
            "word/header1.xml": f"{XML}<w:hdr {names}>{_head()}</w:hdr>",
            "word/footer1.xml": f"{XML}<w:ftr {names}>{_foot()}</w:ftr>",
            "word/styles.xml": _STYLES,
            "word/numbering.xml": _NUMBERING,
            "word/_rels/document.xml.rels": _LINKS,
        }
    )


def _head() -> str:
    name = f'<w:r><w:rPr><w:b/>{_COULEUR}<w:sz w:val="26"/></w:rPr><w:t>{EN_TETE[0]}</w:t></w:r>'
    where = f'<w:r><w:rPr>{_DISCRET}<w:sz w:val="18"/></w:rPr><w:t>{EN_TETE[1]}</w:t></w:r>'
    return f'<w:p><w:pPr><w:pStyle w:val="Entete"/></w:pPr>{name}{_TAB}{where}</w:p>'


def _field(code: str) -> str:
    return f'<w:fldSimple w:instr="{code}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'


def _foot() -> str:
    number, total = _field("PAGE"), _field("NUMPAGES")
    return f'<w:p><w:pPr><w:pStyle w:val="Pied"/></w:pPr>{_run(PIED)}{_TAB}{number}{_run("/")}{total}</w:p>'


def _written(one: Ligne, *, letter: bool) -> str:
    if one.genre == "tableau":
        return _table(one)
    if one.genre == "signature":
        return _signatures(one)
    style = "Adresse" if letter and one.genre == "visa" else _STYLE_OF[one.genre]
    return _paragraph(one.texte, style)


def _paragraph(texte: str, style: str = "") -> str:
    about = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{about}{''.join(_run(piece, strong=strong) for piece, strong in pieces(texte))}</w:p>"


def _run(texte: str, *, strong: bool = False) -> str:
    about = "<w:rPr><w:b/></w:rPr>" if strong else ""
    return f'<w:r>{about}<w:t xml:space="preserve">{escape(texte)}</w:t></w:r>'


def _table(one: Ligne) -> str:
    widths = [share * _LARGEUR // 100 for share in shares(list(one.lignes))]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    edge = f'w:val="single" w:sz="4" w:space="0" w:color="{_TRAIT}"'
    edges = "".join(f"<w:{side} {edge}/>" for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    margins = "".join(f'<w:{side} w:w="100" w:type="dxa"/>' for side in ("left", "right"))
    about = (
        f'<w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{edges}</w:tblBorders><w:tblLayout '
        f'w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>'
    )
    rows = "".join(_row(row, widths, head=not rank) for rank, row in enumerate(one.lignes))
    return f"<w:tbl>{about}<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>{_paragraph('', 'Petitvide')}"


def _row(row: tuple[str, ...], widths: list[int], *, head: bool) -> str:
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="EEF2EE"/>' if head else ""
    about = "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>" if head else "<w:trPr><w:cantSplit/></w:trPr>"
    style = "Colonne" if head else "Cellule"
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr>{_paragraph(text, style)}</w:tc>'
        for text, width in zip(row, widths, strict=True)
    )
    return f"<w:tr>{about}{cells}</w:tr>"


def _signatures(one: Ligne) -> str:
    """Side by side, the names under a room to sign; a single one at the right."""
    count = max(len(row) for row in one.lignes)
    width = _LARGEUR // 2
    rows = ""
    for rank, row in enumerate(one.lignes):
        cells = ("", *row) if count == 1 else row
        room = '<w:trHeight w:val="1200" w:hRule="atLeast"/>' if rank == 0 else ""
        rows += (
            f"<w:tr><w:trPr><w:cantSplit/>{room}</w:trPr>"
            + "".join(
                f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{_paragraph(text, "Signature")}</w:tc>'
                for text in cells
            )
            + "</w:tr>"
        )
    grid = f'<w:gridCol w:w="{width}"/>' * 2
    about = f'<w:tblPr><w:tblW w:w="{2 * width}" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr>'
    gap = _paragraph("", "Petitvide")
    return f"{gap}<w:tbl>{about}<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>{gap}"
