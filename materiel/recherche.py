"""What the search knows of a thing to borrow: its sheet, never who has it."""

from typing import TYPE_CHECKING

from extranet.lib.apports import Entree
from extranet.lib.blocs import plain_text
from materiel.enums import StatutMateriel

if TYPE_CHECKING:
    from materiel.models import MaterielPage

RETIRE = 0.5


def entree_materiel(page: "MaterielPage") -> Entree | None:
    """A published sheet whose thing is not archived, for those of its diffusion; withdrawn, it comes last."""
    materiel = getattr(page, "materiel", None)
    if not page.live or materiel is None or materiel.statut == StatutMateriel.ARCHIVE:
        return None
    words = [
        materiel.inventaire,
        ", ".join(one.nom for one in materiel.accessoires.all()),
        ", ".join(one.libelle for one in materiel.habilitations.all()),
        materiel.consignes,
        materiel.lieu,
        plain_text(page.corps),
    ]
    return Entree(
        kind=page.genre,
        pk=page.pk,
        titre=page.title,
        url=page.adresse,
        detail=page.accroche,
        texte="\n".join(filter(None, words)),
        type=materiel.categorie.libelle,
        commune=materiel.collectivite.nom,
        codes=tuple(page.diffusion),
        icone="tools",
        debut=page.go_live_at,
        fin=page.expire_at,
        boost=RETIRE if materiel.statut == StatutMateriel.RETIRE else 1.0,
    )
