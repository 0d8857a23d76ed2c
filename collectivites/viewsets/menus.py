"""The menus of the admin: ours, and of Wagtail’s only what the product uses."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.viewsets.model import ModelViewSetGroup

from collectivites.enums import Domaine
from collectivites.models import Agent
from collectivites.viewsets.communes import CollectiviteViewSet
from collectivites.viewsets.listes import (
    FonctionViewSet,
    RoleTransversalViewSet,
    SecteurViewSet,
    ThemeViewSet,
    TypeHabilitationViewSet,
)
from collectivites.viewsets.parcours import AbsenceViewSet, ExpertiseViewSet, HabilitationViewSet
from collectivites.viewsets.postes import PosteViewSet
from collectivites.viewsets.reseaux import AdhesionViewSet, ReseauViewSet

# Wagtail's entries that the product does not use, or that only `installer` is to write (groups, workflows, site).
CACHES_PRINCIPAL = {"help", "snippets"}
CACHES_REGLAGES = {"groups", "sites", "users", "workflows", "workflow-tasks"}
CACHES_RAPPORTS = {"locked-pages", "page-types-usage", "workflow-tasks"}
# On every page: for the content and the administration (`collectivites.viewsets.pages`).
RAPPORTS_RESERVES = {"aging-pages", "site-history"}


class AgentsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return any(request.user.has_perm(f"collectivites.{action}_agent") for action in ("view", "add", "change"))


class TenirMenuItem(MenuItem):
    """Pages of the site for the responsables of the annuaire."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.answers_for(Domaine.ANNUAIRE)


class AnnuaireGroup(ModelViewSetGroup):
    menu_label = "Annuaire"
    menu_name = "annuaire"
    menu_icon = "group"
    menu_order = 200
    items = (
        CollectiviteViewSet,
        PosteViewSet,
        AbsenceViewSet,
        HabilitationViewSet,
        ExpertiseViewSet,
        ReseauViewSet,
        AdhesionViewSet,
    )

    def get_submenu_items(self) -> list[MenuItem]:
        """The agents first: Wagtail registers their list by itself, so that the group only links to it."""
        url = reverse("wagtailusers_users:index")
        return [
            AgentsMenuItem("Agents", url, name="agents", icon_name="user", order=0),
            *super().get_submenu_items(),
            TenirMenuItem("Importer des agents", reverse("annuaire:import_create"), icon_name="upload", order=90),
            TenirMenuItem("Doublons", reverse("annuaire:double_list"), icon_name="copy", order=91),
            TenirMenuItem("Communes nouvelles", reverse("annuaire:place_merge"), icon_name="group", order=92),
        ]


class ListesGroup(ModelViewSetGroup):
    menu_label = "Listes"
    menu_name = "listes"
    menu_icon = "list-ul"
    menu_order = 800
    items = (FonctionViewSet, RoleTransversalViewSet, ThemeViewSet, TypeHabilitationViewSet, SecteurViewSet)


def hide(items: list[MenuItem], names: set[str]) -> None:
    items[:] = [item for item in items if item.name not in names]


class ActionRefusee(BulkAction):
    """Wagtail’s acts on many users at once know nothing of our rules: they do not exist here."""

    models = [Agent]
    display_name = aria_label = "Action indisponible"

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        raise Http404


def refused_actions() -> list[type[BulkAction]]:
    names = ("delete", "assign_role", "set_active_state")
    return [type(f"ActionRefusee{name}", (ActionRefusee,), {"action_type": name}) for name in names]
