"""What is not kept: the log after a year, deposits left in the middle, files that no row names."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.storage import Storage
from django.db import transaction
from django.utils import timezone

from extranet.lib.stockage import stockage_prive
from ressources import apercus
from ressources.emporter import liens as flux
from ressources.emporter import lots
from ressources.models import Depot, FichierDepose, Reprise, Telechargement, VersionFichier
from ressources.models.depot import CONSERVATION as DEPOTS
from ressources.models.usage import CONSERVATION as JOURNAL
from ressources.partages import liens as partages

logger = logging.getLogger(__name__)

# The folders that these models alone write, and their fields: a file of one folder may be named by another model.
DOSSIERS = ("ressources", "depots", "actes")
CHAMPS = ((VersionFichier, "file"), (FichierDepose, "file"), (Reprise, "acte"))
# A file is written before its row: one of today may be about to be named.
DELAI = timedelta(days=1)
LOT = 500


def tidy() -> int:
    """Every night. Returns how many rows and files went."""
    rows = purge_log() + purge_deposits() + lots.forget() + flux.forget() + partages.forget()
    return rows + sweep_orphans() + sweep_arrivals() + apercus.sweep()


def purge_log() -> int:
    """Who took what is kept twelve months."""
    return Telechargement.objects.filter(jour__lt=timezone.localdate() - JOURNAL).delete()[0]


@transaction.atomic
def purge_deposits() -> int:
    """Their files are swept another night, as those of any row that went."""
    return Depot.objects.filter(created_at__lt=timezone.now() - DEPOTS).delete()[0]


def sweep_orphans(now: datetime | None = None) -> int:
    """Removes the files older than a day that no row names. Returns how many."""
    limit = (now or timezone.now()) - DELAI
    storage, count = stockage_prive(), 0
    for folder in DOSSIERS:
        for names in _by_lots(_old_files(storage, folder, limit)):
            for name in set(names) - _named(names):
                storage.delete(name)
                logger.info("fichier.orphelin nom=%s", name)
                count += 1
    return count


def sweep_arrivals(now: datetime | None = None) -> int:
    """Removes what a server that was killed left of the files it was receiving. Returns how many."""
    limit, count = (now or timezone.now()) - DELAI, 0
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).glob("*.upload*"):
        if path.is_file() and path.stat().st_mtime < limit.timestamp():
            path.unlink(missing_ok=True)
            logger.info("fichier.envoi_interrompu nom=%s", path.name)
            count += 1
    return count


def _named(names: list[str]) -> set[str]:
    """Those of `names` that a row holds. One query a model."""
    return {
        name
        for model, field in CHAMPS
        for name in model.objects.filter(**{f"{field}__in": names}).values_list(field, flat=True)
    }


def _old_files(storage: Storage, folder: str, limit: datetime) -> Iterator[str]:
    if not storage.exists(folder):
        return
    folders, files = storage.listdir(folder)
    for name in files:
        path = f"{folder}/{name}"
        if storage.get_modified_time(path) < limit:
            yield path
    for inner in folders:
        yield from _old_files(storage, f"{folder}/{inner}", limit)


def _by_lots(names: Iterator[str]) -> Iterator[list[str]]:
    lot: list[str] = []
    for name in names:
        lot.append(name)
        if len(lot) == LOT:
            yield lot
            lot = []
    if lot:
        yield lot
