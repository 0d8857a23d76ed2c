"""A loan and its thread; those of a collectivité."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from collectivites.cles import une_seule_fois
from collectivites.garde import form_data
from extranet.lib.fichiers import file_response
from extranet.lib.stockage import is_full
from materiel.enums import EN_COURS, Cote
from materiel.forms.reponses import MessageForm
from materiel.models import Message, Pret, ReglagesMateriel
from materiel.permissions import REGLES
from materiel.prets import echanges
from materiel.suivi.etapes import line_of, with_convention
from materiel.suivi.page_pret import loan_context
from materiel.views.acces import loan_of, place_of, side_read

PAR_PAGE = 20
VUES = {"en-cours": "En cours", "termines": "Terminés"}


@require_safe
def pret_list(request: HttpRequest) -> HttpResponse:
    """« Nos prêts »: lent and borrowed by the collectivité acted for."""
    place = place_of(request)
    ours = Pret.objects.visible_to(request.user).of([place.pk])
    sens = request.GET.get("sens") if request.GET.get("sens") in Cote.values else ""
    if sens:
        ours = ours.filter(preteur=place) if sens == Cote.PRETEUR else ours.filter(emprunteur=place)
    if words := request.GET.get("q", "").strip()[:80]:
        ours = ours.filter(_named(words))
    open_ones, ended = ours.filter(statut__in=EN_COURS), ours.exclude(statut__in=EN_COURS)
    vue = request.GET.get("vue") if request.GET.get("vue") in VUES else "en-cours"
    shown = open_ones.order_by("date_debut", "pk") if vue == "en-cours" else ended.order_by("-date_fin", "-pk")
    page_obj = Paginator(with_convention(shown).for_list(), PAR_PAGE).get_page(request.GET.get("page"))
    asked = ReglagesMateriel.load().convention_exigee
    context = {
        "page_obj": page_obj,
        "lignes": [line_of(one, place, exigee=asked) for one in page_obj],
        "vue": vue,
        "en_cours": vue == "en-cours",
        "sens": sens,
        "q": words,
        "comptes": {"en_cours": open_ones.count(), "termines": ended.count()},
    }
    return render(request, "materiel/pret_list.html", context)


def _named(words: str) -> Q:
    return (
        Q(numero__icontains=words)
        | Q(materiel__page__title__icontains=words)
        | Q(preteur__nom__icontains=words)
        | Q(emprunteur__nom__icontains=words)
    )


@require_safe
def pret_detail(request: HttpRequest, numero: str) -> HttpResponse:
    return page_of_loan(request, loan_of(request, numero))


def page_of_loan(request: HttpRequest, pret: Pret, **forms: Any) -> HttpResponse:
    """The page of the loan; with a form to correct, 422."""
    context = loan_context(request, pret, side_read(request, pret), **forms)
    wrong = forms.get("refus") or any(form.errors for form in forms.values() if hasattr(form, "errors"))
    return render(request, "materiel/pret_detail.html", context, status=422 if wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def message_create(request: HttpRequest, numero: str) -> HttpResponse:
    """A visit reads the thread on the page of the loan."""
    pret = loan_of(request, numero)
    if request.method != "POST":
        return redirect(f"{pret.get_absolute_url()}#echanges")
    if not echanges.may_write(pret, request.user):
        raise PermissionDenied(REGLES["ecrire"])
    form = MessageForm(form_data(request), request.FILES)
    if form.is_valid():
        try:
            echanges.write(pret, request.user, form.cleaned_data["texte"], form.cleaned_data["photo"])
        except OSError as error:
            if not is_full(error):
                raise
            form.add_error(
                "photo", "Le disque du site est plein\u00a0: la photo n’a pas été gardée. Écrivez sans elle."
            )
        else:
            messages.success(request, "Votre message est envoyé.")
            return redirect(f"{pret.get_absolute_url()}#echanges")
    return page_of_loan(request, pret, form_message=form)


@require_safe
def message_photo(request: HttpRequest, numero: str, pk: int) -> HttpResponse:
    """For those who see the loan."""
    pret = loan_of(request, numero)
    message = get_object_or_404(Message.objects.exclude(photo=""), pret=pret, pk=pk)
    name = f"pret-{pret.numero}-{message.pk}.{message.photo.name.rpartition('.')[2]}"
    try:
        return file_response(request, message.photo, name=name, etag=message.photo.name)
    except FileNotFoundError:
        raise Http404 from None
