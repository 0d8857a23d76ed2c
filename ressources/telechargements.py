"""The log of the downloads, as those who look after a sheet may read it: by commune, without the names of people."""

from dataclasses import dataclass
from datetime import date

from collectivites.models import Collectivite
from ressources.models import RessourcePage, Telechargement, VersionFichier


@dataclass(frozen=True)
class Copie:
    """The last version that a commune took of a file, filled for it or blank."""

    collectivite: Collectivite
    version: VersionFichier
    jour: date
    is_courante: bool
    rempli: bool = False


def communes_of(page: RessourcePage) -> list[Copie]:
    """By commune then by file, the last copy of each. Two queries."""
    current = VersionFichier.objects.current().filter(fichier__page=page).values_list("pk", flat=True)
    taken = Telechargement.objects.filter(version__fichier__page=page).select_related(
        "collectivite", "version__fichier"
    )
    last: dict[tuple[int, int], Telechargement] = {}
    for row in taken.defer("version__texte").order_by("jour", "pk"):
        last[row.collectivite_id, row.version.fichier_id] = row
    now = set(current)
    found = [Copie(row.collectivite, row.version, row.jour, row.version_id in now, row.rempli) for row in last.values()]
    return sorted(found, key=lambda copy: (copy.collectivite.nom, copy.version.fichier_id))
