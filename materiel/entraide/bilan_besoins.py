"""What nobody could lend: counted by category, and as a workbook."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum

from extranet.lib.tableur import xlsx
from materiel.models import Besoin

COLONNES = ["Besoin", "Catégorie", "Commune", "Combien", "Du", "Au", "Occasion", "Réponses", "Publié le"]


@dataclass(frozen=True)
class Manque:
    """A category that lacks: how many needs, of how many communes, for how many units."""

    libelle: str
    besoins: int
    communes: int
    unites: int
    sans_reponse: int


def by_category(besoins: QuerySet[Besoin]) -> list[Manque]:
    rows = besoins.order_by("categorie__ordre").values_list("categorie__libelle")
    counted = rows.annotate(
        n=Count("pk"),
        places=Count("collectivite", distinct=True),
        units=Sum("quantite"),
        alone=Count("pk", filter=Q(annonce_le__isnull=False, reponses=None)),
    )
    return [Manque(*row) for row in sorted(counted, key=lambda row: -row[1])]


def workbook(besoins: QuerySet[Besoin]) -> bytes:
    rows = [
        (
            one.objet,
            one.categorie.libelle,
            one.collectivite.nom,
            one.quantite,
            one.date_debut,
            one.date_fin,
            one.occasion,
            one.nb_reponses,
            one.created_at,
        )
        for one in besoins.annotate(nb_reponses=Count("reponses"))
    ]
    return xlsx("Besoins non pourvus", COLONNES, rows)
