"""Lots of documents: asked for, prepared behind the page, written while they are sent.

No archive lies on the disk: a file of it would hold tomorrow what its reader may no longer see. A lot is a list of
versions; each one is asked through the gate just before its first byte leaves, as if it were downloaded alone, and is
logged as a copy. What was closed in the meantime is left out, and the archive says how many, never which.
"""

import hashlib
import logging
import threading
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from collectivites.journal import record
from collectivites.models import Agent
from extranet.lib.archive import MORCEAU, Archive, Entree, length_of, safe_names
from ressources.emporter import contenu
from ressources.models import Lot, PieceLot, VersionFichier
from ressources.models.emport import VIE
from ressources.usages import log_copy

if TYPE_CHECKING:
    from collectivites.models import Collectivite

logger = logging.getLogger(__name__)

# Each archive under way holds a thread of the server: the others are for those who read pages. Nobody holds them all.
PLACES = threading.BoundedSemaphore(4)
PAR_PERSONNE = 2
_tenues: Counter[int] = Counter()
_compte = threading.Lock()


@transaction.atomic
def create(agent: Agent, titre: str, versions: list[VersionFichier]) -> Lot:
    """A lot to prepare. What may be taken, and how much, was asked before."""
    lot = Lot.objects.create(agent=agent, titre=titre)
    names = safe_names([contenu.NOM, *map(_name, versions)])[1:]
    PieceLot.objects.bulk_create(
        PieceLot(lot=lot, rang=rang, version=version, chemin=name)
        for rang, (version, name) in enumerate(zip(versions, names, strict=True))
    )
    return lot


def _name(version: VersionFichier) -> str:
    """By the title of its sheet, which is what it was chosen by, and its own when the sheet has several files."""
    page, nom = version.fichier.page, version.fichier.nom
    return f"{page.title}{f', {nom}' if nom else ''}.{version.extension}"


def prepare(lot: Lot) -> int:
    """Reads each file once: whole, it has a CRC. Taken up where it was left. Returns how many can be given."""
    waiting = lot.pieces.filter(lue=False).select_related("version").defer("version__texte")
    for piece in waiting:
        PieceLot.objects.filter(pk=piece.pk).update(lue=True, crc=_checksum(piece.version))
    Lot.objects.filter(pk=lot.pk, pret_le=None).update(pret_le=timezone.now())
    return lot.pieces.exclude(crc=None).count()


def _checksum(version: VersionFichier) -> int | None:
    """None for a file that the storage has lost, or whose bytes are no longer those that were published."""
    crc, size, digest = 0, 0, hashlib.sha256()
    try:
        with version.file.open("rb") as content:
            for morceau in _read(content):
                crc, size = zlib.crc32(morceau, crc), size + len(morceau)
                digest.update(morceau)
    except OSError:
        logger.exception("lot.fichier_illisible version=%s", version.pk)
        return None
    if (size, digest.hexdigest()) != (version.taille, version.sha256):
        logger.error("lot.fichier_altere version=%s", version.pk)
        return None
    return crc


def _read(content: IO[bytes]) -> Iterator[bytes]:
    while morceau := content.read(MORCEAU):
        yield morceau


def allowed(agent_pk: int, version_pk: int) -> VersionFichier | None:
    """The version, when this person may take it at this very moment. Nothing is remembered from one to the next."""
    agent = Agent.objects.filter(pk=agent_pk, is_active=True, efface_le=None).first()
    if agent is None:
        return None
    seen = VersionFichier.objects.visible_to(agent).filter(pk=version_pk).select_related("fichier__page")
    return seen.defer("texte", "fichier__page__corps").first()


class Envoi:
    """An archive on its way: `longueur` bytes, promised before the first. Closed by the server, whole or cut.

    What could be seen no more when it begins is not in the length; what is closed while it leaves stays a blank.
    """

    def __init__(self, lot: Lot, agent: Agent, collectivite: "Collectivite | None", site: str) -> None:
        self.lot, self.agent, self.collectivite = lot, agent, collectivite
        self.demandes = lot.pieces.count()
        visible = VersionFichier.objects.visible_to(agent).order_by().values("pk")
        self.pieces = list(
            lot.pieces.filter(version__in=visible)
            .exclude(crc=None)
            .select_related("version__fichier__page__collectivite", "version__fichier__page__photo__collectivite")
            .defer("version__texte", "version__fichier__page__corps")
        )
        self.texte = contenu.Contenu(lot, [piece.version for piece in self.pieces], site)
        entrees = [_entry(piece) for piece in self.pieces]
        self.longueur = length_of([*entrees, self._contents(range(len(self.pieces)))[0]])
        self._bytes = self._write(entrees)
        self._held = False

    def begin(self) -> bool:
        """False when too many archives are on their way, for all or for this person."""
        with _compte:
            self._held = _tenues[self.agent.pk] < PAR_PERSONNE and PLACES.acquire(blocking=False)
            if self._held:
                _tenues[self.agent.pk] += 1
        return self._held

    def __iter__(self) -> Iterator[bytes]:
        return self._bytes

    def close(self) -> None:
        self._bytes.close()
        if self._held:
            self._held = False
            with _compte:
                _tenues[self.agent.pk] -= 1
                if not _tenues[self.agent.pk]:
                    del _tenues[self.agent.pk]
            PLACES.release()

    def _write(self, entrees: list[Entree]) -> Iterator[bytes]:
        archive, given = Archive(), []
        for rang, (piece, entree) in enumerate(zip(self.pieces, entrees, strict=True)):
            version = allowed(self.agent.pk, piece.version_id)
            if version is None:
                continue
            try:
                content = version.file.open("rb")
            except FileNotFoundError:
                logger.exception("lot.fichier_disparu version=%s", version.pk)
                continue
            log_copy(version, self.agent, self.collectivite)
            given.append(rang)
            with content:
                yield from archive.file(entree, _read(content))
        entree, words = self._contents(given)
        yield from archive.file(entree, [words])
        self._note(len(given))
        yield from archive.close(self.longueur)

    def _contents(self, rangs: "range | list[int]") -> tuple[Entree, bytes]:
        """« contenu.txt », last: it says what was really put in."""
        words = self.texte.of([(self.pieces[rang].chemin, rang) for rang in rangs], self.demandes - len(rangs))
        return Entree.of(contenu.NOM, words, timezone.localtime(self.lot.created_at)), words

    def _note(self, number: int) -> None:
        Lot.objects.filter(pk=self.lot.pk).update(pris_le=timezone.now())
        record(
            "lot.pris",
            self.lot,
            agent=self.agent,
            collectivite=self.collectivite,
            libelle=self.lot.titre,
            fichiers=number,
            laisses=self.demandes - number,
        )


def _entry(piece: PieceLot) -> Entree:
    version = piece.version
    return Entree(piece.chemin, version.taille, piece.crc, timezone.localtime(version.publiee_le))


def forget() -> int:
    """Lots of more than a day, with their lists. Returns how many."""
    return Lot.objects.filter(created_at__lt=timezone.now() - VIE).delete()[1].get("ressources.Lot", 0)
