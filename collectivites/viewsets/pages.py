"""Which pages of the tree a person sees in the admin: the rule, said once, and the doors of Wagtail that ask it.

Wagtail shows the whole tree to whoever may add a page somewhere in it. Here one sees what one may edit, publish or
review, what one may read on the site, and the pages that only hold others; drafts and reserved titles stay with theirs.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import IntegerField, Q
from django.db.models.functions import Cast
from django.http import Http404, HttpRequest, HttpResponse
from wagtail.models import Page, PageQuerySet, TaskState, get_page_models
from wagtail.permission_policies.pages import PagePermissionPolicy

from collectivites.enums import Domaine
from collectivites.models import Agent

MODIFIER = {"change", "publish"}
# Reports on every page or every change, whoever they are for.
RAPPORTS_RESERVES = ("aging_pages", "locked_pages", "page_types_usage", "site_history")
# What the addresses of Wagtail call the page that they are about.
MOTS = {"page_id", "parent_page_id", "page_to_move_id", "destination_id", "pk"}


class PolitiquePages(PagePermissionPolicy):
    """Wagtail's own rights to act, and a narrower right to look: asked by its explorer, searches, logs and API."""

    def explorable_instances(self, user: Agent) -> PageQuerySet:
        return only_seen(super().explorable_instances(user), user)


politique = PolitiquePages(Page)


def only_seen(pages: PageQuerySet, agent: Agent) -> PageQuerySet:
    """Those of `pages` that `agent` sees in the admin: the rule above, as one query with subselects."""
    if agent.is_superuser:
        return pages
    editable = politique.instances_user_has_any_permission_for(agent, MODIFIER)
    seen = Q(depth=1) | Q(pk__in=editable.values("pk")) | Q(pk__in=_under_review_by(agent))
    # A type of which there is one page only is a place, not a text: its title is known to all.
    places = [model for model in get_page_models() if model.max_count == 1]
    seen |= Q(content_type__in=[kind.pk for kind in ContentType.objects.get_for_models(*places).values()])
    for model in get_page_models():
        # A type that says nothing of its readers is seen by its editors only.
        if hasattr(model.objects, "visible_to"):
            seen |= Q(pk__in=model.objects.visible_to(agent).values("pk"))
    return pages.filter(seen)


def _under_review_by(agent: Agent) -> models.QuerySet:
    """Ids of the pages that wait for a step of one of the groups of `agent`."""
    states = TaskState.objects.filter(
        status=TaskState.STATUS_IN_PROGRESS,
        task__groupapprovaltask__groups__user=agent,
        workflow_state__base_content_type=ContentType.objects.get_for_model(Page),
    )
    return states.values(page=Cast("workflow_state__object_id", IntegerField()))


class PagesMiddleware:
    """Asks the rule at the doors that take the page from the address, where Wagtail asks for it too late or never."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Iterable, kwargs: dict[str, Any]) -> None:
        """404 for a page that is not seen, as for one that does not exist."""
        match, agent = request.resolver_match, request.user
        name = match.view_name or ""
        if not name.startswith("wagtail") or not agent.has_perm("wagtailadmin.access_admin"):
            return
        if not agent.answers_for(Domaine.CONTENU) and (_is_reserved(name) or _is_unbounded(name, kwargs, request)):
            raise Http404
        asked = {int(pk) for pk in _pages_of(name, kwargs, request) if pk.isdecimal()}
        known = Page.objects.filter(pk__in=asked)
        if asked and known.count() != only_seen(known, agent).count():
            raise Http404


def _is_reserved(name: str) -> bool:
    namespace, _, view = name.partition(":")
    return namespace == "wagtailadmin_reports" and view.removesuffix("_results") in RAPPORTS_RESERVES


def _is_unbounded(name: str, kwargs: dict[str, Any], request: HttpRequest) -> bool:
    """An act on « all » the pages of a list, whatever was shown of it."""
    return _is_about_pages(name, kwargs) and "all" in request.GET.getlist("id")


def _is_about_pages(name: str, kwargs: dict[str, Any]) -> bool:
    if name == "wagtail_bulk_action":
        return (kwargs["app_label"], kwargs["model_name"]) == ("wagtailcore", "page")
    return name.startswith(("wagtailadmin_pages:", "wagtailadmin_explore", "wagtailadmin_choose_page"))


def _pages_of(name: str, kwargs: dict[str, Any], request: HttpRequest) -> Iterator[str]:
    """The pages that an address names, in its path and after it."""
    if not _is_about_pages(name, kwargs):
        return
    yield from (str(value) for word, value in kwargs.items() if word in MOTS)
    for word in ("id", "childOf"):
        yield from request.GET.getlist(word)
