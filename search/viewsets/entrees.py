"""Choosing an entry of the search: among those one may see."""

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView, ChosenMultipleView, ChosenView

from collectivites.viewsets.recherche import RechercheForm, SansCreation
from search.genres import all_genres, genre_of
from search.models import SearchEntry


class EntreesForm(RechercheForm):
    champs = ("titre", "detail")


class EntreesAuChoix:
    filter_form_class = EntreesForm

    def get_object_list(self) -> models.QuerySet:
        return SearchEntry.objects.visible_to(self.request.user).defer("texte").order_by("-pk")

    @property
    def columns(self) -> list[Column]:
        known = all_genres()
        return [
            *super().columns,
            Column("genre", label="Genre", accessor=lambda entry: genre_of(entry.kind, known).titre),
            Column("detail", label="Précision"),
        ]


class EntreeChooseView(EntreesAuChoix, ChooseView):
    pass


class EntreeResultsView(EntreesAuChoix, ChooseResultsView):
    pass


class EntreeChosenView(ChosenView):
    def get_object(self, pk: str) -> SearchEntry:
        return SearchEntry.objects.visible_to(self.request.user).get(pk=pk)


class PasPlusieursView(ChosenMultipleView):
    """Nothing asks for several entries at once."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        raise Http404


class EntreeChooserViewSet(SansCreation):
    model = SearchEntry
    icon = "search"
    choose_one_text = "Choisir un résultat"
    choose_another_text = "Choisir un autre résultat"
    choose_view_class = EntreeChooseView
    choose_results_view_class = EntreeResultsView
    chosen_view_class = EntreeChosenView
    chosen_multiple_view_class = PasPlusieursView


entree_chooser = EntreeChooserViewSet("choisir_resultat", url_prefix="choisir-resultat")
