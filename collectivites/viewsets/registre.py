"""The journal in the admin: read only."""

import json

import django_filters
from django.db import models
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import DateColumn

from collectivites.models import Collectivite, EntreeJournal
from collectivites.viewsets.base import FicheView, ListeViewSet


class JournalFilterSet(WagtailFilterSet):
    acte = django_filters.CharFilter(lookup_expr="icontains", label="Acte")
    created_at = django_filters.DateFromToRangeFilter(label="Le", widget=DateRangePickerWidget)
    collectivite = django_filters.ModelChoiceFilter(queryset=Collectivite.objects.all(), label="Pour")
    agent = django_filters.NumberFilter(label="Numéro de l’agent")

    class Meta:
        model = EntreeJournal
        fields: list[str] = []


class EntreeView(FicheView):
    """One act, whose data are shown as they were written."""

    def get_field_label(self, field_name: str, field: models.Field | None) -> str:
        return "Numéro" if field_name == "objet_id" else super().get_field_label(field_name, field)

    def get_donnees_display_value(self) -> str:
        return json.dumps(self.object.donnees, ensure_ascii=False, indent=1) if self.object.donnees else "–"


class JournalViewSet(ListeViewSet):
    """What was done, by whom, for whom. Nobody writes here."""

    model = EntreeJournal
    name = "journal"
    icon = "history"
    menu_label = "Journal"
    menu_hook = "register_reports_menu_item"
    menu_order = 100
    routes = frozenset({"index", "inspect"})
    form_fields: list[str] = []
    inspect_view_class = EntreeView
    inspect_view_fields = ["created_at", "acte", "agent", "collectivite", "objet", "objet_id", "libelle", "donnees"]
    list_display = [
        "acte",
        "libelle",
        "agent",
        "collectivite",
        DateColumn("created_at", label="Le", sort_key="created_at"),
    ]
    list_select = ("agent", "collectivite")
    ordering = "-created_at"
    filterset_class = JournalFilterSet
    search_fields = ["acte", "libelle", "agent__prenom", "agent__nom", "collectivite__nom"]
    export = {
        "Le": "created_at",
        "Acte": "acte",
        "Sur": "libelle",
        "Prénom": "agent.prenom",
        "Nom": "agent.nom",
        "Pour": "collectivite.nom",
        "Objet": "objet",
        "Numéro": "objet_id",
    }
