"""What a file really holds, by its first bytes, against what its name says (ASVS 5.2.2)."""

import re
from math import ceil
from typing import IO

from django.core.files import File

from extranet.lib.extraction import DANGERS, Lecture
from extranet.lib.extraction.signatures import EICAR
from extranet.lib.uploads.archives import CHUNK, DAMAGED, ArchiveEnorme, check_contents, check_directory, opened
from extranet.lib.uploads.noms import FichierRefuse, check_extension, check_name

MAX_BYTES = 40 * 1024 * 1024
_OFFICE_DOCUMENTS = frozenset({"docx", "xlsx", "pptx", "odt", "ods", "odp"})
DOCUMENTS = _OFFICE_DOCUMENTS | {"pdf", "csv", "txt", "rtf", "eml"}
# Kept once encoded again by `clean_picture`.
PHOTOS = frozenset({"jpg", "jpeg", "png", "webp", "heic", "gif"})
# Opened by `open_zip`, and never kept.
ARCHIVES = frozenset({"zip"})
DEPOT = DOCUMENTS | PHOTOS | ARCHIVES

_HEAD = 1024
_BLANK = b"\xef\xbb\xbf \t\r\n"
# The kind found, and how it is called in a sentence.
_NAMES = {
    "pdf": "un PDF",
    "jpeg": "une image JPEG",
    "png": "une image PNG",
    "gif": "une image GIF",
    "webp": "une image WebP",
    "heic": "une photo HEIC",
    "svg": "un dessin SVG",
    "html": "une page web",
    "rtf": "un texte RTF",
    "docx": "un document Word",
    "xlsx": "un classeur Excel",
    "pptx": "une présentation PowerPoint",
    "odt": "un texte LibreOffice",
    "ods": "un classeur LibreOffice",
    "odp": "une présentation LibreOffice",
    "zip": "une archive ZIP",
    "ole": "un document Office d’un ancien format, ou protégé par un mot de passe",
    "programme": "un programme",
    "texte": "du texte",
    "inconnu": "quelque chose que nous ne reconnaissons pas",
}
_MAGIC = (
    (b"%PDF-", "pdf"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF8", "gif"),
    (b"{\\rtf", "rtf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"#!", "programme"),
)
# Of Windows, Linux and the Mac; a text may begin like one, but holds no zero.
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_MARKUP = (
    (re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!DOCTYPE svg|<svg)", re.I | re.S), "svg"),
    (re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!DOCTYPE html|html|head|body|script|iframe|meta)\b", re.I | re.S), "html"),
)
_EXPECTED = {"csv": "texte", "txt": "texte", "eml": "texte", "jpg": "jpeg"}
_OFFICE = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}
_OPEN_DOCUMENT = {"text": "odt", "spreadsheet": "ods", "presentation": "odp"}


def check_document(fichier: File, *, accepted: frozenset[str] = DOCUMENTS, max_bytes: int = MAX_BYTES) -> str:
    """The name under which we keep the file. Raises FichierRefuse for its name, its size or its content.

    What a PDF or a mail hides shows only once opened, apart: see `check_reading`.
    """
    check_name(getattr(fichier, "nom_envoye", "") or fichier.name or "")
    nom = check_name(fichier.name or "")
    extension = check_extension(nom, accepted)
    check_size(nom, fichier.size, max_bytes)
    _check_signature(nom, fichier)
    if extension in _OFFICE_DOCUMENTS | ARCHIVES:
        check_directory(nom, extension, fichier)
    found = kind_of(fichier)
    if found != _EXPECTED.get(extension, extension):
        raise _other_kind(nom, extension, found)
    if extension in _OFFICE_DOCUMENTS:
        check_contents(nom, fichier)
    return nom


def check_reading(nom: str, lecture: Lecture) -> None:
    """What `extraction.read_text` met in the file and we do not take. Raises FichierRefuse."""
    for danger in lecture.dangers:
        raise FichierRefuse(f"Le fichier « {nom} » {DANGERS[danger]}")


def _other_kind(nom: str, extension: str, found: str) -> FichierRefuse:
    if found == "programme":
        return FichierRefuse(
            f"Le fichier « {nom} » est en réalité un programme. Ne l’ouvrez pas et prévenez votre service informatique."
        )
    if found == "html":
        return FichierRefuse(
            f"Le fichier « {nom} » est en réalité une page web. Imprimez-la au format PDF depuis votre navigateur."
        )
    if found == "ole":
        return FichierRefuse(
            f"Le fichier « {nom} » est {_NAMES['ole']}. Enregistrez-le au format .{extension}, sans mot de passe."
        )
    return FichierRefuse(
        f"Le fichier « {nom} » porte l’extension .{extension} mais contient {_NAMES[found]}. Enregistrez-le de nouveau "
        "depuis le logiciel qui l’a créé, ou corrigez son extension."
    )


def _check_signature(nom: str, fichier: File) -> None:
    """The one signature known without an antivirus: enough to try the way from end to end."""
    fichier.seek(0)
    seen = b""
    while chunk := fichier.read(16 * CHUNK):
        seen = seen[-len(EICAR) :] + chunk
        if EICAR in seen:
            raise FichierRefuse(
                f"Le fichier « {nom} » contient un virus, ou sa signature d’essai. Ne l’ouvrez pas et prévenez votre "
                "service informatique."
            )
    fichier.seek(0)


ALLEGER = "Allégez-le, par exemple en réduisant ses images."


def check_size(nom: str, size: int, max_bytes: int, *, conseil: str = ALLEGER) -> None:
    """Neither empty nor too heavy; `conseil` says what to do then. Raises FichierRefuse."""
    if not size:
        raise FichierRefuse(f"Le fichier « {nom} » est vide. Vérifiez qu’il s’ouvre, puis envoyez-le de nouveau.")
    if size > max_bytes:
        # Rounded up: a byte over 40 Mo is not « 40 Mo, pour 40 Mo au plus ».
        megabytes = f"{ceil(size * 10 / 1024**2) / 10:.1f}".replace(".", ",").removesuffix(",0")
        raise FichierRefuse(
            f"Le fichier « {nom} » pèse {megabytes} Mo, pour {max_bytes // 1024**2} Mo au plus. {conseil}"
        )


def kind_of(fichier: IO[bytes]) -> str:
    """The kind of the content, a key of `_NAMES`; the file is left at its beginning."""
    fichier.seek(0)
    head = fichier.read(_HEAD)
    try:
        return _kind_of_zip(fichier) if head.startswith(b"PK\x03\x04") else _kind_of_head(head)
    finally:
        fichier.seek(0)


def name_of_kind(kind: str) -> str:
    """« un PDF », « une page web »: a kind in a sentence."""
    return _NAMES[kind]


def _kind_of_head(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\0" in head:
        head = head[: len(head) & ~1].decode("utf-16", "ignore").encode()
    start = head.lstrip(_BLANK)
    for mark, kind in _MAGIC:
        if start.startswith(mark):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return "heic"
    for pattern, kind in _MARKUP:
        if pattern.match(start):
            return kind
    if b"\0" not in head:
        return "texte"
    return "programme" if head.startswith(_PROGRAMS) else "inconnu"


def _kind_of_zip(fichier: IO[bytes]) -> str:
    try:
        with opened(fichier) as archive:
            names = archive.namelist()
            if "mimetype" in names:
                with archive.open("mimetype") as entry:
                    mime = entry.read(100).decode("ascii", "replace")
                return _OPEN_DOCUMENT.get(mime.removeprefix("application/vnd.oasis.opendocument.").strip(), "zip")
    except ArchiveEnorme:
        return "zip"
    except DAMAGED:
        return "inconnu"
    if "[Content_Types].xml" in names:
        return next((kind for folder, kind in _OFFICE.items() if any(name.startswith(folder) for name in names)), "zip")
    return "zip"
