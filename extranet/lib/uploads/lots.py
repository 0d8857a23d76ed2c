"""A ZIP that someone deposits: its files one by one, each on disk, within limits."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO
from zipfile import ZipFile, ZipInfo

from django.core.files import File
from django.core.files.uploadedfile import TemporaryUploadedFile

from extranet.lib.francais import milliers
from extranet.lib.uploads.archives import CHUNK, DAMAGED, MAX_UNPACKED, ArchiveEnorme, check_directory, opened
from extranet.lib.uploads.contenu import MAX_BYTES, check_size
from extranet.lib.uploads.noms import FichierRefuse, check_name

MAX_FILES = 1_000
# What systems add to an archive by themselves.
_NOISE = re.compile(r"^__MACOSX/|(?:^|/)(?:\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*|~\$[^/]*)$", re.I)
_ARCHIVES = frozenset({"zip", "7z", "rar", "gz", "tar", "tgz", "bz2", "xz"})
_UTF8 = 0x800


@dataclass(frozen=True)
class Extrait:
    """One file of the archive: either `fichier`, on disk until the next one is asked for, or `refus`, a sentence."""

    nom: str
    dossier: str
    fichier: TemporaryUploadedFile | None = None
    refus: str = ""


def open_zip(fichier: File, *, max_files: int = MAX_FILES, max_bytes: int = MAX_BYTES) -> Iterator[Extrait]:
    """The files of `fichier`, under their names checked; what each holds is left to `check_document`.

    An entry with a bad name, a nested archive, one too heavy or damaged comes with its `refus`: the others are not
    affected. Raises FichierRefuse, before the first file, when the archive as a whole is refused: password, path out
    of the folder, sizes, damage.
    """
    nom = check_name(fichier.name or "")
    check_directory(nom, "zip", fichier)
    try:
        with opened(fichier) as archive:
            entries = [
                entry for entry in archive.infolist() if not entry.is_dir() and not _NOISE.search(entry.filename)
            ]
    except (*DAMAGED, ArchiveEnorme):
        raise FichierRefuse(
            f"L’archive « {nom} » est abîmée ou incomplète. Refaites-la, puis envoyez-la de nouveau."
        ) from None
    if not entries:
        raise FichierRefuse(f"L’archive « {nom} » ne contient aucun fichier. Vérifiez-la puis recommencez.")
    if len(entries) > max_files:
        raise FichierRefuse(
            f"L’archive « {nom} » contient {milliers(len(entries))} fichiers, pour {milliers(max_files)} au "
            "plus. Partagez-les entre plusieurs archives."
        )
    return _extracts(fichier, entries, max_bytes)


def _extracts(fichier: File, entries: list[ZipInfo], max_bytes: int) -> Iterator[Extrait]:
    left = MAX_UNPACKED
    with opened(fichier) as archive:
        for entry in entries:
            folder, _, name = _name_of(entry).replace("\\", "/").rpartition("/")
            try:
                name = check_name(name)
                _check_entry(name, entry, min(max_bytes, left))
                with TemporaryUploadedFile(name, "application/octet-stream", entry.file_size, None) as target:
                    target.size = _write(archive, entry, target)
                    left -= target.size
                    yield Extrait(name, folder, target)
            except FichierRefuse as refusal:
                yield Extrait(name, folder, refus=str(refusal))


def _check_entry(nom: str, entry: ZipInfo, max_bytes: int) -> None:
    if nom.rpartition(".")[2].lower() in _ARCHIVES:
        raise FichierRefuse(
            f"« {nom} » est une archive dans l’archive. Décompressez-la et déposez ses fichiers, ou déposez-la seule."
        )
    check_size(nom, entry.file_size, max_bytes)


def _write(archive: ZipFile, entry: ZipInfo, target: IO[bytes]) -> int:
    """The bytes written: never more than announced, since the reader stops there and then checks the sum."""
    try:
        written = 0
        with archive.open(entry) as stream:
            while chunk := stream.read(CHUNK):
                written += target.write(chunk)
    except (*DAMAGED, ArchiveEnorme) as error:
        if isinstance(error, OSError) and error.errno:
            raise
        raise FichierRefuse(
            f"Dans l’archive, « {target.name} » est abîmé. Déposez ce fichier seul, ou refaites l’archive."
        ) from error
    target.flush()
    target.seek(0)
    return written


def _name_of(entry: ZipInfo) -> str:
    """Without the flag of UTF-8, the name is UTF-8 all the same (Mac), or in the code page of French Windows."""
    if entry.flag_bits & _UTF8:
        return entry.filename
    raw = entry.filename.encode("cp437", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp850")
