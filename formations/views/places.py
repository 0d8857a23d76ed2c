"""The acts on a seat: leave it, give it to a colleague, take the one that is offered, say how to be received."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from collectivites.cles import une_seule_fois
from collectivites.garde import form_data
from collectivites.models import Agent
from extranet.lib.noms import de_nom
from extranet.lib.tour import a_son_tour
from extranet.lib.typographie import space
from formations.enums import Repas
from formations.forms.precisions import PrecisionsForm, RetraitForm
from formations.inscrire import besoins, precisions
from formations.inscrire.page import is_changeable, is_late, need_of
from formations.inscrire.remplacer import colleagues, replace
from formations.models import Inscription
from formations.permissions import REGLES, can_change, can_replace
from formations.places import offres, retraits
from formations.places.remplacement import PROPOSEE
from formations.prevenir.mots import dates
from formations.refus import InscriptionRefusee
from formations.views.inscriptions import page_of_seat, seat_of

SORTI = space("Cette inscription n’est plus en cours : il n’y a plus rien à y changer.")


def _mine(request: HttpRequest, pk: int) -> Inscription:
    """One that this person may change. 404 when they do not read it; raises PermissionDenied with the rule."""
    one = seat_of(request, pk)
    if not can_change(request.user, one):
        raise PermissionDenied(REGLES["retirer"])
    return one


def _closed(request: HttpRequest, one: Inscription) -> HttpResponse:
    messages.warning(request, SORTI)
    return redirect(one)


@require_http_methods(["GET", "HEAD", "POST"])
@a_son_tour
@une_seule_fois
def inscription_desister(request: HttpRequest, pk: int) -> HttpResponse:
    """With a reason; what it costs to be late is said before."""
    one = _mine(request, pk)
    if not is_changeable(one):
        return _closed(request, one)
    form = RetraitForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            retraits.desister(one, request.user, form.cleaned_data["motif"])
        except InscriptionRefusee as refusal:
            form.add_error(None, str(refusal))
        else:
            given = "La place est rendue." if one.is_expected else "La demande est retirée."
            messages.success(request, f"{given} L’organisateur est prévenu.")
            return redirect(one)
    context = {"inscription": one, "form": form, "tardif": is_late(one), "moi": one.agent_id == request.user.pk}
    return render(request, "formations/inscription_desister.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@a_son_tour
@une_seule_fois
def inscription_remplacer(request: HttpRequest, pk: int) -> HttpResponse:
    """One click here, after the one that led here: the colleague has the seat."""
    one = seat_of(request, pk)
    if not can_replace(request.user, one):
        raise PermissionDenied(REGLES["remplacer"])
    if not (one.is_expected and is_changeable(one)):
        return _closed(request, one)
    if request.method != "POST" and not one.is_held:
        messages.warning(request, space(PROPOSEE))
        return redirect(one)
    refus = ""
    if request.method == "POST":
        colleague = _colleague(request, one)
        try:
            new = replace(one, colleague, request.user)
        except InscriptionRefusee as refusal:
            refus = str(refusal)
        else:
            messages.success(request, f"{colleague.nom_complet} prend la place {de_nom(one.agent.nom_complet)}.")
            return redirect(new if Inscription.objects.visible_to(request.user).filter(pk=new.pk).exists() else one)
    people = colleagues(one, request.user)
    context = {
        "inscription": one,
        "possibles": [person for person in people if not person.pourquoi],
        "autres": [person for person in people if person.pourquoi],
        "refus": refus,
        "moi": one.agent_id == request.user.pk,
        "dates": dates(one.session),
    }
    return render(request, "formations/inscription_remplacer.html", context, status=422 if refus else 200)


def _colleague(request: HttpRequest, one: Inscription) -> Agent:
    """Somebody of the same commune: anybody else was not offered."""
    key = request.POST.get("collegue", "")
    if not (key.isascii() and key.isdigit() and len(key) < 18):
        raise PermissionDenied(REGLES["remplacer"])
    found = Agent.objects.of(one.collectivite).filter(pk=key).first()
    if found is None:
        raise PermissionDenied(REGLES["remplacer"])
    return found


@require_POST
@a_son_tour
@une_seule_fois
def inscription_repondre(request: HttpRequest, pk: int) -> HttpResponse:
    """Yes or no to a seat that is offered. No gives it to the next one."""
    one = _mine(request, pk)
    try:
        if request.POST.get("reponse") not in ("oui", "non"):
            raise InscriptionRefusee("Répondez oui ou non.")
        if request.POST["reponse"] == "oui":
            taken = offres.prendre(one, request.user)
            messages.success(
                request, space(f"C’est noté : la place {'attend le visa' if taken.tenue_jusqua else 'est confirmée'}.")
            )
        else:
            offres.decliner(one, request.user)
            messages.success(request, space("C’est noté : la place est proposée à la personne suivante."))
    except InscriptionRefusee as refusal:
        return page_of_seat(request, seat_of(request, pk), status=422, refus=str(refusal))
    return redirect(one)


@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def inscription_preciser(request: HttpRequest, pk: int) -> HttpResponse:
    """Meal, carpooling, a need that only the organiser reads."""
    one = _mine(request, pk)
    if not is_changeable(one):
        return _closed(request, one)
    served = one.session.repas
    form = PrecisionsForm(
        form_data(request),
        repas=served if one.session.is_dated else Repas.AUCUN,
        note=need_of(one) is not None,
        initial={
            "repas": "oui" if one.repas else "non",
            "covoiturage": one.covoiturage,
            "covoiturage_places": one.covoiturage_places or None,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            precisions.change(one, request.user, **form.said(repas=one.repas))
        except InscriptionRefusee as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "C’est noté.")
            return redirect(one)
    context = {"inscription": one, "form": form, "moi": one.agent_id == request.user.pk}
    return render(request, "formations/inscription_preciser.html", context, status=422 if form.errors else 200)


@require_POST
def inscription_besoin(request: HttpRequest, pk: int) -> HttpResponse:
    """What the organiser reads of a need, written in the history each time, and never kept elsewhere."""
    one = get_object_or_404(Inscription.objects.visible_to(request.user), pk=pk)
    words = besoins.read(one, request.user)
    response = page_of_seat(request, seat_of(request, pk), besoin_lu=words or "Rien n’est noté.")
    response["Cache-Control"] = "no-store"
    return response
