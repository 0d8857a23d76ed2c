"""Pages of the home app, placed in the tree that `installer` makes."""

from datetime import datetime
from itertools import count

from django.utils import timezone

from collectivites.diffusion import TOUTES
from collectivites.models import Collectivite
from home.models import ActualitePage, ActualitesPage, AidePage, PageStandard

_numbers = count(1)


def make_actualite(
    collectivite: Collectivite, titre: str = "", *, live: bool = True, **fields: object
) -> ActualitePage:
    """A piece of news for all, published now unless told otherwise."""
    moment: datetime | None = timezone.now() if live else None
    fields.setdefault("diffusion", [TOUTES])
    fields.setdefault("chapeau", "En une phrase.")
    fields.setdefault("first_published_at", moment)
    fields.setdefault("last_published_at", fields["first_published_at"])
    page = ActualitePage(title=titre or f"Actualité {next(_numbers)}", collectivite=collectivite, live=live, **fields)
    return ActualitesPage.objects.get().add_child(instance=page)


def make_page_standard(titre: str, **fields: object) -> PageStandard:
    """Under the help."""
    return AidePage.objects.get().add_child(instance=PageStandard(title=titre, **fields))
