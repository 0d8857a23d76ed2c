"""What a reader does from a sheet: keep it, judge it, use it, write about it. Each act is a form of its own."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from collectivites.cles import une_seule_fois
from collectivites.garde import form_data
from extranet.lib.provenance import next_of
from extranet.lib.stockage import is_full
from ressources import echanges, usages
from ressources.enums import GenreEchange
from ressources.forms.consulter import EchangeForm, FavoriForm, ReponseForm, RepriseForm
from ressources.models import RessourcePage
from ressources.permissions import can_edit
from ressources.tasks import request_pending
from ressources.views.commun import may_write, place_of
from ressources.views.fiche import sheet_context


@require_POST
@une_seule_fois
def favori(request: HttpRequest, pk: int) -> HttpResponse:
    """Kept with its note, or let go."""
    page = _visible(request, pk)
    if request.POST.get("retirer"):
        usages.let_go(page, request.user)
        messages.success(request, "Ce document n’est plus dans vos favoris.")
        return redirect(next_of(request, page.url))
    form = FavoriForm(form_data(request))
    if not form.is_valid():
        return _again(request, page, form_favori=form)
    usages.keep(page, request.user, form.cleaned_data["note"])
    messages.success(request, "Ce document est dans vos favoris.")
    return redirect(next_of(request, page.url))


@require_POST
@une_seule_fois
def avis(request: HttpRequest, pk: int) -> HttpResponse:
    page = _visible(request, pk)
    usages.judge(page, request.user, utile=request.POST.get("utile") == "oui")
    messages.success(request, "Merci, votre avis est noté.")
    return redirect(next_of(request, page.url))


@require_POST
@une_seule_fois
def reprise(request: HttpRequest, pk: int) -> HttpResponse:
    """« Ma commune l’utilise », said for the collectivité for which one acts; or no longer."""
    page, place = _visible(request, pk), place_of(request)
    if request.POST.get("retirer"):
        usages.drop_use(page, place, request.user)
        messages.success(request, f"{place.nom} n’est plus parmi les communes qui l’utilisent.")
        return redirect(next_of(request, page.url))
    form = RepriseForm(form_data(request), request.FILES)
    if not form.is_valid():
        return _again(request, page, form_reprise=form)
    given = form.cleaned_data
    try:
        usages.take_up(page, request.user, place, mot=given["mot"], telephone=given["telephone"], acte=given["acte"])
    except OSError as error:
        if not is_full(error):
            raise
        form.add_error(
            "acte", "Le disque du site est plein\u00a0: l’acte n’a pas été gardé. Prévenez l’administration."
        )
        return _again(request, page, form_reprise=form)
    request_pending()
    messages.success(request, f"C’est noté\u00a0: {place.nom} l’utilise.")
    return redirect(next_of(request, page.url))


@require_POST
@une_seule_fois
def echange_create(request: HttpRequest, pk: int) -> HttpResponse:
    """A question, an experience, or a mistake."""
    page = _visible(request, pk)
    form = EchangeForm(form_data(request))
    if not form.is_valid() or not may_write(request, form):
        return _again(request, page, form_echange=form)
    given = form.cleaned_data
    said = echanges.say(
        page,
        request.user,
        place_of(request),
        texte=given["texte"],
        genre=GenreEchange(given["genre"]),
        endroit=given["endroit"],
    )
    messages.success(request, "Votre message est envoyé. La réponse arrivera dans vos notifications.")
    return redirect(f"{page.url}#echange-{said.pk}")


@require_POST
@une_seule_fois
def echange_repondre(request: HttpRequest, pk: int, echange: int) -> HttpResponse:
    page = _visible(request, pk)
    answered = get_object_or_404(echanges.readable_by(request.user, page), pk=echange)
    form = ReponseForm(form_data(request))
    if not form.is_valid() or not may_write(request, form):
        return _again(request, page, form_reponse=form, reponse_a=answered.pk)
    said = echanges.say(page, request.user, place_of(request), texte=form.cleaned_data["texte"], reponse_a=answered)
    messages.success(request, "Votre réponse est envoyée.")
    return redirect(f"{page.url}#echange-{said.pk}")


@require_POST
@une_seule_fois
def echange_traiter(request: HttpRequest, pk: int, echange: int) -> HttpResponse:
    """For those who may edit the sheet."""
    page = _visible(request, pk)
    if not can_edit(request.user, page):
        raise Http404
    echanges.settle(get_object_or_404(echanges.readable_by(request.user, page), pk=echange), request.user)
    messages.success(request, "C’est noté comme traité.")
    return redirect(f"{page.url}#echange-{echange}")


def _visible(request: HttpRequest, pk: int) -> RessourcePage:
    return get_object_or_404(RessourcePage.objects.open_to(request.user).select_related("collectivite"), pk=pk)


def _again(request: HttpRequest, page: RessourcePage, **forms: object) -> HttpResponse:
    """The sheet, with the form to correct."""
    return render(request, "ressources/ressource_detail.html", sheet_context(request, page, **forms), status=422)
