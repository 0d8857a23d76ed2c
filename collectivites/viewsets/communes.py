"""Collectivités in the admin: communes, their intercommunalité and the bodies around them."""

from typing import Any

import django_filters
from django import forms
from django.forms import inlineformset_factory
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList

from collectivites.enums import TypeCollectivite
from collectivites.models import Collectivite, PlageOuverture, Secteur
from collectivites.viewsets.base import ListeViewSet
from collectivites.viewsets.lignes import AjoutAvecLignesView, AvecLignesForm, ModificationAvecLignesView

OUI_NON = forms.Select(choices=[("", "Indifférent"), ("true", "Oui"), ("false", "Non")])
HEURE = forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class CollectiviteForm(AvecLignesForm):
    lignes_class = inlineformset_factory(
        Collectivite,
        PlageOuverture,
        fields=["jour", "ouverture", "fermeture"],
        widgets={"ouverture": HEURE, "fermeture": HEURE},
        extra=6,
    )
    lignes_titre = "Horaires d’ouverture"
    lignes_aide = "Une ligne par plage : lundi de 9 h à 12 h, lundi de 14 h à 17 h… Les lignes vides sont ignorées."

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.is_epci:
            # Every area is answered for from there: without it the admin would open to nobody.
            self.fields["type"].disabled = True
            self.fields["type"].help_text = "C’est l’intercommunalité de cet extranet\u00a0: elle le reste."


class CollectiviteFilterSet(WagtailFilterSet):
    type = django_filters.ChoiceFilter(choices=TypeCollectivite, label="Type", widget=forms.RadioSelect)
    secteur = django_filters.ModelChoiceFilter(queryset=Secteur.objects.all(), label="Secteur")
    sortie = django_filters.BooleanFilter(
        field_name="date_sortie",
        lookup_expr="isnull",
        exclude=True,
        label="Sortie du territoire",
        widget=OUI_NON,
    )

    class Meta:
        model = Collectivite
        fields: list[str] = []


class CollectiviteViewSet(ListeViewSet):
    """A collectivité with people or acts is not deleted: it leaves the territory at a date."""

    model = Collectivite
    name = "collectivites"
    icon = "home"
    menu_label = "Collectivités"
    add_view_class = AjoutAvecLignesView
    edit_view_class = ModificationAvecLignesView
    list_display = ["nom", "type", "secteur", "population_totale", "telephone", "date_sortie"]
    list_select = ("secteur",)
    filterset_class = CollectiviteFilterSet
    search_fields = ["nom", "siren", "insee", "code_postal", "ville"]
    export = {
        "Nom": "nom",
        "Type": "type",
        "SIREN": "siren",
        "Code INSEE": "insee",
        "Secteur": "secteur",
        "Population municipale": "population_municipale",
        "Population totale": "population_totale",
        "Millésime": "population_annee",
        "Strate": "strate.label",
        "Adresse": "adresse",
        "Code postal": "code_postal",
        "Ville": "ville",
        "Téléphone": "telephone",
        "Courriel": "courriel",
        "Site web": "site_web",
        "Sortie du territoire": "date_sortie",
    }
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("nom"), FieldPanel("article")]),
                    FieldRowPanel([FieldPanel("type"), FieldPanel("slug", heading="Adresse de la page")]),
                    FieldRowPanel([FieldPanel("siren"), FieldPanel("insee")]),
                    FieldRowPanel([FieldPanel("rattachement"), FieldPanel("secteur")]),
                ],
                heading="La collectivité",
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("population_municipale"), FieldPanel("population_totale")]),
                    FieldPanel("population_annee"),
                ],
                heading="Populations",
            ),
            MultiFieldPanel(
                [
                    FieldPanel("adresse"),
                    FieldRowPanel([FieldPanel("code_postal"), FieldPanel("ville")]),
                    FieldRowPanel([FieldPanel("telephone"), FieldPanel("courriel")]),
                    FieldPanel("site_web"),
                    FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")]),
                    FieldPanel("horaires_verifies_le"),
                ],
                heading="Coordonnées",
            ),
            MultiFieldPanel([FieldPanel("date_sortie")], heading="Sortie du territoire"),
        ],
        base_form_class=CollectiviteForm,
    )
