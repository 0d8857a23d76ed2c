"""Old revisions of pages: kept a year, and the last ones whatever their age."""

from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Subquery
from django.db.models.deletion import ProtectedError
from django.utils import timezone
from wagtail.models import Page, Revision, TaskState, WorkflowState

KEPT_PER_PAGE = 10
KEPT_FOR = timedelta(days=365)
# At each run: a long purge would hold the lock of SQLite.
BATCH = 500
UNDER_REVIEW = (WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES)


def purge_revisions() -> int:
    """Deletes revisions older than a year, but the ten last of each page, the live one, those scheduled or reviewed.

    Returns how many. Editors type with automatic saving: a page much worked on gathers hundreds of them.
    """
    same_page = Revision.objects.filter(
        base_content_type=OuterRef("base_content_type"), object_id=OuterRef("object_id")
    ).order_by("-created_at", "-pk")
    # The date of the tenth revision; none for a page that has fewer, whose revisions all stay.
    floor = Subquery(same_page.values("created_at")[KEPT_PER_PAGE - 1 : KEPT_PER_PAGE])
    reviewed = TaskState.objects.filter(revision=OuterRef("pk"), workflow_state__status__in=UNDER_REVIEW)
    old = (
        Revision.objects.page_revisions()
        .filter(created_at__lt=timezone.now() - KEPT_FOR, approved_go_live_at=None)
        .annotate(plancher=floor)
        .filter(created_at__lt=F("plancher"))
        .exclude(Exists(Page.objects.filter(live_revision=OuterRef("pk"))))
        .exclude(Exists(reviewed))
        .order_by("created_at")
    )
    return sum(_delete(revision) for revision in old[:BATCH])


def _delete(revision: Revision) -> bool:
    """False when something of another app still holds it."""
    try:
        revision.delete()
    except ProtectedError:
        return False
    return True
