"""The 25 bad files of the list that the project answers to, in its order, some in several guises.

Numbers 8, 24 and 25 are not refused here: a photo is encoded again, and cells are the business of imports.
"""

import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from extranet.lib.extraction.signatures import EICAR
from tests.fichiers import bureau, documents
from tests.lib.envois import OLE, PDF, PROGRAM, picture

_ENTITY = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
_MACRO = "contient des macros, qui ne sont pas acceptées."


@dataclass(frozen=True)
class Mauvais:
    numero: int
    nom: str
    contenu: Callable[[], bytes]
    phrase: str


def _docx(**parts: str | bytes) -> bytes:
    return bureau.docx(bureau.paragraph("Bonjour"), **parts)


def _with(name: str, content: str | bytes) -> bytes:
    return bureau.packed(bureau.docx_parts(bureau.paragraph("Bonjour")) | {name: content})


def _entity(encoding: str = "utf-8") -> bytes:
    xml = f'<?xml version="1.0" encoding="{encoding}"?>{_ENTITY}<w:document xmlns:w="w">&x;</w:document>'
    return _with("word/document.xml", xml.encode(encoding))


def _macros_by_type() -> bytes:
    return _with(
        "[Content_Types].xml",
        "<Types><Override ContentType='application/vnd.ms-word.document.macroEnabled.main+xml'/></Types>",
    )


def locked(content: bytes) -> bytes:
    """Every entry marked as encrypted, in its header and in the directory."""
    data = bytearray(content)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.find(mark)
        while start >= 0:
            data[start + place] |= 1
            start = data.find(mark, start + 4)
    return bytes(data)


def archive(**entries: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in entries.items():
            target.writestr(name, content)
    return buffer.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header announces any size."""
    content = bytearray(picture("PNG"))
    content[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    content[29:33] = zlib.crc32(bytes(content[12:29])).to_bytes(4, "big")
    return bytes(content)


def photo_with_code() -> bytes:
    return picture("PNG") + b"<html><script>alert(1)</script><?php system($_GET[0]); ?>"


BAD = [
    Mauvais(1, "vide.pdf", lambda: b"", "est vide. Vérifiez qu’il s’ouvre"),
    Mauvais(2, "gros.pdf", lambda: PDF.ljust(40 * 1024**2 + 1), "pèse 40,1 Mo, pour 40 Mo au plus. Allégez-le"),
    Mauvais(3, "outil.exe", lambda: PROGRAM, "est un programme. Les programmes ne sont pas acceptés."),
    Mauvais(4, "rapport.pdf.exe", lambda: PROGRAM, "n’est pas un .pdf : sa vraie extension est .exe"),
    Mauvais(5, "rapport.pdf", lambda: PROGRAM, "est en réalité un programme. Ne l’ouvrez pas"),
    Mauvais(6, "page.pdf", lambda: b"<!DOCTYPE html><p>x", "est en réalité une page web. Imprimez-la au format PDF"),
    Mauvais(7, "photo.svg", lambda: b"<svg onload='x()'/>", "est un SVG, qui peut contenir du code."),
    Mauvais(7, "photo.jpg", lambda: b"<svg onload='x()'/>", "porte l’extension .jpg mais contient un dessin SVG."),
    Mauvais(9, "plan.png", lambda: png_that_claims(30_000, 30_000), "a beaucoup trop de points. Réduisez-la"),
    Mauvais(10, "bombe.docx", lambda: _with("word/x.bin", bytes(40_000_000)), "fois une fois décompressé"),
    Mauvais(11, "entité.docx", _entity, "fait appel à des éléments extérieurs (entités XML)"),
    Mauvais(11, "entité.docx", lambda: _entity("utf-16"), "fait appel à des éléments extérieurs (entités XML)"),
    Mauvais(12, "plan.docm", _docx, f"{_MACRO} Enregistrez-le au format .docx ou .pdf"),
    Mauvais(12, "budget.xlsm", documents.xlsx, f"{_MACRO} Enregistrez-le au format .xlsx ou .pdf"),
    Mauvais(13, "plan.docx", lambda: _with("word/vbaProject.bin", b"x"), f"{_MACRO} Enregistrez-le sans macros"),
    Mauvais(13, "plan.docx", _macros_by_type, f"{_MACRO} Enregistrez-le sans macros"),
    Mauvais(
        13,
        "plan.odt",
        lambda: bureau.open_document("text", "<x/>", **{"Basic/Standard/Module1.xml": "<m/>"}),
        f"{_MACRO} Enregistrez-le sans macros, au format .odt",
    ),
    Mauvais(14, "photos.zip", lambda: archive(**{"../../a.txt": b"x"}), "qui s’écrirait hors de son dossier"),
    Mauvais(
        14,
        "plan.odt",
        lambda: bureau.open_document("text", "<x/>", **{"Pictures/../../a": b"x"}),
        "qui s’écrirait hors de son dossier",
    ),
    Mauvais(15, "a.pdf", lambda: documents.changed("javascript"), "contient un programme (JavaScript)"),
    Mauvais(15, "a.pdf", lambda: documents.changed("javascript en page"), "contient un programme (JavaScript)"),
    Mauvais(15, "a.pdf", lambda: documents.changed("lancement"), "veut lancer un programme"),
    Mauvais(15, "a.pdf", lambda: documents.changed("fichier joint"), "contient un autre fichier"),
    Mauvais(15, "a.pdf", lambda: documents.changed("formulaire"), "est un formulaire d’Adobe (XFA)"),
    Mauvais(16, "a.pdf", lambda: documents.changed("mot de passe"), "est protégé par un mot de passe"),
    Mauvais(16, "a.zip", lambda: locked(archive(**{"a.txt": b"x"})), "est protégée par un mot de passe"),
    Mauvais(16, "a.docx", lambda: locked(_docx()), "est protégé par un mot de passe"),
    Mauvais(16, "a.docx", lambda: OLE, "protégé par un mot de passe. Enregistrez-le au format .docx"),
    Mauvais(
        17, "../../etc/passwd", lambda: PDF, "contient un chemin de dossier. Envoyez le fichier sous son seul nom."
    ),
    Mauvais(18, "plan\0.pdf", lambda: PDF, "contient un caractère invisible. Renommez le fichier"),
    Mauvais(18, "plan\n.pdf", lambda: PDF, "contient un caractère invisible. Renommez le fichier"),
    Mauvais(18, "plan\u202efdp.pdf", lambda: PDF, "contient un caractère qui inverse le sens de lecture"),
    Mauvais(19, "a" * 296 + ".pdf", lambda: PDF, "compte 300 caractères. Raccourcissez-le à 200 au plus."),
    Mauvais(20, "CON.pdf", lambda: PDF, "est un nom réservé par Windows"),
    Mauvais(20, "...", lambda: PDF, "Ce fichier n’a pas de nom. Renommez-le"),
    Mauvais(20, "   ", lambda: PDF, "Ce fichier n’a pas de nom. Renommez-le"),
    Mauvais(21, "eicar.txt", lambda: EICAR, "contient un virus, ou sa signature d’essai. Ne l’ouvrez pas"),
    Mauvais(22, "eicar.docx", lambda: _with("word/media/e.com", EICAR), "dans « word/media/e.com ». Ne l’ouvrez pas"),
    Mauvais(23, "photo.jpg", lambda: picture(size=(600, 400))[:2_000], "est abîmée ou incomplète."),
]
