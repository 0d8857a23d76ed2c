"""A sheet out of the catalogue, or back in it: its past sessions, attestations and titres stay."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from collectivites.journal import record
from formations.enums import PROPOSEES, StatutSession
from formations.models import FormationPage, SessionFormation
from formations.refus import InscriptionRefusee

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from collectivites.models import Agent

EN_COURS = (StatutSession.PROJET, *PROPOSEES)


@transaction.atomic
def archive(page: FormationPage, agent: "Agent") -> None:
    """Out of the lists, of the search and of the form that makes a session. Twice is once.

    Raises InscriptionRefusee, naming them, while sessions are prepared or open.
    """
    page = _locked(page)
    if page.archivee_le:
        return
    check_finished(page)
    page.archivee_le = timezone.now()
    page.save(update_fields=["archivee_le"], clean=False)
    record("formation.archivee", page, agent=agent)


@transaction.atomic
def bring_back(page: FormationPage, agent: "Agent") -> None:
    """In the catalogue again, as it was. Twice is once."""
    page = _locked(page)
    if page.archivee_le is None:
        return
    page.archivee_le = None
    page.save(update_fields=["archivee_le"], clean=False)
    record("formation.sortie_d_archive", page, agent=agent)


def check_finished(page: FormationPage) -> None:
    """Raises InscriptionRefusee, naming them, while sessions are prepared or open: those in them read the sheet."""
    if numbers := list(unfinished(page).values_list("numero", flat=True)):
        many = f"Les sessions {', '.join(numbers)} sont" if len(numbers) > 1 else f"La session {numbers[0]} est"
        raise InscriptionRefusee(f"{many} encore en cours : terminez ou annulez d’abord, puis archivez la formation.")


def unfinished(page: FormationPage) -> "QuerySet[SessionFormation]":
    """Its sessions that are prepared, open, or held and not closed yet."""
    return SessionFormation.objects.filter(formation=page, statut__in=EN_COURS).order_by("date_debut", "pk")


def _locked(page: FormationPage) -> FormationPage:
    Page.objects.select_for_update().get(pk=page.pk)
    return FormationPage.objects.get(pk=page.pk)
