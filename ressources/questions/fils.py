"""The questions put under a theme, with their answers, a page at a time."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.db.models import Q

from collectivites.models import Theme
from ressources.fiche import Fil, threads
from ressources.models import Echange

if TYPE_CHECKING:
    from collectivites.models import Agent

PAR_PAGE = 10


@dataclass(frozen=True)
class Questions:
    """A page of the questions of a theme, the last first."""

    page: Page
    fils: list[Fil]


def questions_of(theme: Theme, agent: "Agent", *, numero: str = "1", echange: str = "") -> Questions:
    """The page `numero`, or the one that holds the question `echange`. Four queries, whatever their number."""
    seen = Echange.objects.visible_to(agent).filter(theme=theme)
    asked = seen.filter(reponse_a=None).order_by("-created_at", "-pk")
    keys = Paginator(asked.values_list("pk", flat=True), PAR_PAGE)
    page = keys.get_page(_page_of(asked, echange) or numero[:6])
    shown = list(page)
    words = seen.filter(Q(pk__in=shown) | Q(reponse_a__in=shown)).select_related(
        "auteur", "collectivite", "question_reponse", "theme"
    )
    by_pk = {fil.echange.pk: fil for fil in threads(words)}
    return Questions(page, [by_pk[pk] for pk in shown])


def _page_of(asked: object, echange: str) -> int | None:
    if not (echange.isascii() and echange.isdecimal() and len(echange) < 12):
        return None
    one = asked.filter(pk=int(echange)).first()
    if one is None:
        return None
    later = asked.filter(Q(created_at__gt=one.created_at) | Q(created_at=one.created_at, pk__gt=one.pk))
    return later.count() // PAR_PAGE + 1
