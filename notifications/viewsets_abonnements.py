"""The subscriptions proposed to a fonction, in the admin."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import Column

from collectivites.viewsets.base import ListeView, ListeViewSet
from notifications.models import AbonnementPropose
from notifications.propositions import to_propose

AIDE = (
    "Chacun le reçoit une fois, dans les dix minutes, et peut le quitter\u00a0: il ne lui est alors plus proposé. "
    "Retirer la proposition ne désabonne personne."
)


class AbonnementProposeForm(WagtailAdminModelForm):
    objet = forms.ChoiceField(label="Ce qu’ils suivent", help_text=AIDE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["objet"].choices = [("", "Choisir"), *to_propose()]


class PropositionsView(ListeView):
    @cached_property
    def columns(self) -> list[Column]:
        """The codes in words, read once; a thing deleted since is told as such."""
        known = {code: label for _, choices in to_propose() for code, label in choices}
        suivi = Column("objet", label="Ce qu’ils suivent", accessor=lambda one: known.get(one.objet, "n’existe plus"))
        return [*super().columns, suivi]


class AbonnementProposeViewSet(ListeViewSet):
    model = AbonnementPropose
    name = "abonnements-proposes"
    icon = "mail"
    menu_label = "Abonnements proposés"
    routes = frozenset({"index", "add", "edit", "delete", "history"})
    inspect_view_enabled = False
    index_view_class = PropositionsView
    list_display = ["fonction"]
    list_select = ("fonction",)
    list_filter = ["fonction"]
    search_fields = ["fonction__libelle"]
    edit_handler = ObjectList(
        [FieldPanel("fonction"), FieldPanel("objet")],
        base_form_class=AbonnementProposeForm,
    )
