"""What is searched, month by month, without anybody’s name."""

from typing import ClassVar

import django_filters
from django import forms
from django.db import models
from django.utils.dates import MONTHS
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column

from collectivites.viewsets.base import ListeView, ListeViewSet
from search.models import RechercheDuMois

REGARDS = [("sans-resultat", "Sans résultat"), ("jamais-ouvertes", "Jamais ouvertes")]


def months() -> list[tuple[str, str]]:
    held = RechercheDuMois.objects.order_by("-mois").values_list("mois", flat=True).distinct()
    return [(f"{mois:%Y-%m-%d}", f"{MONTHS[mois.month]} {mois.year}") for mois in held]


class RecherchesFilterSet(WagtailFilterSet):
    mois = django_filters.ChoiceFilter(label="Mois", choices=months, widget=forms.RadioSelect)
    regard = django_filters.ChoiceFilter(
        label="Seulement", choices=REGARDS, method="filter_regard", widget=forms.RadioSelect
    )

    class Meta:
        model = RechercheDuMois
        fields: ClassVar[list[str]] = []

    def filter_regard(self, queryset: models.QuerySet, name: str, value: str) -> models.QuerySet:
        """Never opened: searched, found, and no result followed."""
        if value == "sans-resultat":
            return queryset.filter(sans_resultat__gt=0).order_by("-sans_resultat", "-mois")
        return queryset.filter(clics=0, sans_resultat__lt=models.F("nombre"))


class StatistiquesView(ListeView):
    """Nothing to write here: the most frequent first, this month before the others."""

    default_ordering = ("-mois", "-nombre", "cle")


class StatistiquesViewSet(ListeViewSet):
    model = RechercheDuMois
    name = "statistiques-recherche"
    icon = "list-ol"
    menu_label = "Statistiques"
    index_view_class = StatistiquesView
    index_template_name = "search/admin/statistiques.html"
    routes = frozenset({"index"})
    inspect_view_enabled = False
    form_fields: ClassVar[list[str]] = []
    filterset_class = RecherchesFilterSet
    search_fields = ["requete", "cle"]
    list_display = [
        "requete",
        Column("mois", label="Mois", accessor=lambda row: f"{MONTHS[row.mois.month]} {row.mois.year}", sort_key="mois"),
        Column("nombre", label="Fois", sort_key="nombre"),
        Column("comptes", label="Comptes", sort_key="comptes"),
        Column("sans_resultat", label="Sans résultat", sort_key="sans_resultat"),
        Column("clics", label="Suivies d’un clic", sort_key="clics"),
    ]
    export = {
        "Mois": "mois",
        "Recherche": "requete",
        "Fois": "nombre",
        "Comptes": "comptes",
        "Sans résultat": "sans_resultat",
        "Suivies d’un clic": "clics",
    }
