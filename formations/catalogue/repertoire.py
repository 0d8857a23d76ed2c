"""All the trainings, whether a session is open or not."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from extranet.lib.pliage import Fold
from formations.catalogue.choix import Choix
from formations.models import FormationPage, SessionFormation

if TYPE_CHECKING:
    from collectivites.models import Agent

PAR_PAGE = 25


@dataclass(frozen=True)
class Fiche:
    """A training and its next session that the reader may ask for."""

    page: FormationPage
    prochaine: SessionFormation | None


def trainings(choix: Choix, agent: "Agent", number: object) -> Page:
    """One page of `Fiche`, by name. Four queries, whatever their number."""
    pages = choix.filtres.formations(FormationPage.objects.visible_to(agent))
    open_ones = SessionFormation.objects.visible_to(agent).proposed()
    nearest = open_ones.filter(formation=OuterRef("pk"), date_debut__gte=timezone.localdate()).order_by("date_debut")
    undated = open_ones.filter(formation=OuterRef("pk"), date_debut=None).order_by("pk")
    told = pages.select_related("theme").defer("corps").prefetch_related("publics")
    told = told.annotate(a_venir=Subquery(nearest.values("pk")[:1]), sans_date=Subquery(undated.values("pk")[:1]))
    page = Paginator(told.order_by(Fold("title"), "pk").distinct(), PAR_PAGE).get_page(number)
    found = list(page.object_list)
    sessions = open_ones.in_bulk([pk for one in found if (pk := one.a_venir or one.sans_date)])
    page.object_list = [Fiche(one, sessions.get(one.a_venir or one.sans_date)) for one in found]
    return page
