"""The needs of the communes: read, posted, answered; those that nobody met, for the intercommunalité."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collectivites.cles import une_seule_fois
from collectivites.enums import Domaine
from collectivites.garde import form_data
from collectivites.refus import AccesReserve, gestionnaires, responsables
from materiel import adresses
from materiel.entraide import besoins
from materiel.entraide.bilan_besoins import by_category, workbook
from materiel.entraide.punaises import pins, who
from materiel.forms.besoins import AideForm, BesoinForm
from materiel.models import Besoin, MaterielsPage, ReglagesMateriel, ReglementPretPage
from materiel.mots import entre_guillemets
from materiel.permissions import REGLES, can_ask
from materiel.refus import PretRefuse
from materiel.views.acces import place_of
from materiel.vitrine.liste import surroundings

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ALIAS = {"objet": "objet", "du": "date_debut", "au": "date_fin", "de": "moment_debut", "a": "moment_fin"}


@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def besoin_list(request: HttpRequest) -> HttpResponse:
    """The board of needs, and the form that pins one. A search without answer fills it by its address."""
    form = BesoinForm(form_data(request), initial=_initial(request)) if _may_ask(request) else None
    if request.method == "POST":
        if form is None:
            raise AccesReserve("aux gestionnaires de votre commune", gestionnaires([place_of(request)]))
        if form.is_valid() and _published(request, form):
            return redirect("materiel:besoin_list")
    found = Besoin.objects.visible_to(request.user).open().for_list().order_by("date_debut", "pk")
    page_obj = Paginator(found, 24).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": get_object_or_404(MaterielsPage.objects.live()),
        "page_obj": page_obj,
        "qui": who(found.exclude(collectivite=request.collectivite)),
        "punaises": pins(list(page_obj), request.user, request.collectivite),
        "entourage": surroundings(request.user, request.collectivite),
        "adresses": adresses,
        "rayon": ReglagesMateriel.load().rayon_besoins,
        "reglement": ReglementPretPage.objects.visible_to(request.user).first(),
        "suit": request.user.answers_for(Domaine.MATERIEL),
        "preciser": form is not None and any(form[name].errors for name in ("categorie", "quantite")),
    }
    return render(request, "materiel/besoin_list.html", context, status=422 if form and form.errors else 200)


def _may_ask(request: HttpRequest) -> bool:
    return can_ask(request.user, request.collectivite)


def _initial(request: HttpRequest) -> dict[str, Any]:
    return {field: request.GET[name][:120] for name, field in ALIAS.items() if request.GET.get(name)}


def _published(request: HttpRequest, form: BesoinForm) -> bool:
    given = form.cleaned_data
    try:
        besoins.publish(
            request.user,
            request.collectivite,
            objet=given["objet"],
            categorie=given["categorie"],
            debut=form.debut,
            fin=form.fin,
            quantite=given["quantite"],
            occasion=given["occasion"],
        )
    except PretRefuse as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(
        request, "Votre besoin est affiché. Les communes qui en ont un de libre sont prévenues dans quelques minutes."
    )
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def besoin_repondre(request: HttpRequest, pk: int) -> HttpResponse:
    """« Nous pouvons aider »: what is free at home on these days, or a word."""
    place, besoin = place_of(request), _open(request, pk)
    if place == besoin.collectivite:
        raise PermissionDenied("C’est le besoin de votre commune\u00a0: les autres y répondent.")
    if not can_ask(request.user, place):
        raise AccesReserve("aux gestionnaires de votre commune", gestionnaires([place]))
    ours = besoins.at_home(besoin, place)
    aides = [one for one in ours if not one.empeche]
    form = AideForm(form_data(request), besoin=besoin, aides=aides)
    if request.method == "POST" and form.is_valid():
        try:
            return _helped(request, besoin, form)
        except PretRefuse as refusal:
            form.add_error(None, str(refusal))
    context = {
        "besoin": besoin,
        "form": form,
        "empechees": [one for one in ours if one.empeche],
        "place": place,
        "km": besoins.kilometres(place, besoin.collectivite),
    }
    return render(request, "materiel/besoin_repondre.html", context, status=422 if form.errors else 200)


def _helped(request: HttpRequest, besoin: Besoin, form: AideForm) -> HttpResponse:
    given, seeker = form.cleaned_data, besoin.collectivite
    materiel = given.get("materiel")
    if materiel is None:
        besoins.write(besoin, request.user, request.collectivite, given["mot"])
        messages.success(request, f"Votre mot est parti\u00a0: {seeker.nom} le lit et vous appelle.")
        return redirect("materiel:besoin_list")
    pret = besoins.offer(besoin, request.user, request.collectivite, materiel, given["quantite"], given["mot"])
    messages.success(
        request,
        f"{entre_guillemets(materiel.nom)} est proposé à {seeker.nom}, et retenu pour elle. Sa réponse arrivera dans "
        "vos notifications.",
    )
    return redirect(pret)


@require_POST
@une_seule_fois
def besoin_clore(request: HttpRequest, pk: int) -> HttpResponse:
    """No longer looked for: by its commune, or by the responsables."""
    besoin = _open(request, pk)
    if not besoins.may_close(besoin, request.user):
        raise PermissionDenied(REGLES["demander"])
    try:
        besoins.close(besoin, request.user)
    except PretRefuse as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Le besoin {entre_guillemets(besoin.objet)} est clos.")
    return redirect("materiel:besoin_list")


def _open(request: HttpRequest, pk: int) -> Besoin:
    found = Besoin.objects.visible_to(request.user).open()
    return get_object_or_404(found.select_related("collectivite", "categorie", "auteur"), pk=pk)


@require_safe
def besoin_bilan(request: HttpRequest) -> HttpResponse:
    """What was looked for and not found, by category: what the intercommunalité may buy. As a workbook too."""
    if not request.user.answers_for(Domaine.MATERIEL):
        raise AccesReserve("aux responsables du matériel", responsables(Domaine.MATERIEL))
    years = sorted({day.year for day in Besoin.objects.unmet().dates("date_debut", "year")}, reverse=True)
    asked = request.GET.get("annee", "")
    year = int(asked) if asked.isdecimal() and int(asked) in years else None
    found = Besoin.objects.unmet().select_related("collectivite", "categorie", "auteur").order_by("-date_debut", "pk")
    if year:
        found = found.filter(date_debut__year=year)
    if request.GET.get("format") == "xlsx":
        response = HttpResponse(workbook(found), content_type=XLSX)
        name = f"besoins-non-pourvus-{year or timezone.localdate().isoformat()}.xlsx"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    context = {
        "rayons": by_category(found),
        "page_obj": Paginator(found, 50).get_page(request.GET.get("page")),
        "annees": years,
        "annee": year,
        "adresse": reverse("materiel:besoin_bilan"),
    }
    return render(request, "materiel/besoin_bilan.html", context)
