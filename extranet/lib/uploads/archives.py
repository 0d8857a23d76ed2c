"""What lies inside a ZIP, an Office document included, read within limits and without trusting what it says of itself.

Limits: the unpacked size, 100 times the packed one, 5 000 entries, and a directory of 1 MB, which keeps the memory of
who reads it under some 20 MB.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError

from extranet.lib.extraction.signatures import EICAR
from extranet.lib.francais import milliers
from extranet.lib.uploads.noms import FichierRefuse

MAX_ENTRIES = 5_000
MAX_UNPACKED = 500 * 1024 * 1024
MAX_RATIO = 100
CHUNK = 64 * 1024
# Under this, no ratio can harm: an empty sheet shrinks a hundred times.
_SMALL = 1024 * 1024
_MAX_DIRECTORY = 1024 * 1024
_ENCRYPTED = 0x1
DAMAGED = (BadZipFile, ZlibError, EOFError, OSError, RuntimeError, NotImplementedError, ValueError, IndexError)

_OUTSIDE = re.compile(r"^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)")
_XML = re.compile(r"\.(?:xml|rels|rdf|vml)$", re.I)
_MACROS = re.compile(r"(?:^|/)vbaProject\w*\.bin$|^Basic/[^/]+/(?!script-lb\.xml$)[^/]+|^Scripts/.*[^/]$", re.I)
# OpenOffice 2 announced the grammar of its manifest; without a body, it changes nothing.
_MANIFEST = "META-INF/manifest.xml"
_CURES = {"zip": "Si elle vient de vous, décompressez-la et déposez ses fichiers. Sinon, ne l’ouvrez pas."}
_CURE = "S’il vient de vous, enregistrez-le au format PDF puis recommencez. Sinon, ne l’ouvrez pas."


class ArchiveEnorme(Exception):
    """The directory alone would fill the memory."""


class _Borne:
    """An open file that never gives more than a directory's size at once: ZipFile reads what it is told to."""

    def __init__(self, fichier: IO[bytes]) -> None:
        self.fichier = fichier

    def read(self, size: int = -1) -> bytes:
        if size > _MAX_DIRECTORY:
            raise ArchiveEnorme
        data = self.fichier.read(_MAX_DIRECTORY + 1 if size < 0 else size)
        if len(data) > _MAX_DIRECTORY:
            raise ArchiveEnorme
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        return self.fichier.seek(offset, whence)

    def tell(self) -> int:
        return self.fichier.tell()

    def seekable(self) -> bool:
        return True


@contextmanager
def opened(fichier: IO[bytes]) -> Iterator[ZipFile]:
    """The archive, its file left at its beginning. Raises ArchiveEnorme and what DAMAGED holds."""
    fichier.seek(0)
    try:
        with ZipFile(_Borne(fichier)) as archive:
            yield archive
    finally:
        fichier.seek(0)


def check_directory(nom: str, extension: str, fichier: IO[bytes]) -> None:
    """What the archive announces: entries, paths, passwords, sizes. Raises FichierRefuse.

    Says nothing of a file that is no archive: its true kind is told elsewhere.
    """
    subject, cure = f"Le fichier « {nom} »", _CURES.get(extension, _CURE)
    if extension == "zip":
        subject = f"L’archive « {nom} »"
    try:
        with opened(fichier) as archive:
            entries = archive.infolist()
    except ArchiveEnorme:
        raise FichierRefuse(f"{subject} compte beaucoup trop d’éléments. {cure}") from None
    except DAMAGED:
        return
    if len(entries) > MAX_ENTRIES:
        raise FichierRefuse(
            f"{subject} compte {milliers(len(entries))} éléments, pour {milliers(MAX_ENTRIES)} au plus. {cure}"
        )
    if any(_OUTSIDE.search(entry.orig_filename) for entry in entries):
        raise FichierRefuse(
            f"{subject} contient un élément qui s’écrirait hors de son dossier, comme le ferait un piège. Ne "
            "l’ouvrez pas et demandez à l’expéditeur un fichier sain."
        )
    _check_password(subject, extension, entries)
    _check_unpacked(subject, cure, entries, fichier.size)
    if any(entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for entry in entries):
        raise FichierRefuse(f"{subject} est compressé d’une façon que nous n’ouvrons pas. {cure}")


def _check_password(subject: str, extension: str, entries: list[ZipInfo]) -> None:
    hidden = any(entry.flag_bits & _ENCRYPTED or entry.filename == "encrypted-package" for entry in entries)
    if hidden and extension == "zip":
        raise FichierRefuse(
            f"{subject} est protégée par un mot de passe : nous ne pouvons pas vérifier ses fichiers. Déposez-les "
            "sans mot de passe."
        )
    if hidden:
        raise _password(subject)


def _password(subject: str) -> FichierRefuse:
    return FichierRefuse(
        f"{subject} est protégé par un mot de passe : nous ne pouvons pas le vérifier. Enregistrez-le sans mot "
        "de passe puis recommencez."
    )


def _check_unpacked(subject: str, cure: str, entries: list[ZipInfo], packed: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED:
        raise FichierRefuse(
            f"{subject} pèserait {milliers(unpacked // 1024**2)} Mo une fois décompressé, pour "
            f"{MAX_UNPACKED // 1024**2} Mo au plus. {cure}"
        )
    if unpacked > _SMALL and unpacked > MAX_RATIO * packed:
        raise FichierRefuse(
            f"{subject} grossirait {milliers(unpacked // packed)} fois une fois décompressé, comme le ferait un piège. "
            f"{cure}"
        )


def check_contents(nom: str, fichier: IO[bytes]) -> None:
    """Every entry of an Office document, read to its end. Raises FichierRefuse: macros, entities, signature, damage.

    Nothing is kept: 64 kB at a time. An entry longer than it announces fails its control sum.
    """
    subject = f"Le fichier « {nom} »"
    try:
        with opened(fichier) as archive:
            for entry in archive.infolist():
                if _MACROS.search(entry.filename):
                    raise _macros(nom)
                _check_entry(nom, subject, archive, entry)
    except (*DAMAGED, ArchiveEnorme) as error:
        raise FichierRefuse(
            f"{subject} est abîmé ou incomplet. Vérifiez qu’il s’ouvre, enregistrez-le de nouveau puis recommencez."
        ) from error


def _macros(nom: str) -> FichierRefuse:
    extension = nom.rpartition(".")[2]
    return FichierRefuse(
        f"Le fichier « {nom} » contient des macros, qui ne sont pas acceptées. Enregistrez-le sans macros, "
        f"au format .{extension} ou .pdf, puis recommencez."
    )


def _check_entry(nom: str, subject: str, archive: ZipFile, entry: ZipInfo) -> None:
    prologue = _Prologue(entry.filename) if _XML.search(entry.filename) else None
    types = entry.filename == "[Content_Types].xml"
    seen = b""
    with archive.open(entry) as stream:
        while chunk := stream.read(CHUNK):
            seen = seen[-len(EICAR) :] + chunk
            if EICAR in seen:
                raise FichierRefuse(
                    f"{subject} contient un virus, ou sa signature d’essai, dans « {entry.filename} ». Ne l’ouvrez pas "
                    "et prévenez votre service informatique."
                )
            if types and b"macroEnabled" in seen:
                raise _macros(nom)
            if prologue:
                prologue.feed(chunk)
                _check_prologue(subject, prologue)


def _check_prologue(subject: str, prologue: "_Prologue") -> None:
    if prologue.hidden:
        raise _password(subject)
    if prologue.declared:
        raise FichierRefuse(
            f"{subject} fait appel à des éléments extérieurs (entités XML), comme le ferait un piège. {_CURE}"
        )


class _Prologue:
    """What comes before the first element of an XML part: nothing more is parsed, so no entity is ever opened.

    `declared`: a document type is, as no Office software writes. `hidden`: a manifest names encrypted parts.
    """

    def __init__(self, name: str) -> None:
        self.manifest, self.declared, self.hidden, self.started = name == _MANIFEST, False, False, False
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._declare
        self.parser.StartElementHandler = self._start

    def feed(self, data: bytes) -> None:
        self.hidden = self.manifest and b"encryption-data" in data
        if self.started or self.declared:
            return
        try:
            self.parser.Parse(data, False)
        except expat.ExpatError as error:
            if not self.started:
                raise BadZipFile("XML illisible") from error

    def _declare(self, name: str, system: str | None, public: str | None, has_body: bool) -> None:
        self.declared = bool(has_body) or not self.manifest

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.started = True
        # One element is enough: the rest of the chunk is not parsed.
        self.parser.StartElementHandler = None
