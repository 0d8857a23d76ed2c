"""A ZIP archive written straight to who downloads it: nothing on the disk, one piece of a file in memory.

What an archive holds is already compressed (PDF, DOCX, photos): files are stored as they are. Their CRC and sizes being
known beforehand, each one stands in its header, as every programme reads it, and the length of the whole is promised
before the first byte: the browser shows how far it is, and knows an archive that was cut. A file that is left out once
the length was promised leaves its room empty: programmes follow the directory, which does not name it.

The classical format (PKWARE APPNOTE, without ZIP64): under 4 GiB and 65 535 files, far above what one takes away.
"""

import re
import struct
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from extranet.lib.uploads.noms import is_reserved

MORCEAU = 256 * 1024
MAX_OCTETS, MAX_ENTREES = 2**32 - 1, 2**16 - 1
LOCAL, CENTRAL, FIN = struct.Struct("<4s5H3L2H"), struct.Struct("<4s6H3L5H2L"), struct.Struct("<4s4H2LH")
# Names in UTF-8; stored; a plain file, readable by its owner's group, made on Unix.
UTF8, VERSION, UNIX, DROITS = 0x800, 20, 3 << 8, 0o100644 << 16
NOM_MAX, EXTENSION_MAX = 120, 10
_REFUSES = re.compile(r'[<>:"/\\|?*]')


@dataclass(frozen=True)
class Entree:
    """A file of an archive, known before it is written; `date` is read as it stands, without its time zone."""

    nom: str
    taille: int
    crc: int
    date: datetime

    @property
    def octets(self) -> bytes:
        return self.nom.encode()

    @classmethod
    def of(cls, nom: str, contenu: bytes, date: datetime) -> "Entree":
        return cls(nom, len(contenu), zlib.crc32(contenu), date)


def length_of(entrees: Iterable[Entree]) -> int:
    """Of the whole archive, to the byte. Raises ValueError past what the format holds."""
    entrees = list(entrees)
    length = FIN.size + sum(LOCAL.size + CENTRAL.size + 2 * len(one.octets) + one.taille for one in entrees)
    if length > MAX_OCTETS or len(entrees) > MAX_ENTREES:
        raise ValueError("Une archive compte moins de 4 Gio et de 65 536 fichiers.")
    return length


class Archive:
    """Written in order: `file` for each, then `close`. Each gives the bytes to send."""

    def __init__(self) -> None:
        self.ecrits = 0
        self._written: list[tuple[Entree, int]] = []

    def file(self, entree: Entree, morceaux: Iterable[bytes]) -> Iterator[bytes]:
        """Raises ValueError when the bytes are not those that were announced: the archive is then not to be ended."""
        self._written.append((entree, self.ecrits))
        yield self._counted(LOCAL.pack(b"PK\x03\x04", *_common(entree)) + entree.octets)
        sent = crc = 0
        for morceau in morceaux:
            sent, crc = sent + len(morceau), zlib.crc32(morceau, crc)
            if sent > entree.taille:
                break
            yield self._counted(morceau)
        if (sent, crc) != (entree.taille, entree.crc):
            raise ValueError(f"« {entree.nom} » n’est plus le fichier annoncé.")

    def close(self, longueur: int) -> Iterator[bytes]:
        """The directory, so that the whole makes `longueur` bytes. Raises ValueError when it is longer already."""
        directory = b"".join(_central(entree, at) for entree, at in self._written)
        room = longueur - self.ecrits - len(directory) - FIN.size
        if room < 0:
            raise ValueError("L’archive dépasse la longueur annoncée.")
        while room:
            step = min(room, MORCEAU)
            yield self._counted(bytes(step))
            room -= step
        number = len(self._written)
        end = FIN.pack(b"PK\x05\x06", 0, 0, number, number, len(directory), self.ecrits, 0)
        yield self._counted(directory + end)

    def _counted(self, data: bytes) -> bytes:
        self.ecrits += len(data)
        return data


def _common(entree: Entree) -> tuple[int, ...]:
    """From the version to the length of the extra field: the same in both headers. Years begin in 1980."""
    d = entree.date
    hour = d.hour << 11 | d.minute << 5 | d.second // 2
    day = max(d.year - 1980, 0) << 9 | d.month << 5 | d.day
    return (VERSION, UTF8, 0, hour, day, entree.crc, entree.taille, entree.taille, len(entree.octets), 0)


def _central(entree: Entree, at: int) -> bytes:
    head = CENTRAL.pack(b"PK\x01\x02", UNIX | VERSION, *_common(entree), 0, 0, 0, DROITS, at)
    return head + entree.octets


def safe_names(noms: Iterable[str]) -> list[str]:
    """Names that Windows takes, each once: « Bail.pdf », « Bail (2).pdf ». Case and accents written otherwise do not
    make two names, since it would put one file over the other. « Un bail ? » is « Un bail », with no dash left.
    """
    taken: set[str] = set()
    found = []
    for nom in noms:
        whole = _plain(nom)
        stem, dot, extension = whole.rpartition(".")
        stem, end = (stem, dot + extension) if stem and len(extension) <= EXTENSION_MAX else (whole, "")
        number, free = 1, _short(stem, end)
        while (key := unicodedata.normalize("NFKC", free).casefold()) in taken:
            number += 1
            free = _short(stem, f" ({number}){end}")
        taken.add(key)
        found.append(free)
    return found


def _plain(nom: str) -> str:
    """Without what no name may hold: controls, invisible marks, signs of paths, a dot or a space at the ends."""
    composed = unicodedata.normalize("NFC", nom)
    shown = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in composed)
    clean = " ".join(_REFUSES.sub("-", shown).split()).strip(". ")
    return f"_{clean}" if is_reserved(clean) else clean or "document"


def _short(stem: str, end: str) -> str:
    return f"{stem[: NOM_MAX - len(end)].rstrip('.- ') or 'document'}{end}"
