"""Acts on a sheet from the site: changing it, archiving it, bringing it back."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page

from collectivites.journal import record
from ressources.copies import tell_archived
from ressources.models import RessourcePage
from ressources.relecture import awaiting, sent_back
from ressources.versions import RessourceRefusee

if TYPE_CHECKING:
    from collectivites.models import Agent

BROUILLON, A_RELIRE, A_REPRENDRE, PUBLIE, ARCHIVE = "Brouillon", "À relire", "À reprendre", "Publié", "Archivé"
TONS = {BROUILLON: "neutral", A_RELIRE: "wait", A_REPRENDRE: "alert", PUBLIE: "ok", ARCHIVE: "neutral"}
CHANGED = (
    "Cette fiche a été modifiée pendant que vous l’aviez sous les yeux. Voici son dernier état\u00a0: reprenez votre "
)
CHANGED += "changement."


def documents_of(agent: "Agent") -> QuerySet[RessourcePage]:
    """One's own, those one answers questions about, and those of the communes one manages; the latest first."""
    places = [poste.collectivite_id for poste in agent.postes_en_cours if poste.gestionnaire]
    mine = Q(owner=agent) | Q(referent=agent) | Q(collectivite__in=places)
    return RessourcePage.objects.editable_by(agent).filter(mine).order_by("-latest_revision_created_at", "-pk")


def etats(pages: list[RessourcePage]) -> list[tuple[RessourcePage, str]]:
    """Each page with where it stands. Two queries."""
    waiting, back = set(awaiting().values_list("pk", flat=True)), sent_back()
    return [(page, _etat(page, waiting, back)) for page in pages]


def _etat(page: RessourcePage, waiting: set[int], back: set[int]) -> str:
    if page.archivee_le:
        return ARCHIVE
    if page.pk in waiting:
        return A_RELIRE
    if page.pk in back:
        return A_REPRENDRE
    return PUBLIE if page.live else BROUILLON


def draft_of(page: RessourcePage) -> RessourcePage:
    """What its editors work on: the last revision."""
    return page.get_latest_revision_as_object()


def why_locked(page: RessourcePage, agent: "Agent") -> str:
    """Why this person cannot change it now; empty when they can."""
    task = page.current_workflow_task
    if page.archivee_le:
        return "Ce document est archivé. Sortez-le de l’archive avant de le modifier."
    if task is not None and task.locked_for_user(page, agent):
        return "Ce document est en cours de relecture. Reprenez-le avant de le modifier."
    return ""


@transaction.atomic
def edit(page: RessourcePage, agent: "Agent", values: dict[str, Any], *, base: int | None) -> RessourcePage:
    """A new revision; readers see it once it is published. `base`: the revision that was on the screen.

    Raises RessourceRefusee, and ValidationError for values that contradict each other.
    """
    page = _locked(page)
    if page.latest_revision_id != base:
        raise RessourceRefusee(CHANGED)
    if why := why_locked(page, agent):
        raise RessourceRefusee(why)
    draft = draft_of(page)
    for name, value in values.items():
        setattr(draft, name, value)
    draft.full_clean()
    if not page.live:
        draft.save(clean=False)
    draft.save_revision(user=agent, log_action=True, clean=False)
    record("ressource.modifiee", page, agent=agent, collectivite=page.collectivite)
    return RessourcePage.objects.get(pk=page.pk)


@transaction.atomic
def archive(page: RessourcePage, agent: "Agent", motif: str) -> None:
    """Out of the lists and of the search; its files, its log and its history stay. Twice is once.

    Those who hold a copy are told, with the reason.
    """
    page = _locked(page)
    if page.archivee_le:
        return
    state = page.current_workflow_state
    if state is not None:
        state.cancel(user=agent)
    if page.live:
        # Who may archive is said by `can_edit`; Wagtail would ask for a group.
        UnpublishPageAction(page, user=agent).execute(skip_permission_checks=True)
    page.archivee_le = timezone.now()
    page.save(update_fields=["archivee_le"], clean=False)
    tell_archived(page, agent, motif)
    record("ressource.archivee", page, agent=agent, collectivite=page.collectivite, motif=motif)


@transaction.atomic
def bring_back(page: RessourcePage, agent: "Agent") -> None:
    """A draft again: it is published as any other."""
    page = _locked(page)
    page.archivee_le = None
    page.save(update_fields=["archivee_le"], clean=False)
    record("ressource.sortie_d_archive", page, agent=agent, collectivite=page.collectivite)


def _locked(page: RessourcePage) -> RessourcePage:
    Page.objects.select_for_update().get(pk=page.pk)
    return RessourcePage.objects.get(pk=page.pk)


def phrases(error: ValidationError) -> list[tuple[str | None, str]]:
    """Field and sentence of each fault."""
    if hasattr(error, "error_dict"):
        return [(name, message) for name, found in error.message_dict.items() for message in found]
    return [(None, message) for message in error.messages]
