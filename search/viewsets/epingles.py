"""Pinned results in the admin: each responsable sees and changes those of the entries they may see."""

from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404
from django.utils import timezone
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic.history import HistoryView

from collectivites.viewsets.base import (
    AjoutView,
    FicheView,
    ListeView,
    ListeViewSet,
    ModificationView,
    SuppressionView,
)
from search.analyse.requete import lire
from search.models import Epingle, SearchEntry
from search.synonymes import in_force
from search.viewsets.entrees import entree_chooser


class EpingleForm(WagtailAdminModelForm):
    """`cle` follows the query. An entry that the responsable may not see is as if it did not exist."""

    class Meta:
        model = Epingle
        fields = ["requete", "entree", "ordre", "jusqu_au"]
        widgets: ClassVar[dict] = {"entree": entree_chooser.widget_class}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen = SearchEntry.objects.visible_to(self.for_user)
        self.fields["entree"].queryset = seen
        # The widget reads the title of whatever is sent, to show it again with the errors.
        sent = self.data.get(self.add_prefix("entree"))
        if sent and not (sent.isdecimal() and seen.filter(pk=sent).exists()):
            self.data = self.data.copy()
            self.data[self.add_prefix("entree")] = ""

    def clean_requete(self) -> str:
        asked = lire(self.cleaned_data["requete"], in_force())
        if not asked.cle or not asked.is_simple:
            raise ValidationError("Écrivez des mots simples, sans guillemets, tiret d’exclusion ni astérisque.")
        self.instance.cle = asked.cle
        return asked.texte

    def clean_jusqu_au(self) -> date | None:
        until = self.cleaned_data["jusqu_au"]
        if until and until < timezone.localdate() and "jusqu_au" in self.changed_data:
            raise ValidationError("Cette date est passée.")
        return until

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        entry = cleaned.get("entree")
        same = Epingle.objects.filter(cle=self.instance.cle, entree=entry).exclude(pk=self.instance.pk)
        if entry and "requete" in cleaned and same.exists():
            raise ValidationError("Ce résultat est déjà épinglé pour cette recherche.")
        return cleaned


def seen_by(agent: models.Model) -> models.QuerySet:
    """The pins of entries that this person may see."""
    return Epingle.objects.filter(entree__in=SearchEntry.objects.visible_to(agent)).select_related("entree")


class Visible:
    """A pin of an entry that one may not see does not exist for them."""

    def get_object(self, *args: Any, **kwargs: Any) -> Epingle:
        pin = super().get_object(*args, **kwargs)
        if not seen_by(self.request.user).filter(pk=pin.pk).exists():
            raise Http404
        return pin


class EpingleListeView(ListeView):
    def get_base_queryset(self) -> models.QuerySet:
        return super().get_base_queryset().filter(pk__in=seen_by(self.request.user).values("pk"))


class EpingleAjoutView(AjoutView):
    def get_initial_form_instance(self) -> Epingle:
        return Epingle(requete=self.request.GET.get("requete", "")[:200])


class EpingleModificationView(Visible, ModificationView):
    pass


class EpingleSuppressionView(Visible, SuppressionView):
    pass


class EpingleFicheView(Visible, FicheView):
    pass


class EpingleHistoriqueView(Visible, HistoryView):
    pass


class EpingleViewSet(ListeViewSet):
    model = Epingle
    name = "resultats-epingles"
    icon = "thumbtack"
    menu_label = "Résultats épinglés"
    index_view_class = EpingleListeView
    add_view_class = EpingleAjoutView
    edit_view_class = EpingleModificationView
    delete_view_class = EpingleSuppressionView
    inspect_view_class = EpingleFicheView
    history_view_class = EpingleHistoriqueView
    list_display = [
        "requete",
        Column("entree", label="Résultat"),
        "ordre",
        DateColumn("jusqu_au", label="Jusqu’au", sort_key="jusqu_au"),
    ]
    list_select = ("entree",)
    search_fields = ["requete", "entree__titre"]
    inspect_view_fields = ["requete", "entree", "ordre", "jusqu_au"]
    export = {"Recherche": "requete", "Résultat": "entree.titre", "Ordre": "ordre", "Jusqu’au": "jusqu_au"}
    edit_handler = ObjectList(
        [
            FieldPanel(
                "requete",
                help_text="Les mots que tapent les lecteurs\u00a0: accents, majuscules et pluriels ne comptent pas.",
            ),
            FieldPanel("entree"),
            FieldRowPanel([FieldPanel("jusqu_au"), FieldPanel("ordre")]),
        ],
        base_form_class=EpingleForm,
    )
