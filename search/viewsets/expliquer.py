"""« Expliquer une recherche » in the admin: for oneself, or as somebody of the territory finds it."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet

from collectivites.models import Agent
from collectivites.viewsets.recherche import agent_chooser
from search.analyse.requete import MAX_CHARS
from search.explication import expliquer
from search.permissions import can_run_search


class ExpliquerForm(forms.Form):
    q = forms.CharField(label="Recherche", max_length=MAX_CHARS, strip=True)
    agent = forms.ModelChoiceField(
        Agent.objects.filter(efface_le=None),
        label="Pour",
        required=False,
        widget=agent_chooser.widget_class,
        help_text="Sans personne choisie, pour vous. Ce que vous n’avez pas le droit de voir n’est jamais montré.",
    )


class ReserveeView(WagtailAdminTemplateMixin, TemplateView):
    """A page of the admin of the search that is not a list."""

    _show_breadcrumbs = True

    def may_open(self) -> bool:
        return can_run_search(self.request.user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.may_open():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]


class ExpliquerView(ReserveeView):
    template_name = "search/admin/expliquer.html"
    page_title, header_icon = "Expliquer une recherche", "search"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = ExpliquerForm(self.request.GET or None)
        explication = pour = None
        if form.is_valid():
            pour = form.cleaned_data["agent"] or self.request.user
            explication = expliquer(form.cleaned_data["q"], pour, self.request.user)
        own = pour == self.request.user
        return super().get_context_data(form=form, explication=explication, pour=None if own else pour, **kwargs)


class RechercheMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return can_run_search(request.user)


class PageViewSet(ViewSet):
    """One page with its line in the menu."""

    view_class: type[ReserveeView]
    menu_item_class = RechercheMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [path("", self.construct_view(self.view_class), name="index")]


class ExpliquerViewSet(PageViewSet):
    name = "expliquer-recherche"
    url_namespace = "expliquer_recherche"
    icon = "search"
    menu_label = "Expliquer une recherche"
    view_class = ExpliquerView
