"""Documents that nobody has shared yet: asked for, asked for too, answered."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collectivites.cles import une_seule_fois
from collectivites.garde import form_data
from collectivites.refus import AccesReserve
from ressources import demandes
from ressources.forms.consulter import ClotureForm, DemandeForm, ReponseDemandeForm
from ressources.models import DemandeDocument, RessourcePage, RessourcesPage, Soutien
from ressources.permissions import can_review
from ressources.versions import RessourceRefusee
from ressources.views.commun import place_of

PAR_PAGE = 20


@require_safe
def demande_list(request: HttpRequest) -> HttpResponse:
    """Those that wait first, then those that were answered; an answer is shown to those who may open it."""
    found = DemandeDocument.objects.visible_to(request.user)
    found = found.select_related("auteur", "collectivite", "theme", "repondu_par")
    ouvertes = request.GET.get("vue") != "repondues"
    counts = found.aggregate(
        ouvertes=Count("pk", filter=Q(statut="ouverte")), autres=Count("pk", filter=~Q(statut="ouverte"))
    )
    found = (
        found.open().order_by("-created_at", "-pk")
        if ouvertes
        else found.exclude(statut="ouverte").order_by("-repondu_le", "-pk")
    )
    page_obj = Paginator(found.annotate(n=Count("soutiens")), PAR_PAGE).get_page(request.GET.get("page"))
    keys = [one.page_id for one in page_obj if one.page_id]
    pages = {page.pk: page for page in RessourcePage.objects.visible_to(request.user).filter(pk__in=keys)}
    mine = set(Soutien.objects.filter(agent=request.user, demande__in=page_obj).values_list("demande", flat=True))
    context = {
        "page_obj": page_obj,
        "demandes": [(one, pages.get(one.page_id), one.pk in mine) for one in page_obj],
        "ouvertes": ouvertes,
        "comptes": counts,
        "boite": RessourcesPage.objects.first(),
    }
    return render(request, "ressources/demande_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def demande_create(request: HttpRequest) -> HttpResponse:
    place = place_of(request)
    form = DemandeForm(form_data(request), initial={"objet": request.GET.get("objet", "")[:200]})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        demandes.ask(request.user, place, objet=given["objet"], precision=given["precision"], theme=given["theme"])
        messages.success(request, "Votre demande est partie. La réponse arrivera dans vos notifications.")
        return redirect("ressources:demande_list")
    context = {"form": form, "boite": RessourcesPage.objects.first()}
    return render(request, "ressources/demande_form.html", context, status=422 if form.errors else 200)


@require_POST
@une_seule_fois
def demande_soutenir(request: HttpRequest, pk: int) -> HttpResponse:
    """« Moi aussi »."""
    place, demande = place_of(request), _open(request, pk)
    demandes.second(demande, request.user, place)
    messages.success(request, "C’est noté\u00a0: vous serez prévenu·e de la réponse en même temps.")
    return redirect(f"{reverse('ressources:demande_list')}#demande-{pk}")


@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def demande_repondre(request: HttpRequest, pk: int) -> HttpResponse:
    """By a sheet that exists; whoever has the document deposits it first."""
    place_of(request)
    demande = _open(request, pk)
    proposed = demandes.proposals(demande, request.user)
    form = ReponseDemandeForm(form_data(request), agent=request.user, proposees=proposed)
    if request.method == "POST" and form.is_valid():
        try:
            demandes.answer(demande, form.cleaned_data["page"], request.user, reponse=form.cleaned_data["reponse"])
        except RessourceRefusee as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Merci\u00a0: ceux qui cherchaient ce document sont prévenus.")
            return redirect("ressources:demande_list")
    return _answering(request, demande, form, ClotureForm(auto_id="cloture_%s"))


@require_POST
@une_seule_fois
def demande_clore(request: HttpRequest, pk: int) -> HttpResponse:
    """Without a document: by who asked, or by the responsables."""
    demande = _open(request, pk)
    if demande.auteur_id != request.user.pk and not can_review(request.user):
        raise AccesReserve("à qui a fait la demande et aux responsables des ressources")
    form = ClotureForm(form_data(request), auto_id="cloture_%s")
    if form.is_valid():
        try:
            demandes.give_up(demande, request.user, reponse=form.cleaned_data["reponse"])
        except RessourceRefusee as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "La demande est close.")
            return redirect("ressources:demande_list")
    other = ReponseDemandeForm(agent=request.user, proposees=demandes.proposals(demande, request.user))
    return _answering(request, demande, other, form)


def _answering(
    request: HttpRequest, demande: DemandeDocument, form: ReponseDemandeForm, cloture: ClotureForm
) -> HttpResponse:
    context = {
        "demande": demande,
        "form": form,
        "form_cloture": cloture,
        "peut_clore": demande.auteur_id == request.user.pk or can_review(request.user),
        "boite": RessourcesPage.objects.first(),
    }
    wrong = form.errors or cloture.errors
    return render(request, "ressources/demande_repondre.html", context, status=422 if wrong else 200)


def _open(request: HttpRequest, pk: int) -> DemandeDocument:
    found = DemandeDocument.objects.visible_to(request.user).open().select_related("auteur", "collectivite", "theme")
    return get_object_or_404(found, pk=pk)
