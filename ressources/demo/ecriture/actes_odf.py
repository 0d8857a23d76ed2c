"""An act of a mairie as ODT, with the look of `actes_word`: a head and a foot on the master page, numbered articles."""

from html import escape

from ressources.demo.ecriture.actes import EN_TETE, PIED, Ligne, parse, pieces, shares
from ressources.demo.ecriture.commun import XML, zipped

_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
_NAMES = " ".join(
    f'xmlns:{name}="{_OASIS}:{uri}:1.0"'
    for name, uri in {
        "office": "office",
        "text": "text",
        "table": "table",
        "style": "style",
        "meta": "meta",
        "fo": "xsl-fo-compatible",
    }.items()
)
_ENCRE, _GRIS, _TRAIT = "#1b5a57", "#4a5857", "#c9d3cc"
_KIND = "application/vnd.oasis.opendocument.text"
_FOIS = {"texte": "Standard", "surtitre": "Surtitre", "titre": "Titre", "soustitre": "Soustitre", "visa": "Visa"}
_FOIS |= {"partie": "Partie", "petit": "Petit", "fait": "Fait"}


def _style(nom: str, paragraph: str, run: str = "", parent: str = "Standard") -> str:
    return (
        f'<style:style style:name="{nom}" style:family="paragraph" style:parent-style-name="{parent}">'
        f"<style:paragraph-properties {paragraph}/><style:text-properties {run}/></style:style>"
    )


_BOLD, _LEFT = 'fo:font-weight="bold"', 'fo:text-align="start"'
_FONT = 'style:font-name="Arial"'
_TABS = '<style:tab-stops><style:tab-stop style:position="16cm" style:type="right"/></style:tab-stops>'
_FONTS = (
    '<office:font-face-decls><style:font-face style:name="Arial" svg:font-family="Arial" '
    f'xmlns:svg="{_OASIS}:svg-compatible:1.0"/></office:font-face-decls>'
)
_STYLES = (
    f'<style:default-style style:family="paragraph"><style:text-properties {_FONT} fo:font-size="10pt" '
    'fo:language="fr" fo:country="FR"/></style:default-style>'
    '<style:style style:name="Standard" style:family="paragraph"><style:paragraph-properties '
    'fo:margin-bottom="0.2cm" fo:line-height="109%" fo:text-align="start"/></style:style>'
    + _style("Surtitre", 'fo:text-align="center"', f'fo:text-transform="uppercase" fo:color="{_GRIS}" '
             'fo:letter-spacing="0.05cm" fo:font-size="9pt"')
    + _style("Titre", 'fo:text-align="center" fo:margin-bottom="0.1cm" fo:keep-with-next="always"',
             f'{_BOLD} fo:color="{_ENCRE}" fo:font-size="18pt"')
    + _style("Soustitre", 'fo:text-align="center" fo:margin-bottom="0.6cm"', 'fo:font-size="12pt"')
    + _style("Partie", f'{_LEFT} fo:margin-top="0.5cm" fo:margin-bottom="0.15cm" fo:keep-with-next="always"',
             f'{_BOLD} fo:color="{_ENCRE}" fo:font-size="12pt"')
    + _style("Article", f'{_LEFT} fo:margin-top="0.4cm" fo:margin-bottom="0.1cm" fo:keep-with-next="always"', _BOLD)
    + _style("Visa", 'fo:margin-left="0.75cm" fo:margin-bottom="0.14cm"')
    + _style("Adresse", f'{_LEFT} fo:margin-left="8.5cm" fo:margin-top="0.4cm" fo:margin-bottom="0.9cm"')
    + _style("Petit", f'fo:margin-top="0.4cm" fo:border-top="0.75pt solid {_TRAIT}" fo:padding-top="0.15cm"',
             f'fo:color="{_GRIS}" fo:font-size="8.5pt"')
    + _style("Cellule", f'{_LEFT} fo:margin-bottom="0cm"', 'fo:font-size="10pt"')
    + _style("Colonne", f'{_LEFT} fo:margin-bottom="0cm"', f'{_BOLD} fo:color="{_ENCRE}" fo:font-size="9.5pt"')
    + _style("Signature", 'fo:text-align="center" fo:margin-bottom="0.1cm" fo:keep-with-next="always"')
    + _style("Fait", 'fo:keep-with-next="always"')
    + _style("Vide", 'fo:margin-bottom="0cm"', 'fo:font-size="6pt"')
)  # fmt: skip
_LISTE = (
    '<text:list-style style:name="Articles"><text:list-level-style-number text:level="1" style:num-format="1" '
    'style:num-prefix="Article " style:num-suffix=" –"><style:list-level-properties '
    'text:list-level-position-and-space-mode="label-alignment"><style:list-level-label-alignment '
    'text:label-followed-by="space" fo:text-indent="0cm" fo:margin-left="0cm"/></style:list-level-properties>'
    "</text:list-level-style-number></text:list-style>"
)
_HEAD = (
    '<style:style style:name="Entete" style:family="paragraph" style:parent-style-name="Standard">'
    f'<style:paragraph-properties {_LEFT} fo:margin-bottom="0cm" fo:border-bottom="0.75pt solid {_TRAIT}" '
    f'fo:padding-bottom="0.2cm">{_TABS}</style:paragraph-properties></style:style>'
    '<style:style style:name="Pied" style:family="paragraph" style:parent-style-name="Standard">'
    f'<style:paragraph-properties {_LEFT} fo:margin-bottom="0cm" fo:border-top="0.75pt solid {_TRAIT}" '
    f'fo:padding-top="0.2cm">{_TABS}</style:paragraph-properties><style:text-properties fo:color="{_GRIS}" '
    'fo:font-size="8pt"/></style:style>'
    f'<style:style style:name="Nom" style:family="text"><style:text-properties {_BOLD} fo:color="{_ENCRE}" '
    'fo:font-size="13pt"/></style:style><style:style style:name="Lieu" style:family="text"><style:text-properties '
    f'fo:color="{_GRIS}" fo:font-size="9pt"/></style:style>'
)
_PAGE = (
    '<style:page-layout style:name="Page"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm" '
    'fo:margin-top="1.5cm" fo:margin-bottom="1.1cm" fo:margin-left="2.5cm" fo:margin-right="2.5cm"/>'
    '<style:header-style><style:header-footer-properties fo:min-height="1cm" fo:margin-bottom="0.8cm"/>'
    '</style:header-style><style:footer-style><style:header-footer-properties fo:min-height="0.8cm" '
    'fo:margin-top="0.6cm"/></style:footer-style></style:page-layout>'
)
_MASTER = (
    '<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="Page"><style:header>'
    f'<text:p text:style-name="Entete"><text:span text:style-name="Nom">{EN_TETE[0]}</text:span><text:tab/>'
    f'<text:span text:style-name="Lieu">{EN_TETE[1]}</text:span></text:p></style:header><style:footer>'
    f'<text:p text:style-name="Pied">{PIED}<text:tab/><text:page-number text:select-page="current">1'
    "</text:page-number>/<text:page-count>1</text:page-count></text:p></style:footer></style:master-page>"
    "</office:master-styles>"
)
_COLONNES = (20, 25, 28, 33, 50, 72, 100)
_AUTO = (
    f'<style:style style:name="Fort" style:family="text"><style:text-properties {_BOLD}/></style:style>'
    '<style:style style:name="Tableau" style:family="table"><style:table-properties style:width="16cm" '
    'table:align="left" fo:margin-bottom="0.3cm"/></style:style>'
    + "".join(
        f'<style:style style:name="Case{name}" style:family="table-cell"><style:table-cell-properties '
        f"{about}/></style:style>"
        for name, about in {
            "": f'fo:border="0.5pt solid {_TRAIT}" fo:padding="0.12cm"',
            "Tete": f'fo:border="0.5pt solid {_TRAIT}" fo:padding="0.12cm" fo:background-color="#eef2ee"',
            "Signe": 'fo:border="none" fo:padding="0.1cm"',
        }.items()
    )
    + "".join(
        f'<style:style style:name="Col{share}" style:family="table-column"><style:table-column-properties '
        f'style:column-width="{share * 0.16:.2f}cm"/></style:style>'
        for share in _COLONNES
    )
    + '<style:style style:name="Place" style:family="table-row"><style:table-row-properties '
    'style:min-row-height="2.1cm"/></style:style>'
)


def odt(titre: str, auteur: str, texte: str) -> bytes:
    lines = parse(texte)
    letter = not any(one.genre == "titre" for one in lines)
    body = "".join(_written(one, letter=letter) for one in lines)
    content = (
        f'{XML}<office:document-content {_NAMES} office:version="1.3">{_FONTS}<office:automatic-styles>{_AUTO}'
        f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    styles = (
        f'{XML}<office:document-styles {_NAMES} office:version="1.3">{_FONTS}<office:styles>{_STYLES}{_LISTE}'
        f"</office:styles><office:automatic-styles>{_HEAD}{_PAGE}</office:automatic-styles>{_MASTER}"
        "</office:document-styles>"
    )
    meta = (
        f'{XML}<office:document-meta {_NAMES} xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3">'
        f"<office:meta><dc:title>{escape(titre)}</dc:title><dc:creator>{escape(auteur)}</dc:creator>"
        "<dc:language>fr-FR</dc:language></office:meta></office:document-meta>"
    )
    parts = {"content.xml": content, "styles.xml": styles, "meta.xml": meta}
    return zipped({"mimetype": _KIND, **parts, "META-INF/manifest.xml": _manifest(parts)})


def _written(one: Ligne, *, letter: bool) -> str:
    if one.genre == "article":
        head = f'<text:h text:style-name="Article" text:outline-level="2">{_words(one.texte)}</text:h>'
        return (
            '<text:list text:style-name="Articles" text:continue-numbering="true"><text:list-item>'
            f"{head}</text:list-item></text:list>"
        )
    if one.genre in {"tableau", "signature"}:
        return _table(one, signed=one.genre == "signature")
    style = "Adresse" if letter and one.genre == "visa" else _FOIS[one.genre]
    return _paragraph(one.texte, style, level=1 if one.genre in {"titre", "partie"} else 0)


def _paragraph(texte: str, style: str, level: int = 0) -> str:
    tag, about = ("text:h", f' text:outline-level="{level}"') if level else ("text:p", "")
    return f'<{tag} text:style-name="{style}"{about}>{_words(texte)}</{tag}>'


def _words(texte: str) -> str:
    return "".join(
        f'<text:span text:style-name="Fort">{escape(piece)}</text:span>' if strong else escape(piece)
        for piece, strong in pieces(texte)
    )


def _table(one: Ligne, *, signed: bool) -> str:
    """Signatures side by side, under a room to sign; a single one at the right."""
    rows = [("", *row) if signed and len(row) == 1 else row for row in one.lignes]
    columns = "".join(f'<table:table-column table:style-name="Col{share}"/>' for share in shares(rows))
    written = "".join(_row(row, signed=signed, head=not rank) for rank, row in enumerate(rows))
    return f'<table:table table:style-name="Tableau">{columns}{written}</table:table>{_paragraph("", "Vide")}'


def _row(row: tuple[str, ...], *, signed: bool, head: bool) -> str:
    case, words = ("Signe", "Signature") if signed else ("Tete", "Colonne") if head else ("", "Cellule")
    cells = "".join(
        f'<table:table-cell table:style-name="Case{case}">{_paragraph(text, words)}</table:table-cell>' for text in row
    )
    room = ' table:style-name="Place"' if signed and head else ""
    line = f"<table:table-row{room}>{cells}</table:table-row>"
    return f"<table:table-header-rows>{line}</table:table-header-rows>" if head and not signed else line


def _manifest(parts: dict[str, str]) -> str:
    lines = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kind}"/>'
        for name, kind in {"/": _KIND, **dict.fromkeys(parts, "text/xml")}.items()
    )
    names = f'xmlns:manifest="{_OASIS}:manifest:1.0" manifest:version="1.3"'
    return f"{XML}<manifest:manifest {names}>{lines}</manifest:manifest>"
