"""Networks and their members in the admin."""

import django_filters
from django import forms
from django.db import models
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList

from collectivites.enums import RoleReseau
from collectivites.models import Adhesion, Reseau
from collectivites.viewsets.base import ListeViewSet
from collectivites.viewsets.communes import OUI_NON
from collectivites.viewsets.pour_autrui import PourAutruiForm, PourAutruiSuppressionView


class ReseauViewSet(ListeViewSet):
    model = Reseau
    name = "reseaux"
    icon = "site"
    menu_label = "Réseaux"
    list_display = ["nom", "objet", "politique", "actif"]
    list_filter = ["politique", "actif"]
    search_fields = ["nom", "objet"]
    export = {"Nom": "nom", "Objet": "objet", "Comment y entrer": "politique", "Actif": "actif"}
    panels = [
        FieldPanel("nom"),
        FieldPanel("objet"),
        FieldRowPanel([FieldPanel("politique"), FieldPanel("slug", heading="Adresse de la page")]),
        FieldPanel("actif"),
    ]


class AdhesionFilterSet(WagtailFilterSet):
    reseau = django_filters.ModelChoiceFilter(queryset=Reseau.objects.all(), label="Réseau")
    role = django_filters.ChoiceFilter(choices=RoleReseau, label="Rôle", widget=forms.RadioSelect)
    en_cours = django_filters.BooleanFilter(method="filter_in_force", label="En cours", widget=OUI_NON)

    class Meta:
        model = Adhesion
        fields: list[str] = []

    def filter_in_force(self, queryset: models.QuerySet, name: str, value: bool) -> models.QuerySet:
        in_force = Adhesion.objects.in_force().values("pk")
        return queryset.filter(pk__in=in_force) if value else queryset.exclude(pk__in=in_force)


class AdhesionViewSet(ListeViewSet):
    """A member leaves at a date; their membership is deleted only when it was a mistake."""

    model = Adhesion
    name = "adhesions"
    icon = "group"
    menu_label = "Adhésions"
    delete_view_class = PourAutruiSuppressionView
    list_display = ["agent", "reseau", "role", "date_debut", "date_fin"]
    list_select = ("agent", "reseau")
    filterset_class = AdhesionFilterSet
    search_fields = ["agent__prenom", "agent__nom", "reseau__nom"]
    export = {
        "Prénom": "agent.prenom",
        "Nom": "agent.nom",
        "Réseau": "reseau.nom",
        "Rôle": "role",
        "Depuis le": "date_debut",
        "Sorti le": "date_fin",
    }
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("reseau"), FieldPanel("agent")]),
            FieldPanel("role"),
            FieldRowPanel([FieldPanel("date_debut"), FieldPanel("date_fin")]),
        ],
        base_form_class=PourAutruiForm,
    )
