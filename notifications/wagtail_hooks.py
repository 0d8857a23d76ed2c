"""The outbox among the reports of the admin, its state on the first page."""

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.site_summary import SummaryItem
from wagtail.admin.ui.components import Component
from wagtail.admin.viewsets.base import ViewSet

from notifications.tableau import CourrielsEnAttente, EtatVeille
from notifications.viewsets import CourrielViewSet


@hooks.register("register_admin_viewset")
def register_outbox() -> list[ViewSet]:
    return [CourrielViewSet()]


@hooks.register("construct_homepage_summary_items", order=1010)
def count_mails(request: HttpRequest, items: list[SummaryItem]) -> None:
    items.append(CourrielsEnAttente(request))


@hooks.register("construct_homepage_panels", order=1010)
def show_veille(request: HttpRequest, panels: list[Component]) -> None:
    panels.append(EtatVeille(request))
