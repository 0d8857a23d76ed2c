"""Hooks of the ground floor: the reading gate of pages, the lists and the menus of the admin."""

from django.http import Http404, HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.site_summary import SummaryItem
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup
from wagtail.contrib.settings.models import BaseGenericSetting
from wagtail.models import Page, PageQuerySet
from wagtail.permissions import register_permission_policy

from collectivites.diffusion import AvecDiffusion
from collectivites.enums import Domaine
from collectivites.refus import PageReservee
from collectivites.viewsets import menus, mots, pages, portes, tableau
from collectivites.viewsets.base import note
from collectivites.viewsets.recherche import agent_chooser, collectivite_chooser
from collectivites.viewsets.registre import JournalViewSet

register_permission_policy(Page, pages.politique)
mots.put_in_french()
portes.close_exports()


@hooks.register("before_serve_page", order=-10)
def check_diffusion(page: Page, request: HttpRequest, serve_args: list, serve_kwargs: dict) -> None:
    """A page with a diffusion is served to those it is open to; the others learn to whom it is reserved, never its
    title.
    """
    if not isinstance(page, AvecDiffusion) or page.is_open_to(request.user):
        return
    if not page.live or not request.user.is_authenticated:
        raise Http404
    raise PageReservee(page.diffusion)


@hooks.register("construct_page_chooser_queryset")
def choose_among_seen(queryset: PageQuerySet, request: HttpRequest) -> PageQuerySet:
    return pages.only_seen(queryset, request.user)


@hooks.register("register_admin_viewset")
def register_lists() -> list[ViewSet | ViewSetGroup]:
    return [agent_chooser, collectivite_chooser, menus.AnnuaireGroup(), menus.ListesGroup(), JournalViewSet()]


@hooks.register("construct_main_menu", order=1000)
def hide_main(request: HttpRequest, items: list[MenuItem]) -> None:
    menus.hide(items, menus.CACHES_PRINCIPAL)


@hooks.register("construct_settings_menu", order=1000)
def hide_settings(request: HttpRequest, items: list[MenuItem]) -> None:
    menus.hide(items, menus.CACHES_REGLAGES)


@hooks.register("construct_reports_menu", order=1000)
def hide_reports(request: HttpRequest, items: list[MenuItem]) -> None:
    menus.hide(items, menus.CACHES_RAPPORTS)
    if not request.user.answers_for(Domaine.CONTENU):
        menus.hide(items, menus.RAPPORTS_RESERVES)
    for item in items:
        if item.name == "workflows":
            item.label = "Relectures"


# After Wagtail's own, which they replace: the last one registered under a name wins.
for action in menus.refused_actions():
    hooks.register("register_bulk_action", action, order=1000)


@hooks.register("construct_homepage_summary_items", order=1000)
def count_ours(request: HttpRequest, items: list[SummaryItem]) -> None:
    items += [tableau.Agents(request), tableau.Collectivites(request)]


@hooks.register("after_edit_setting")
def note_setting(request: HttpRequest, setting: BaseGenericSetting) -> None:
    note(request, "modifie", setting)


@hooks.register("insert_global_admin_css")
def admin_css() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("css/administration.css"))
