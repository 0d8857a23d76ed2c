"""The visas of a mairie: its inbox, its rule, and the page that a signed link opens without an account."""

from itertools import groupby

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from collectivites.cles import une_seule_fois
from collectivites.garde import form_data
from collectivites.models import Agent
from collectivites.refus import AccesReserve, gestionnaires
from extranet.lib.francais import NBSP
from extranet.lib.tour import a_son_tour
from formations.enums import PolitiqueVisa
from formations.forms.visas import RefusForm, RegleVisaForm
from formations.inscrire import visas
from formations.models import Inscription, LienVisa, RegleVisa
from formations.permissions import REGLES
from formations.refus import InscriptionRefusee

ACCORDER, REFUSER = "accorder", "refuser"


@require_http_methods(["GET", "HEAD", "POST"])
@a_son_tour
@une_seule_fois
def visa_list(request: HttpRequest) -> HttpResponse:
    """What awaits this person’s visa, in all their collectivités. Others are told whom to ask."""
    places = [
        poste.collectivite for poste in request.user.postes_en_cours if visas.can_rule(request.user, poste.collectivite)
    ]
    if not places:
        here = [request.collectivite] if request.collectivite else []
        raise AccesReserve("aux gestionnaires et à qui signe pour une mairie", gestionnaires(here))
    rows = list(visas.to_give(request.user))
    form = RefusForm(form_data(request) if request.POST.get("action") == REFUSER else None)
    if request.method == "POST":
        done = _batch(request, request.user, rows, form)
        if done:
            return redirect("formations:visa_list")
    context = {
        "seances": _by_session(rows),
        "nombre": len(rows),
        "form": form,
        "coches": request.POST.getlist("demande"),
        "liens": visas.live_links({place.pk for place in places}),
        "regle": _rule_of(request),
        "place": request.collectivite,
        "plusieurs_lieux": len({row.collectivite_id for row in rows}) > 1,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "formations/visa_list.html", context, status=status)


def _rule_of(request: HttpRequest) -> dict | None:
    """The rule of the collectivité acted for, when this person may change it."""
    place = request.collectivite
    if place is None or not visas.can_rule(request.user, place):
        return None
    rule = RegleVisa.objects.filter(collectivite=place).select_related("viseur", "suppleant").first()
    politique = PolitiqueVisa(rule.politique if rule else PolitiqueVisa.GESTIONNAIRE)
    return {"mots": politique.label, "viseur": rule and rule.viseur, "suppleant": rule and rule.suppleant}


def _by_session(rows: list[Inscription]) -> list[tuple[object, list[Inscription]]]:
    return [(session, list(theirs)) for session, theirs in groupby(rows, key=lambda one: one.session)]


def _batch(request: HttpRequest, agent: Agent, rows: list[Inscription], form: RefusForm) -> bool:
    """Given or refused, told; False when the form is to be corrected."""
    chosen, action = request.POST.getlist("demande"), request.POST.get("action")
    if not chosen or action not in (ACCORDER, REFUSER):
        messages.warning(request, "Cochez au moins une personne, puis donnez ou refusez le visa.")
        return action != REFUSER
    if action == REFUSER and not form.is_valid():
        return False
    allowed = Inscription.objects.filter(pk__in=[one.pk for one in rows]).awaiting_visa()
    try:
        if action == REFUSER:
            done = visas.refuse(agent, allowed, chosen, form.cleaned_data["motif"])
        else:
            done = visas.give(agent, allowed, chosen)
    except InscriptionRefusee as refusal:
        messages.error(request, str(refusal))
        return False
    _tell(request, done, len(chosen), refused=action == REFUSER)
    return True


def _tell(request: HttpRequest, done: list[Inscription], asked: int, *, refused: bool) -> None:
    if done:
        many = "s" if len(done) > 1 else ""
        word = "refusé" if refused else "donné"
        names = ", ".join(one.agent.nom_complet for one in done)
        messages.success(request, f"{len(done)}{NBSP}visa{many} {word}{many}{NBSP}: {names}.")
    if len(done) < asked:
        messages.info(request, "Ce qui n’attendait plus de visa a été laissé de côté.")


@require_http_methods(["GET", "HEAD", "POST"])
def visa_regle(request: HttpRequest) -> HttpResponse:
    """How the visas of the collectivité acted for are given."""
    place = request.collectivite
    if place is None:
        raise AccesReserve("aux agents et aux élus en poste")
    if not visas.can_rule(request.user, place):
        raise AccesReserve(f"aux gestionnaires {place.de_nom} et à qui signe pour elle", gestionnaires([place]))
    rule = RegleVisa.objects.filter(collectivite=place).first() or RegleVisa(collectivite=place)
    form = RegleVisaForm(form_data(request), instance=rule, place=place)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "La règle est enregistrée. Elle vaut pour les prochaines inscriptions.")
        return redirect("formations:visa_list")
    status = 422 if request.method == "POST" else 200
    return render(request, "formations/visa_regle.html", {"form": form, "place": place}, status=status)


@require_POST
def visa_lien_revoquer(request: HttpRequest, pk: int) -> HttpResponse:
    """By its holder, or by those who rule the visas of that collectivité."""
    lien = get_object_or_404(LienVisa.objects.select_related("collectivite"), pk=pk)
    if lien.agent_id != request.user.pk and not visas.can_rule(request.user, lien.collectivite):
        raise PermissionDenied(REGLES["viser"])
    visas.revoke(lien)
    messages.success(request, "Ce lien n’ouvre plus rien.")
    return redirect("formations:visa_list")


# Without login: the address is the key. It opens the pending visas of one collectivité, nothing else; looking changes
# nothing, since mail scanners look.
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("jeton")
def visa_lien(request: HttpRequest, jeton: str) -> HttpResponse:
    lien = visas.opened_by(jeton)
    if lien is None:
        return _private(render(request, "formations/visa_ferme.html", status=404))
    rows = list(visas.opens(lien))
    form = RefusForm(request.POST if request.POST.get("action") == REFUSER else None)
    if request.method == "POST" and _batch(request, lien.agent, rows, form):
        visas.mark_used(lien)
        return redirect("formations:visa_lien", jeton)
    context = {
        "lien": lien,
        "seances": _by_session(rows),
        "nombre": len(rows),
        "form": form,
        "coches": request.POST.getlist("demande"),
    }
    status = 422 if request.method == "POST" else 200
    return _private(render(request, "formations/visa_lien.html", context, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    """The address goes nowhere: neither to an index nor, with the page, to another site."""
    response["X-Robots-Tag"], response["Referrer-Policy"] = "noindex", "same-origin"
    return response
