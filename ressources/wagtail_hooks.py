"""The resources among the lists of the admin, and what wants an eye on its first page."""

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.site_summary import SummaryItem
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.models import Page

from ressources.models import RessourcePage
from ressources.viewsets import RessourcesGroup, VersionsATraiter


@hooks.register("register_admin_viewset")
def register_lists() -> list[ViewSetGroup]:
    return [RessourcesGroup()]


@hooks.register("construct_homepage_summary_items", order=1010)
def count_files(request: HttpRequest, items: list[SummaryItem]) -> None:
    items.append(VersionsATraiter(request))


@hooks.register("before_edit_page")
def say_why_not_published(request: HttpRequest, page: Page) -> None:
    """« Publier » is not offered here (`can_publish`): says where it is."""
    if request.method != "GET" or not isinstance(page, RessourcePage) or not page.holds_files_back():
        return
    if page.workflow_in_progress:
        why, url, button = "attend sa relecture", page.adresse_relecture(), "Relire et publier"
    else:
        why, url, button = "n’est pas encore publié", page.adresse_edition(), "Publier sur le site"
    messages.warning(
        request,
        f"Un fichier de cette ressource {why}\u00a0: elle se publie avec lui, là où il se lit. Ici, enregistrez un "
        "brouillon.",
        buttons=[messages.button(url, button)],
    )
