"""The outbox in the admin: what waits, what left, what stopped, and what an administrator may decide of it."""

from typing import Any

import django_filters
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import DateColumn
from wagtail.admin.views.generic import InspectView
from wagtail.admin.widgets.button import Button

from collectivites.viewsets.base import ListeViewSet, note
from collectivites.viewsets.communes import OUI_NON
from notifications.models import Courriel
from notifications.permissions import can_watch_mail


class CourrielFilterSet(WagtailFilterSet):
    created_at = django_filters.DateFromToRangeFilter(label="Écrit le", widget=DateRangePickerWidget)
    arretes = django_filters.BooleanFilter(method="filter_blocked", label="Arrêté, à classer", widget=OUI_NON)

    class Meta:
        model = Courriel
        fields = ["statut"]

    def filter_blocked(self, queryset: models.QuerySet, name: str, value: bool) -> models.QuerySet:
        blocked = Courriel.objects.blocked().values("pk")
        return queryset.filter(pk__in=blocked) if value else queryset.exclude(pk__in=blocked)


class CourrielView(InspectView):
    """One mail without its words: who got it and what became of it is all that helps, and all that is shown."""

    @property
    def header_more_buttons(self) -> list[Button]:
        mail = self.object
        if not mail.is_blocked or not self.user_has_permission("change"):
            return []
        buttons = [Button("Classer sans suite", url=_url("classer", mail), icon_name="folder-open-1", priority=20)]
        if mail.can_be_sent_again:
            buttons.append(Button("Envoyer de nouveau", url=_url("renvoyer", mail), icon_name="mail", priority=10))
        return buttons


class DecisionView(InspectView):
    """Asks before deciding of a stopped mail; the decision is written in the journal with it."""

    template_name = "notifications/admin/decision.html"
    permission_required = "change"
    fields = ["sujet", "adresse", "statut", "derniere_erreur"]
    acte = question = bouton = done = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not can_watch_mail(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return str(self.object)

    def decide(self, mail: Courriel) -> bool:
        """False when the mail is no longer as it was shown."""
        raise TypeError

    def refusal(self, mail: Courriel) -> str:
        """Why nothing was done."""
        return "Ce courriel n’est plus arrêté : relisez son état."

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            decided = self.object.is_blocked and self.decide(self.object)
            if decided:
                note(request, self.acte, self.object)
        if not decided:
            return self.refuse(request)
        messages.success(request, self.done)
        return redirect(_url("inspect", self.object))

    def refuse(self, request: HttpRequest) -> HttpResponse:
        messages.error(request, self.refusal(self.object))
        return redirect(_url("inspect", self.object))


class RenvoyerView(DecisionView):
    page_title, acte, bouton = "Envoyer de nouveau", "renvoye", "Envoyer de nouveau"
    question = "Il partira dans la minute. Si le premier envoi était bien arrivé, son lecteur l’aura deux fois."
    done = "Le courriel repart."

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Nothing is asked about what will be refused."""
        return self.refuse(request) if self.object.refaire else super().get(request, *args, **kwargs)

    def decide(self, mail: Courriel) -> bool:
        return mail.send_again()

    def refusal(self, mail: Courriel) -> str:
        if mail.is_blocked and mail.refaire:
            return f"Ce courriel portait un code ou un lien\u00a0: il ne se renvoie pas. {mail.refaire}"
        return super().refusal(mail)


class ClasserView(DecisionView):
    page_title, acte, bouton = "Classer sans suite", "classe", "Classer sans suite"
    question = "Il ne partira pas et ne sera plus signalé. Prévenez la personne autrement si besoin."
    done = "Le courriel est classé."

    def decide(self, mail: Courriel) -> bool:
        return mail.file_away()


class CourrielViewSet(ListeViewSet):
    """The mails of the last weeks. Nobody writes here."""

    model = Courriel
    name = "courriels"
    icon = "mail"
    menu_label = "Courriels"
    menu_hook = "register_reports_menu_item"
    menu_order = 110
    routes = frozenset({"index", "inspect", "renvoyer", "classer"})
    form_fields: list[str] = []
    inspect_view_class = CourrielView
    inspect_view_fields = [
        "sujet",
        "adresse",
        "agent",
        "sorte",
        "statut",
        "derniere_erreur",
        "refaire",
        "code_smtp",
        "tentatives",
        "created_at",
        "prochain_essai_le",
        "envoye_le",
        "expire_le",
        "classe_le",
        "message_id",
    ]
    list_display = [
        "sujet",
        "adresse",
        "statut",
        "derniere_erreur",
        DateColumn("created_at", label="Écrit le", sort_key="created_at"),
        DateColumn("envoye_le", label="Envoyé le", sort_key="envoye_le"),
    ]
    ordering = "-created_at"
    filterset_class = CourrielFilterSet
    search_fields = ["sujet", "adresse", "message_id"]

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("renvoyer/<int:pk>/", self.construct_view(RenvoyerView), name="renvoyer"),
            path("classer/<int:pk>/", self.construct_view(ClasserView), name="classer"),
        ]


def _url(name: str, mail: Courriel) -> str:
    return reverse(f"admin_courriels:{name}", args=[mail.pk])
