"""Office documents, of Microsoft and of LibreOffice: opened, titled, handed over to the reader of their kind."""

from zipfile import BadZipFile, ZipFile

from extranet.lib.extraction.lecteurs.balises import DAMAGED, Archive, Champs
from extranet.lib.extraction.lecteurs.classeurs import read_xlsx
from extranet.lib.extraction.lecteurs.commun import Plein, Refus, Texte, answer, answer_text
from extranet.lib.extraction.lecteurs.ouverts import read_open
from extranet.lib.extraction.lecteurs.word import read_docx, read_pptx

_OPEN = {"odt", "ods", "odp"}
_READERS = {
    "docx": read_docx,
    "pptx": read_pptx,
    "xlsx": read_xlsx,
    **dict.fromkeys(_OPEN, read_open),
}


def main(path: str, extension: str, seconds: str) -> None:
    try:
        with ZipFile(path) as archive:
            texte = Texte(float(seconds))
            _read(Archive(archive, texte), extension, texte)
    except Refus as refusal:
        answer(etat="refuse", motif=str(refusal))
    except (BadZipFile, RuntimeError, OSError, ValueError, IndexError, KeyError):
        answer(etat="refuse", motif=DAMAGED)


def _read(archive: Archive, extension: str, texte: Texte) -> None:
    about = Champs("title", "Pages")
    for part in ("meta.xml",) if extension in _OPEN else ("docProps/core.xml", "docProps/app.xml"):
        archive.parse(part, about)
    titles, pages, motif = [about.found.get("title", "")], 0, ""
    try:
        pages = _READERS[extension](archive, extension, texte, titles)
    except Plein as full:
        motif = str(full)
    announced = about.found.get("Pages", "")
    if extension == "docx" and announced.isdecimal():
        pages = min(int(announced), 100_000)
    answer_text(texte, titles=titles, pages=pages, motif=motif)
