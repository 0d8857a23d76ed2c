"""What runs behind the pages, in `veille`."""

from django_tasks import task
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from ressources import actes, apercus
from ressources.analyse import analyse_all, pending, pending_count
from ressources.depots import read_again
from ressources.emporter import lots
from ressources.enums import EtatDepot
from ressources.models import FichierDepose, Lot, VersionFichier


@task(backend="fond")
def lire_depose(pk: int) -> str:
    """Reads a file that took too long in front of its sender; one removed or read meanwhile is left alone."""
    line = FichierDepose.objects.select_related("depot__auteur").filter(pk=pk, etat=EtatDepot.LECTURE).first()
    return read_again(line).etat if line else ""


# Versions read by one task: the next one goes on.
LOT = 50


@task(backend="fond")
def analyser_versions() -> int:
    """Reads what waits, the oldest first, and looks at the acts of communes. Returns how many."""
    acts = actes.pending().select_related("page", "collectivite", "agent").order_by("pk")
    versions = pending().select_related("fichier__page", "auteur").defer("texte").order_by("pk")
    return len(actes.examine_all(acts[:LOT])) + len(analyse_all(versions[:LOT]))


def request_pending() -> bool:
    """Asks for a reading of what waits, unless one is asked for already."""
    queued = DBTaskResult.objects.filter(
        task_path=analyser_versions.module_path, status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING]
    )
    if queued.exists() or not pending_count():
        return False
    analyser_versions.enqueue()
    return True


@task(backend="fond")
def dessiner(pk: int) -> int:
    """Draws the first pages of a version; how many."""
    version = VersionFichier.objects.defer("texte").filter(pk=pk).first()
    return apercus.draw(version) if version else 0


@task(backend="fond")
def preparer_lot(pk: str) -> int:
    """Reads the files of a lot; how many can be given. One forgotten meanwhile is left alone."""
    lot = Lot.objects.filter(pk=pk, pret_le=None).first()
    return lots.prepare(lot) if lot else 0
