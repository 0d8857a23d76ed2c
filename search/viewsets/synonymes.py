"""Synonyms in the admin."""

from django import forms
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import BooleanColumn, DateColumn

from collectivites.viewsets.base import AjoutView, ListeViewSet
from search.models import Synonyme

AIDE = (
    "Séparées par des virgules, le sigle d’abord\u00a0: «\u00a0ALSH, accueil de loisirs, centre aéré\u00a0». "
    "La liste compte dès la recherche suivante."
)


class SynonymeAjoutView(AjoutView):
    """A question or a search without result brings its words: the first expression is already there."""

    def get_initial_form_instance(self) -> Synonyme:
        return Synonyme(expressions=self.request.GET.get("expressions", "")[:200])


class SynonymeViewSet(ListeViewSet):
    model = Synonyme
    name = "synonymes"
    icon = "resubmit"
    menu_label = "Synonymes"
    add_view_class = SynonymeAjoutView
    list_display = [
        "expressions",
        BooleanColumn("sens_unique", label="À sens unique", sort_key="sens_unique"),
        DateColumn("updated_at", label="Modifié le", sort_key="updated_at"),
    ]
    list_filter = ["sens_unique"]
    search_fields = ["expressions"]
    inspect_view_fields = ["expressions", "sens_unique", "created_at", "updated_at"]
    export = {"Expressions": "expressions", "À sens unique": "sens_unique"}
    panels = [
        FieldPanel("expressions", widget=forms.Textarea(attrs={"rows": 3}), help_text=AIDE),
        FieldPanel("sens_unique"),
    ]
