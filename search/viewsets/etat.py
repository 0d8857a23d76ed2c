"""« État de l’index » in the admin: what it holds, what answers, what is late; and making it anew."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin.menu import MenuItem

from search.etat import compare, read_state
from search.permissions import can_rebuild
from search.tasks import is_rebuilding, rebuild_index
from search.viewsets.expliquer import PageViewSet, ReserveeView


class EtatView(ReserveeView):
    template_name = "search/admin/etat.html"
    page_title, header_icon = "État de l’index", "tasks"

    def may_open(self) -> bool:
        return can_rebuild(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ecarts = compare() if "comparer" in self.request.GET else None
        return super().get_context_data(etat=read_state(), ecarts=ecarts, en_cours=is_rebuilding(), **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_rebuilding():
            messages.warning(request, "Une reconstruction est déjà demandée.")
        else:
            transaction.on_commit(lambda: rebuild_index.enqueue(request.user.pk))
            messages.success(
                request, "La reconstruction commence dans la seconde. La recherche répond pendant ce temps."
            )
        return redirect(reverse("etat_index:index"))


class EtatMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return can_rebuild(request.user)


class EtatViewSet(PageViewSet):
    name = "etat-index"
    url_namespace = "etat_index"
    icon = "tasks"
    menu_label = "État de l’index"
    menu_item_class = EtatMenuItem
    view_class = EtatView
