"""What runs behind the pages, in `veille`."""

from django_tasks import task

from ressources.depots import read_again
from ressources.enums import EtatDepot
from ressources.models import FichierDepose


@task(backend="fond")
def lire_depose(pk: int) -> str:
    """Reads a file that took too long in front of its sender; one removed or read meanwhile is left alone."""
    line = FichierDepose.objects.select_related("depot__auteur").filter(pk=pk, etat=EtatDepot.LECTURE).first()
    return read_again(line).etat if line else ""
