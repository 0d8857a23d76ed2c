"""A small writer of ODT, with what `word` has."""

from html import escape

from ressources.demo.ecriture.commun import A_REMPLIR, XML, zipped
from ressources.demo.textes import Bloc, Texte

_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
_NAMES = {
    "office": "office",
    "text": "text",
    "table": "table",
    "style": "style",
    "meta": "meta",
    "fo": "xsl-fo-compatible",
}


def _style(name: str, about: str, run: str = "", *, family: str = "paragraph") -> str:
    inside = (f"<style:paragraph-properties {about}/>" if about else "") + (
        f"<style:text-properties {run}/>" if run else ""
    )
    return f'<style:style style:name="{name}" style:family="{family}">{inside}</style:style>'


_BOLD, _SMALL = 'fo:font-weight="bold"', 'fo:font-size="9pt"'
_STYLES = (
    _style("Corps", 'fo:margin-bottom="0.2cm"')
    + _style("Titre", 'fo:margin-bottom="0.4cm"', f'{_BOLD} fo:font-size="20pt"')
    + _style("Titre1", 'fo:margin-top="0.5cm" fo:margin-bottom="0.2cm"', f'{_BOLD} fo:font-size="13pt"')
    + _style("Surtitre", 'fo:margin-bottom="0.1cm"', f"{_BOLD} {_SMALL}")
    + _style("Avertissement", 'fo:border="0.5pt solid #7d8883" fo:padding="0.15cm" fo:margin-bottom="0.4cm"', _SMALL)
    + _style("Colonne", "", _BOLD)
    + _style("Credit", 'fo:margin-top="0.6cm"', _SMALL)
    + _style("Champ", "", 'fo:background-color="#fff2a8"', family="text")
    + '<style:style style:name="Case" style:family="table-cell"><style:table-cell-properties '
    'fo:border="0.5pt solid #7d8883" fo:padding="0.1cm"/></style:style>'
    + '<text:list-style style:name="Puces">'
    + "".join(
        f'<text:list-level-style-bullet text:level="{level}" text:bullet-char="–"><style:list-level-properties '
        'text:list-level-position-and-space-mode="label-alignment"><style:list-level-label-alignment '
        f'text:label-followed-by="listtab" fo:text-indent="-0.5cm" fo:margin-left="{level * 0.6}cm"/>'
        "</style:list-level-properties></text:list-level-style-bullet>"
        for level in range(1, 5)
    )
    + "</text:list-style>"
)


def odt(texte: Texte) -> bytes:
    body = [
        *([_paragraph(texte.surtitre, "Surtitre")] if texte.surtitre else []),
        _paragraph(texte.titre, "Titre", level=1),
        *([_paragraph(texte.avertissement, "Avertissement")] if texte.avertissement else []),
    ]
    for partie in texte.parties:
        body += [_paragraph(partie.titre, "Titre1", level=2)] if partie.titre else []
        body += [_block(bloc) for bloc in partie.blocs]
    body += [_paragraph(texte.credit, "Credit")] if texte.credit else []
    names = " ".join(f'xmlns:{name}="{_OASIS}:{uri}:1.0"' for name, uri in _NAMES.items())
    content = (
        f'{XML}<office:document-content {names} office:version="1.3"><office:automatic-styles>{_STYLES}'
        f"</office:automatic-styles><office:body><office:text>{''.join(body)}</office:text></office:body>"
        "</office:document-content>"
    )
    meta = (
        f'{XML}<office:document-meta {names} xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3">'
        f"<office:meta><dc:title>{escape(texte.titre)}</dc:title><dc:creator>{escape(texte.auteur)}</dc:creator>"
        "<dc:language>fr-FR</dc:language></office:meta></office:document-meta>"
    )
    kind = "application/vnd.oasis.opendocument.text"
    return zipped(
        {
            "mimetype": kind,
            "content.xml": content,
            "meta.xml": meta,
            "META-INF/manifest.xml": _manifest(kind),
        }
    )


def _paragraph(text: str, style: str = "Corps", level: int = 0) -> str:
    pieces = (
        f'<text:span text:style-name="Champ">{escape(piece)}</text:span>'
        if A_REMPLIR.fullmatch(piece)
        else escape(piece)
        for piece in A_REMPLIR.split(text)
    )
    tag, about = ("text:h", f' text:outline-level="{level}"') if level else ("text:p", "")
    return f'<{tag} text:style-name="{style}"{about}>{"".join(pieces)}</{tag}>'


def _block(bloc: Bloc) -> str:
    if bloc.genre == "texte":
        return _paragraph(bloc.texte)
    if bloc.genre == "liste":
        return "".join(_item(level, item) for level, item in bloc.items)
    columns = f'<table:table-column table:number-columns-repeated="{len(bloc.lignes[0])}"/>'
    rows = ["".join(_cell(cell, head=not rank) for cell in row) for rank, row in enumerate(bloc.lignes)]
    head, *others = (f"<table:table-row>{row}</table:table-row>" for row in rows)
    header = f"<table:table-header-rows>{head}</table:table-header-rows>"
    return f"<table:table>{columns}{header}{''.join(others)}</table:table>"


def _item(level: int, item: str) -> str:
    start, end = "<text:list><text:list-item>" * (level + 1), "</text:list-item></text:list>" * (level + 1)
    return start.replace("<text:list>", '<text:list text:style-name="Puces">', 1) + _paragraph(item) + end


def _cell(text: str, *, head: bool) -> str:
    style = "Colonne" if head else "Corps"
    return f'<table:table-cell table:style-name="Case">{_paragraph(text, style)}</table:table-cell>'


def _manifest(kind: str) -> str:
    files = {"/": kind, "content.xml": "text/xml", "meta.xml": "text/xml"}
    lines = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{type_}"/>'
        for name, type_ in files.items()
    )
    names = f'xmlns:manifest="{_OASIS}:manifest:1.0" manifest:version="1.3"'
    return f"{XML}<manifest:manifest {names}>{lines}</manifest:manifest>"
