"""Search in the lists and the choosers of the admin: every word, without accents nor capitals."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Coalesce, Concat
from django.urls import URLPattern
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView
from wagtail.admin.viewsets.chooser import ChooserViewSet

from collectivites.models import Agent, Collectivite
from extranet.lib.pliage import Fold, words


def search_folded(queryset: models.QuerySet, fields: Iterable[str], query: str) -> models.QuerySet:
    """The rows where each word typed is somewhere in `fields`; none when nothing was typed but signs."""
    asked = words(query)
    if not asked:
        return queryset.none()
    texts: list[Any] = [Value(" ")]
    for field in fields:
        texts += [Coalesce(F(field), Value(""), output_field=models.TextField()), Value(" ")]
    queryset = queryset.annotate(texte_plie=Fold(Concat(*texts, output_field=models.TextField())))
    for word in asked:
        queryset = queryset.filter(texte_plie__contains=word)
    return queryset


class RechercheForm(BaseFilterForm):
    """The search of a chooser, in the fields of its model."""

    q = forms.CharField(
        label="Chercher", required=False, widget=forms.TextInput(attrs={"placeholder": "Un nom, une commune…"})
    )
    champs: tuple[str, ...] = ()

    def filter(self, objects: models.QuerySet) -> models.QuerySet:
        self.search_query = self.cleaned_data["q"]
        self.is_searching = bool(self.search_query)
        return search_folded(objects, self.champs, self.search_query) if self.is_searching else objects


class AgentsForm(RechercheForm):
    champs = ("prenom", "nom", "email")


class CollectivitesForm(RechercheForm):
    champs = ("nom", "siren", "insee")


class AgentsAuChoix:
    """Who may be chosen: everybody but the erased, told apart from namesakes by their collectivités."""

    filter_form_class = AgentsForm

    def get_object_list(self) -> models.QuerySet:
        return Agent.objects.filter(efface_le=None).prefetch_related("postes__collectivite")

    @property
    def columns(self) -> list[Column]:
        return [*super().columns, Column("collectivites", label="Collectivités", accessor=places_of)]


class AgentChooseView(AgentsAuChoix, ChooseView):
    pass


class AgentResultsView(AgentsAuChoix, ChooseResultsView):
    pass


class CollectiviteChooseView(ChooseView):
    filter_form_class = CollectivitesForm


class CollectiviteResultsView(ChooseResultsView):
    filter_form_class = CollectivitesForm


def places_of(agent: Agent) -> str:
    """Where an agent has a poste in force, from postes already read with their collectivités."""
    places = dict.fromkeys(poste.collectivite.nom for poste in agent.postes.all() if poste.is_in_force())
    return ", ".join(places)


class SansCreation(ChooserViewSet):
    """A person or a collectivité is made in its own list, with its rules."""

    def get_urlpatterns(self) -> list[URLPattern]:
        return [pattern for pattern in super().get_urlpatterns() if pattern.name != "create"]


class AgentChooserViewSet(SansCreation):
    model = Agent
    icon = "user"
    choose_one_text = "Choisir une personne"
    choose_another_text = "Choisir une autre personne"
    edit_item_text = "Voir cette personne"
    choose_view_class = AgentChooseView
    choose_results_view_class = AgentResultsView


class CollectiviteChooserViewSet(SansCreation):
    model = Collectivite
    icon = "home"
    choose_one_text = "Choisir une collectivité"
    choose_another_text = "Choisir une autre collectivité"
    edit_item_text = "Voir cette collectivité"
    choose_view_class = CollectiviteChooseView
    choose_results_view_class = CollectiviteResultsView


# Registered before the forms of the lists are made: their fields use these choosers.
agent_chooser = AgentChooserViewSet("choisir_agent", url_prefix="choisir-agent")
collectivite_chooser = CollectiviteChooserViewSet("choisir_collectivite", url_prefix="choisir-collectivite")
