"""The text of a PDF, page by page, and what it would do to who opens it."""

from collections.abc import Iterator
from itertools import groupby

import pypdfium2 as pdfium
from pypdfium2 import raw

from extranet.lib.extraction.lecteurs.commun import Plein, Texte, answer, proposed
from extranet.lib.extraction.lecteurs.dangers_pdf import dangers_of

MAX_PAGES = 2_000
# Under this, a page with a picture is a picture of a page.
_FEW = 20
_HEAD = 2_000
# pdfium writes these where a word was cut at the end of a line.
_HYPHENS = ("\ufffe\r\n", "\x02\r\n", "\ufffe", "\x02")


def main(path: str, extension: str, seconds: str) -> None:
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            answer(dangers=["chiffre"])
        else:
            answer(etat="refuse", motif="Ce PDF est abîmé ou incomplet\u00a0: son texte ne se lit pas.")
        return
    dangers = dangers_of(document)
    answer(dangers=dangers)
    if not dangers:
        _read(document, Texte(float(seconds)))


def _read(document: pdfium.PdfDocument, texte: Texte) -> None:
    total, scanned, read, motif, titles = len(document), 0, 0, "", [document.get_metadata_value("Title")]
    try:
        for number in range(min(total, MAX_PAGES)):
            page = document[number]
            text = _text_of(page)
            if number:
                texte.add("\f")
            else:
                titles.append(_largest(page))
            texte.add(text)
            scanned += len(text.strip()) < _FEW and _is_picture(page)
            read += 1
            page.close()
        if total > MAX_PAGES:
            motif = f"Ce document compte {total} pages\u00a0: seules les {MAX_PAGES} premières sont cherchables."
    except Plein as full:
        motif = str(full)
    except pdfium.PdfiumError:
        motif = f"La page {read + 1} est abîmée\u00a0: seul le texte qui la précède est cherchable."
    text = texte.clean()
    etat = "partiel" if motif else "ok" if text.strip("\f") else "vide"
    if scanned and scanned * 2 >= read:
        etat, motif = "numerise", "Ce document est numérisé\u00a0: son texte n’est pas cherchable."
    answer(etat=etat, texte=text.strip("\f"), pages=total, titre=proposed(titles, text), motif=motif)


def _text_of(page: pdfium.PdfPage) -> str:
    textpage = page.get_textpage()
    try:
        text = textpage.get_text_bounded()
    finally:
        textpage.close()
    for hyphen in _HYPHENS:
        text = text.replace(hyphen, "")
    return text


def _is_picture(page: pdfium.PdfPage) -> bool:
    return any(True for _ in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3))


def _largest(page: pdfium.PdfPage) -> str:
    """The words in the largest letters of a page: what a reader takes for its title."""
    textpage = page.get_textpage()
    runs = [
        (size, "".join(character for _, character in run).strip())
        for size, run in groupby(_letters(textpage), key=lambda letter: letter[0])
    ]
    textpage.close()
    runs = [(size, text) for size, text in runs if len(text) >= 8]
    if len({size for size, _ in runs}) < 2:
        return ""
    largest = max(size for size, _ in runs)
    return next(text for size, text in runs if size == largest)


def _letters(textpage: pdfium.PdfTextPage) -> Iterator[tuple[int, str]]:
    """Spaces and ends of lines take the size of what they follow."""
    size = 0
    for index in range(min(textpage.count_chars(), _HEAD)):
        character = chr(raw.FPDFText_GetUnicode(textpage.raw, index))
        if not character.isspace():
            size = round(raw.FPDFText_GetFontSize(textpage.raw, index) * 2)
        yield size, " " if character in "\r\n" else character
