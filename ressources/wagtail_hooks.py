"""The resources among the lists of the admin, and what wants an eye on its first page."""

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.site_summary import SummaryItem
from wagtail.admin.viewsets.base import ViewSetGroup

from ressources.viewsets import RessourcesGroup, VersionsATraiter


@hooks.register("register_admin_viewset")
def register_lists() -> list[ViewSetGroup]:
    return [RessourcesGroup()]


@hooks.register("construct_homepage_summary_items", order=1010)
def count_files(request: HttpRequest, items: list[SummaryItem]) -> None:
    items.append(VersionsATraiter(request))
