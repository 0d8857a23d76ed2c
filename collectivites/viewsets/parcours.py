"""What agents hold and announce: habilitations, expertises, absences."""

from datetime import timedelta

import django_filters
from django import forms
from django.db import models
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList

from collectivites.models import Absence, Expertise, Habilitation, Theme, TypeHabilitation
from collectivites.viewsets.base import ListeViewSet
from collectivites.viewsets.pour_autrui import PourAutruiForm, PourAutruiSuppressionView

ETATS = [("valables", "Valables"), ("bientot", "Finissent dans 3 mois"), ("perimees", "Périmées")]
TROIS_MOIS = timedelta(days=92)


class HabilitationFilterSet(WagtailFilterSet):
    type = django_filters.ModelChoiceFilter(queryset=TypeHabilitation.objects.all(), label="Type")
    etat = django_filters.ChoiceFilter(choices=ETATS, method="filter_etat", label="État", widget=forms.RadioSelect)

    class Meta:
        model = Habilitation
        fields: list[str] = []

    def filter_etat(self, queryset: models.QuerySet, name: str, value: str) -> models.QuerySet:
        if value == "bientot":
            return queryset.filter(pk__in=Habilitation.objects.expiring(TROIS_MOIS).values("pk"))
        valid = Habilitation.objects.valid().values("pk")
        return queryset.filter(pk__in=valid) if value == "valables" else queryset.exclude(pk__in=valid)


class HabilitationViewSet(ListeViewSet):
    model = Habilitation
    name = "habilitations"
    icon = "key"
    menu_label = "Habilitations"
    delete_view_class = PourAutruiSuppressionView
    list_display = ["agent", "type", "numero", "obtenue_le", "valable_jusqu_au"]
    list_select = ("agent", "type")
    filterset_class = HabilitationFilterSet
    search_fields = ["agent__prenom", "agent__nom", "type__libelle", "numero"]
    export = {
        "Prénom": "agent.prenom",
        "Nom": "agent.nom",
        "Habilitation": "type.libelle",
        "Numéro": "numero",
        "Obtenue le": "obtenue_le",
        "Valable jusqu’au": "valable_jusqu_au",
    }
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("agent"), FieldPanel("type")]),
            FieldPanel("numero"),
            FieldRowPanel([FieldPanel("obtenue_le"), FieldPanel("valable_jusqu_au")]),
        ],
        base_form_class=PourAutruiForm,
    )


class ExpertiseFilterSet(WagtailFilterSet):
    theme = django_filters.ModelChoiceFilter(queryset=Theme.objects.all(), label="Thème")

    class Meta:
        model = Expertise
        fields: list[str] = []


class ExpertiseViewSet(ListeViewSet):
    model = Expertise
    name = "expertises"
    icon = "openquote"
    menu_label = "Expertises"
    list_display = ["libelle", "agent", "theme"]
    list_select = ("agent", "theme")
    filterset_class = ExpertiseFilterSet
    search_fields = ["libelle", "agent__prenom", "agent__nom", "theme__nom"]
    export = {"En ses mots": "libelle", "Prénom": "agent.prenom", "Nom": "agent.nom", "Thème": "theme.nom"}
    panels = [FieldPanel("agent"), FieldPanel("libelle"), FieldPanel("theme")]


class AbsenceFilterSet(WagtailFilterSet):
    a_venir = django_filters.ChoiceFilter(
        choices=[("oui", "En cours ou à venir"), ("non", "Passées")],
        method="filter_upcoming",
        label="Période",
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Absence
        fields: list[str] = []

    def filter_upcoming(self, queryset: models.QuerySet, name: str, value: str) -> models.QuerySet:
        upcoming = Absence.objects.upcoming().values("pk")
        return queryset.filter(pk__in=upcoming) if value == "oui" else queryset.exclude(pk__in=upcoming)


class AbsenceViewSet(ListeViewSet):
    """No reason is asked nor kept."""

    model = Absence
    name = "absences"
    icon = "calendar-alt"
    menu_label = "Absences"
    list_display = ["agent", "date_debut", "date_fin", "remplacant"]
    list_select = ("agent", "remplacant")
    filterset_class = AbsenceFilterSet
    search_fields = ["agent__prenom", "agent__nom", "remplacant__prenom", "remplacant__nom"]
    export = {
        "Prénom": "agent.prenom",
        "Nom": "agent.nom",
        "Du": "date_debut",
        "À partir du": "moment_debut",
        "Au": "date_fin",
        "Jusqu’au": "moment_fin",
        "Qui répond": "remplacant",
    }
    panels = [
        FieldPanel("agent"),
        FieldRowPanel([FieldPanel("date_debut"), FieldPanel("moment_debut")]),
        FieldRowPanel([FieldPanel("date_fin"), FieldPanel("moment_fin")]),
        FieldPanel("remplacant"),
    ]
