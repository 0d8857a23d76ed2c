"""« Recherches sans réponse » in the admin: the inbox of what was looked for and not found."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import InspectView

from collectivites.viewsets.base import FicheView, ListeViewSet
from search.enums import StatutQuestion
from search.models import QuestionRecherche
from search.questions import QuestionRefusee, answer, file_away


class ReponseForm(forms.Form):
    reponse = forms.CharField(
        label="Votre réponse",
        max_length=QuestionRecherche._meta.get_field("reponse").max_length,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Elle part dans les notifications de la personne, avec un lien vers la même recherche.",
        error_messages={
            "required": "Écrivez une réponse, ou classez la demande.",
            "max_length": "500 caractères au plus\u00a0: il y en a %(show_value)d.",
        },
    )


class QuestionView(FicheView):
    """One question, and all that may be done of it."""

    template_name = "search/admin/question.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        acts = self.acts() if self.user_has_permission("change") else []
        return super().get_context_data(actes=acts, **kwargs)

    def acts(self) -> list[tuple[str, str]]:
        """Labels and addresses, the first one being what is most often done."""
        question, asked = self.object, self.object.requete
        acts = [
            ("En faire un synonyme", _add("admin_synonymes", expressions=f"{asked}, ")),
            ("Épingler un résultat", _add("admin_resultats_epingles", requete=asked)),
            ("Expliquer cette recherche", _explain(question)),
        ]
        if question.statut != StatutQuestion.A_TRAITER:
            return acts
        return [("Répondre", _url("repondre", question)), *acts, ("Classer sans répondre", _url("classer", question))]


class DecisionView(InspectView):
    """Shows the question and asks for one decision, which is taken once."""

    template_name = "search/admin/decision.html"
    permission_required = "change"
    fields = ["requete", "message", "auteur", "collectivite"]
    bouton = done = ""

    def get_page_subtitle(self) -> str:
        return str(self.object)

    def decide(self, form: forms.Form, **who: Any) -> None:
        raise TypeError

    def get_form(self) -> forms.Form:
        return forms.Form(self.request.POST or None)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {"form": self.get_form(), "retour": _url("inspect", self.object), **super().get_context_data(**kwargs)}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Once it is taken, there is nothing to decide."""
        if self.object.statut != StatutQuestion.A_TRAITER:
            messages.info(request, f"Cette demande est déjà {self.object.get_statut_display()}.")
            return redirect(_url("inspect", self.object))
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        try:
            self.decide(form, by=request.user, pour=request.collectivite)
            messages.success(request, self.done)
        except QuestionRefusee as refusal:
            messages.error(request, str(refusal))
        return redirect(_url("inspect", self.object))


class RepondreView(DecisionView):
    page_title, bouton, done = "Répondre", "Envoyer la réponse", "La réponse est envoyée."

    def get_form(self) -> ReponseForm:
        return ReponseForm(self.request.POST or None)

    def decide(self, form: forms.Form, **who: Any) -> None:
        answer(self.object, form.cleaned_data["reponse"], **who)


class ClasserView(DecisionView):
    page_title, bouton, done = "Classer sans répondre", "Classer", "La demande est classée."

    def get_form(self) -> forms.Form:
        return forms.Form(self.request.POST)

    def decide(self, form: forms.Form, **who: Any) -> None:
        file_away(self.object, **who)


class QuestionViewSet(ListeViewSet):
    """The site writes the questions; here they are read, answered and filed."""

    model = QuestionRecherche
    name = "recherches-sans-reponse"
    icon = "help"
    menu_label = "Recherches sans réponse"
    routes = frozenset({"index", "inspect", "repondre", "classer"})
    form_fields: list[str] = []
    inspect_view_class = QuestionView
    inspect_view_fields = [
        "requete",
        "message",
        "auteur",
        "collectivite",
        "created_at",
        "statut",
        "reponse",
        "repondu_par",
        "repondu_le",
    ]
    list_display = [
        "requete",
        Column("message", label="Message"),
        "auteur",
        Column("collectivite", label="Collectivité"),
        Column("get_statut_display", label="État", sort_key="statut"),
        DateColumn("created_at", label="Posée le", sort_key="created_at"),
    ]
    list_filter = ["statut"]
    list_select = ("auteur", "collectivite")
    ordering = "-created_at"
    search_fields = ["requete", "message", "auteur__nom", "collectivite__nom"]
    export = {
        "Recherche": "requete",
        "Message": "message",
        "Collectivité": "collectivite.nom",
        "Posée le": "created_at",
        "État": "statut",
        "Réponse": "reponse",
    }

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("repondre/<int:pk>/", self.construct_view(RepondreView), name="repondre"),
            path("classer/<int:pk>/", self.construct_view(ClasserView), name="classer"),
        ]


def _url(name: str, question: QuestionRecherche) -> str:
    return reverse(f"admin_recherches_sans_reponse:{name}", args=[question.pk])


def _add(liste: str, **words: str) -> str:
    return f"{reverse(f'{liste}:add')}?{urlencode(words)}"


def _explain(question: QuestionRecherche) -> str:
    return f"{reverse('expliquer_recherche:index')}?{urlencode({'q': question.requete, 'agent': question.auteur_id})}"
