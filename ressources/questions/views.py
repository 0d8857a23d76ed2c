"""Asking under a theme, answering, and the answers that were published for all."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collectivites.cles import une_seule_fois
from collectivites.enums import Domaine
from collectivites.garde import form_data
from collectivites.models import Theme
from collectivites.refus import AccesReserve, responsables
from extranet.lib.francais import jour
from ressources import echanges
from ressources.enums import GenreEchange, StatutQuestion
from ressources.forms.consulter import ReponseForm
from ressources.models import Echange, QuestionReponse, RessourcePage, RessourcesPage
from ressources.permissions import can_review
from ressources.questions import liste, publier
from ressources.questions.forms import QuestionForm, QuestionReponseForm
from ressources.versions import RessourceRefusee
from ressources.views.commun import may_write, place_of
from ressources.views.consulter import theme_context

FORMULAIRE = "ressources/questions/question_form.html"


def reviewer(request: HttpRequest) -> None:
    if not can_review(request.user):
        raise AccesReserve("aux responsables des ressources", responsables(Domaine.RESSOURCES))


@require_POST
@une_seule_fois
def theme_ask(request: HttpRequest, slug: str) -> HttpResponse:
    """A question under a theme, to those who know it."""
    theme, place = get_object_or_404(Theme, slug=slug), place_of(request)
    form = QuestionForm(form_data(request))
    if not form.is_valid() or not may_write(request, form):
        return _theme_again(request, theme, form_question=form)
    said = echanges.say(theme, request.user, place, texte=form.cleaned_data["texte"])
    messages.success(request, "Votre question est partie. La réponse arrivera dans vos notifications.")
    return redirect(said.adresse)


@require_POST
@une_seule_fois
def theme_answer(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    theme, place = get_object_or_404(Theme, slug=slug), place_of(request)
    seen = Echange.objects.visible_to(request.user).select_related("auteur", "theme")
    question = get_object_or_404(seen.filter(theme=theme, reponse_a=None), pk=pk)
    form = ReponseForm(form_data(request))
    if not form.is_valid() or not may_write(request, form):
        return _theme_again(request, theme, form_reponse=form, reponse_a=pk, echange=str(pk))
    said = echanges.say(theme, request.user, place, texte=form.cleaned_data["texte"], reponse_a=question)
    messages.success(request, "Votre réponse est envoyée.")
    return redirect(said.adresse)


def _theme_again(request: HttpRequest, theme: Theme, **forms: object) -> HttpResponse:
    """The theme, with the form to correct."""
    return render(request, "ressources/theme_detail.html", theme_context(request, theme, **forms), status=422)


@require_POST
@une_seule_fois
def echange_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """« Cela répond à ma question », said of an answer by who asked."""
    answers = _seen(request).filter(reponse_a__isnull=False, genre=GenreEchange.QUESTION)
    answer = get_object_or_404(answers.filter(reponse_a__auteur=request.user), pk=pk)
    try:
        echanges.accept(answer, request.user)
    except RessourceRefusee as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Merci\u00a0: la personne qui vous a répondu le saura.")
    return redirect(answer.adresse)


@require_POST
@une_seule_fois
def echange_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """A question under a theme, by the responsables; under a sheet, those who edit it have their own button."""
    if not can_review(request.user):
        raise Http404
    question = get_object_or_404(_seen(request).filter(theme__isnull=False, reponse_a=None), pk=pk)
    echanges.settle(question, request.user)
    messages.success(request, "C’est noté comme traité.")
    return redirect(question.adresse)


@require_safe
def question_list(request: HttpRequest) -> HttpResponse:
    """All that this reader may read, or what awaits the responsables."""
    choix = liste.Choix.of(request.GET, request.user)
    keeper = can_review(request.user)
    waiting = liste.awaiting_publication() if keeper else Echange.objects.none()
    context = {
        "choix": choix,
        "liste": liste.lister(choix, request.user) if choix.vue != liste.A_REPRENDRE else None,
        "fils": waiting[: liste.PAR_PAGE] if choix.vue == liste.A_REPRENDRE else (),
        "comptes": _counts(waiting) if keeper else None,
        "boite": RessourcesPage.objects.first(),
    }
    return render(request, "ressources/questions/question_list.html", context)


def _counts(waiting: QuerySet[Echange]) -> dict[str, int]:
    return {
        "a_reprendre": waiting.count(),
        "a_verifier": QuestionReponse.objects.to_check().count(),
        "retirees": QuestionReponse.objects.filter(statut=StatutQuestion.RETIREE).count(),
    }


@require_safe
def question_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them. Where it came from is for the responsables; its sheet, for who opens that one."""
    entry = _open(request, pk)
    keeper = can_review(request.user)
    page = RessourcePage.objects.open_to(request.user).filter(pk=entry.page_id).first() if entry.page_id else None
    voisines = QuestionReponse.objects.visible_to(request.user).filter(theme=entry.theme_id).exclude(pk=entry.pk)
    context = {
        "question": entry,
        "page": page,
        "voisines": voisines[: liste.A_COTE],
        "peut_modifier": keeper,
        "origine": entry.origine if keeper else None,
        "boite": RessourcesPage.objects.first(),
    }
    return render(request, "ressources/questions/question_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def question_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """A thread freed of names, read again, then for all."""
    reviewer(request)
    asked = Echange.objects.filter(genre=GenreEchange.QUESTION, reponse_a=None)
    origine = get_object_or_404(asked.select_related("auteur", "collectivite", "page", "theme"), pk=pk)
    if done := publier.drawn_from(origine):
        messages.info(request, "Cet échange est déjà une question-réponse\u00a0: la voici.")
        return redirect(done)
    amorce = publier.prime(origine)
    theme = origine.theme_id or origine.page.theme_id
    initial = {"question": amorce.question, "reponse": amorce.reponse, "theme": theme}
    form = QuestionReponseForm(form_data(request), page=origine.page, parlants=amorce.parlants, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            entry = publier.publish(form.contenu, origine, request.user, request.collectivite)
        except RessourceRefusee as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "La question-réponse est publiée\u00a0: la recherche la trouve.")
            return redirect(entry)
    return _form(request, form, origine=origine, amorce=amorce, page=origine.page)


@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def question_update(request: HttpRequest, pk: int) -> HttpResponse:
    reviewer(request)
    entry = get_object_or_404(QuestionReponse.objects.select_related("page"), pk=pk)
    form = QuestionReponseForm(form_data(request), instance=entry, page=entry.page)
    if request.method == "POST" and form.is_valid():
        publier.change(entry, form.contenu, request.user, request.collectivite)
        messages.success(request, "Vos changements sont enregistrés.")
        return redirect("ressources:question_detail", pk=pk)
    return _form(request, form, question=QuestionReponse.objects.get(pk=pk), page=entry.page)


def _form(request: HttpRequest, form: QuestionReponseForm, **context: object) -> HttpResponse:
    context = {"form": form, "boite": RessourcesPage.objects.first(), **context}
    return render(request, FORMULAIRE, context, status=422 if form.errors else 200)


@require_POST
@une_seule_fois
def question_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    return _put(request, pk, StatutQuestion.RETIREE, "Elle est retirée\u00a0: plus personne ne la trouve.")


@require_POST
@une_seule_fois
def question_restore(request: HttpRequest, pk: int) -> HttpResponse:
    return _put(request, pk, StatutQuestion.PUBLIEE, "Elle est de nouveau publiée.")


def _put(request: HttpRequest, pk: int, statut: StatutQuestion, said: str) -> HttpResponse:
    reviewer(request)
    entry = get_object_or_404(QuestionReponse, pk=pk)
    publier.put(entry, statut, request.user, request.collectivite)
    messages.success(request, said)
    return redirect(entry)


@require_POST
@une_seule_fois
def question_still_valid(request: HttpRequest, pk: int) -> HttpResponse:
    reviewer(request)
    entry = get_object_or_404(QuestionReponse, pk=pk)
    until = publier.still_valid(entry, request.user, request.collectivite)
    messages.success(request, f"C’est noté\u00a0: à vérifier de nouveau avant le {jour(until)}.")
    return redirect(f"{reverse('ressources:question_list')}?vue=a_verifier")


def _seen(request: HttpRequest) -> QuerySet[Echange]:
    return Echange.objects.visible_to(request.user).select_related("auteur", "page", "theme")


def _open(request: HttpRequest, pk: int) -> QuestionReponse:
    """The same 404 whether it exists or not."""
    found = QuestionReponse.objects.open_to(request.user)
    return get_object_or_404(found.select_related("theme", "page", "origine__page", "origine__theme"), pk=pk)
