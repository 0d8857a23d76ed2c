"""The answers for all in the admin: every one of them, withdrawn ones too, and who published it."""

from typing import Any

from django import forms
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import DateColumn

from collectivites.viewsets.base import ListeViewSet
from ressources.models import QuestionReponse
from ressources.models.question import unfound
from ressources.questions import noms
from ressources.verification import why_too_far


class QuestionReponseAdminForm(WagtailAdminModelForm):
    """The words are for all here too: whom they name is said before they are kept."""

    assume = forms.BooleanField(label=noms.ASSUMER, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        changed = {"question", "reponse"} & set(self.changed_data)
        words = "\n\n".join(cleaned.get(name) or "" for name in ("question", "reponse"))
        if changed and not cleaned.get("assume") and (said := noms.refusal(words)):
            self.add_error(None, said)
        if cleaned.get("a_verifier_avant") and (why := why_too_far(cleaned["a_verifier_avant"])):
            self.add_error("a_verifier_avant", why)
        codes = cleaned.get("diffusion")
        if codes and (said := unfound(codes, cleaned.get("page"), elargie=bool(cleaned.get("elargie")))):
            self.add_error("diffusion", said)
        return cleaned


class QuestionReponseViewSet(ListeViewSet):
    """None is deleted: withdrawn, it leaves the lists and the search. One is drawn from a thread on the site, where
    names are looked for.
    """

    model = QuestionReponse
    name = "questions-reponses"
    icon = "help"
    menu_label = "Questions-réponses"
    routes = frozenset({"index", "add", "edit", "inspect"})
    list_display = [
        "question",
        "theme",
        "statut",
        DateColumn("a_verifier_avant", label="À vérifier avant le", sort_key="a_verifier_avant"),
        DateColumn("created_at", label="Publiée le", sort_key="created_at"),
    ]
    list_select = ("theme", "page")
    list_filter = ["statut", "theme"]
    ordering = "-created_at"
    search_fields = ["question", "reponse"]
    export = {
        "Publiée le": "created_at",
        "Question": "question",
        "Réponse": "reponse",
        "Thème": "theme.nom",
        "Sous la fiche": "page.title",
        "État": "statut",
        "À vérifier avant le": "a_verifier_avant",
    }
    inspect_view_fields = [
        *("question", "reponse", "theme", "page", "diffusion", "elargie", "statut", "a_verifier_avant"),
        *("publiee_par", "created_at", "modifiee_le", "origine"),
    ]
    edit_handler = ObjectList(
        [
            FieldPanel("question"),
            FieldPanel("reponse"),
            FieldRowPanel([FieldPanel("theme"), FieldPanel("page")]),
            FieldRowPanel([FieldPanel("diffusion"), FieldPanel("elargie")], heading="Pour qui"),
            FieldRowPanel([FieldPanel("a_verifier_avant"), FieldPanel("statut")]),
            FieldPanel("assume"),
        ],
        base_form_class=QuestionReponseAdminForm,
    )
