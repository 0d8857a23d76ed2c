"""What the search knows of the news and of the help."""

from typing import TYPE_CHECKING

from django.utils import timezone

from extranet.lib.apports import Entree
from extranet.lib.blocs import plain_text

if TYPE_CHECKING:
    from home.models import ActualitePage, PageStandard

COMPTES = "comptes"


def entree_actualite(page: "ActualitePage") -> Entree | None:
    """A piece of news, for those of its diffusion and within its dates."""
    if not page.live:
        return None
    published = timezone.localdate(page.first_published_at) if page.first_published_at else None
    theme = page.themes.first()
    return Entree(
        kind=page.genre,
        pk=page.pk,
        titre=page.title,
        url=page.url,
        detail=page.chapeau,
        texte=plain_text(page.corps),
        theme=theme.nom if theme else "",
        commune=page.collectivite.nom,
        annee=published.year if published else None,
        codes=tuple(page.diffusion),
        icone="megaphone-fill",
        date=published,
        debut=page.go_live_at,
        fin=page.expire_at,
    )


def entree_aide(page: "PageStandard") -> Entree | None:
    """A page of help, for whoever has an account."""
    if not page.live:
        return None
    return Entree(
        kind=page.genre,
        pk=page.pk,
        titre=page.title,
        url=page.url,
        detail=page.chapeau,
        texte=plain_text(page.corps),
        codes=(COMPTES,),
        icone="question-circle",
        debut=page.go_live_at,
        fin=page.expire_at,
    )
