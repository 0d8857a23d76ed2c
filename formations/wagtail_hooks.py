"""The training among the lists of the admin, and a sheet that stays published while its sessions go on."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.models import Page

from formations.models import FormationPage
from formations.organiser.archive import check_finished
from formations.refus import InscriptionRefusee
from formations.viewsets import FormationsGroup


@hooks.register("register_admin_viewset")
def register_lists() -> list[ViewSetGroup]:
    return [FormationsGroup()]


@hooks.register("before_unpublish_page")
def keep_published(request: HttpRequest, page: Page) -> HttpResponse | None:
    """As archiving: said with the sessions that go on. Deleting is refused as soon as it has had one."""
    return _refused(request, [page])


@hooks.register("before_bulk_action")
def keep_all_published(
    request: HttpRequest, action_type: str, objects: Iterable[object], action: object
) -> HttpResponse | None:
    return _refused(request, objects) if action_type == "unpublish" else None


def _refused(request: HttpRequest, pages: Iterable[object]) -> HttpResponse | None:
    keys = [page.pk for page in pages if isinstance(page, Page)]
    for page in FormationPage.objects.filter(pk__in=keys):
        try:
            check_finished(page)
        except InscriptionRefusee as refusal:
            messages.error(request, str(refusal))
            return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None
