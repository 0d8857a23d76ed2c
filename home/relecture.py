"""« Relecture »: what Wagtail’s workflow tells the people it concerns, in our inbox and our mails.

Called by Wagtail’s signals, inside the transaction of the act; Wagtail’s own mails are cut in `collectivites.apps`.
"""

from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.urls import reverse
from wagtail.models import Page, TaskState, WorkflowState
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected

from collectivites.enums import Domaine
from collectivites.journal import record
from collectivites.models import Agent
from notifications.envoi import notify

if TYPE_CHECKING:
    from collectivites.models import Collectivite

SORTE = "relecture"
CHANGED = "Une nouvelle version vient d’arriver\u00a0: c’est elle qu’il faut relire."


def ask_review(sender: type, instance: TaskState, user: Agent | None, **kwargs: object) -> None:
    """Tells the responsables of the step that a page awaits them; the administration, when nobody holds the step."""
    page = instance.workflow_state.content_object
    author = instance.workflow_state.requested_by
    if not isinstance(page, Page):
        return
    by = f"Proposée par {author}." if author else ""
    notify(
        reviewers(instance),
        SORTE,
        f"«\u00a0{page.draft_title}\u00a0» attend votre relecture",
        texte=f"{by} {CHANGED}".strip() if _begins_anew(instance) else by,
        url=review_url(page),
        action="Relire",
        icone="pencil",
        auteur=user,
        cle=f"relecture:{instance.pk}",
    )
    record("page.soumise", page, agent=user, collectivite=publisher(page))


def _begins_anew(task_state: TaskState) -> bool:
    """What they had been asked to read was replaced before anybody answered."""
    former = task_state.workflow_state.task_states.exclude(pk=task_state.pk).order_by("-pk").first()
    return former is not None and former.status == TaskState.STATUS_CANCELLED


def reviewers(task_state: TaskState) -> QuerySet[Agent]:
    """In office, since a group forgotten after a departure opens nothing."""
    groups = getattr(task_state.task.specific, "groups", None)
    in_office = Agent.objects.in_office().filter(is_active=True)
    found = in_office.filter(groups__in=groups.all()).distinct() if groups is not None else in_office.none()
    return found if found.exists() else in_office.filter(groups__name=Domaine.ADMINISTRATION.label)


def can_propose(agent: Agent) -> bool:
    """Responsables alone write news, and they alone review them."""
    return bool(agent.domaines)


def tell_approved(sender: type, instance: WorkflowState, user: Agent | None, **kwargs: object) -> None:
    page = instance.content_object
    if not isinstance(page, Page):
        return
    page = page.specific
    when = page.go_live_at
    text = f"Elle paraîtra le {when:%d/%m/%Y}." if when and not page.live else "Elle est en ligne."
    _tell_author(instance, user, f"«\u00a0{page.draft_title}\u00a0» est acceptée", text, page.url or "", "La voir")
    record("page.acceptee", page, agent=user, collectivite=publisher(page))


def tell_rejected(sender: type, instance: WorkflowState, user: Agent | None, **kwargs: object) -> None:
    page = instance.content_object
    if not isinstance(page, Page):
        return
    comment = instance.current_task_state.specific.get_comment()
    text = f"{user} vous écrit\u00a0: «\u00a0{comment}\u00a0»" if comment else f"{user} vous la renvoie."
    _tell_author(
        instance, user, f"«\u00a0{page.draft_title}\u00a0» est à reprendre", text, edit_url(page), "La reprendre"
    )
    record("page.renvoyee", page, agent=user, collectivite=publisher(page))


def _tell_author(state: WorkflowState, user: Agent | None, titre: str, texte: str, url: str, action: str) -> None:
    author = state.requested_by
    if author is None:
        return
    if not author.domaines and url.startswith("/admin/"):
        url = ""  # it would only lead them to a refusal
    notify([author], SORTE, titre, texte=texte, url=url, action=action, icone="pencil", auteur=user)


def edit_url(page: Page) -> str:
    """Where its author takes it up: on the site, when the page has a screen of its own there."""
    page = page.specific
    if hasattr(page, "adresse_edition"):
        return page.adresse_edition()
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def review_url(page: Page) -> str:
    page = page.specific
    return page.adresse_relecture() if hasattr(page, "adresse_relecture") else edit_url(page)


def publisher(page: Page) -> "Collectivite | None":
    return getattr(page.specific, "collectivite", None)


def connect() -> None:
    task_submitted.connect(ask_review, dispatch_uid="home.ask_review")
    workflow_approved.connect(tell_approved, dispatch_uid="home.tell_approved")
    workflow_rejected.connect(tell_rejected, dispatch_uid="home.tell_rejected")
