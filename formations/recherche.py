"""What the search knows of a training: its sheet, never who is in it."""

from typing import TYPE_CHECKING

from extranet.lib.apports import Entree
from extranet.lib.blocs import plain_text

if TYPE_CHECKING:
    from formations.models import FormationPage


def entree_formation(page: "FormationPage") -> Entree | None:
    """A published sheet that is not archived, for those of its diffusion."""
    if not page.live or page.archivee_le is not None:
        return None
    words = [
        page.objectifs,
        page.titre_delivre.libelle if page.titre_delivre else "",
        ", ".join(one.libelle for one in page.publics.all()),
        page.organisme,
        page.prerequis,
        plain_text(page.corps),
    ]
    return Entree(
        kind=page.genre,
        pk=page.pk,
        titre=page.title,
        url=page.adresse,
        detail=page.accroche,
        texte="\n".join(filter(None, words)),
        theme=page.theme.nom,
        codes=tuple(page.diffusion),
        icone="mortarboard",
        debut=page.go_live_at,
        fin=page.expire_at,
    )
