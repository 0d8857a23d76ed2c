"""The needs of a commune in a census: said, changed, copied from last time, named."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collectivites.cles import une_seule_fois
from collectivites.garde import form_data
from collectivites.models import Collectivite
from extranet.lib.tour import a_son_tour
from formations.forms.plan import BesoinForm, NommerForm
from formations.models import BesoinFormation, Campagne, ReponseCampagne
from formations.plan import besoins, campagnes
from formations.plan.sessions import to_name
from formations.refus import InscriptionRefusee
from formations.views.acces_plan import kept_place
from formations.views.plan import around, campaign_of


@require_safe
def besoin_list(request: HttpRequest, pk: int) -> HttpResponse:
    """« Nos besoins »: those of the commune acted for, with what became of each."""
    campagne, place = campaign_of(request, pk), kept_place(request)
    found = BesoinFormation.objects.filter(campagne=campagne, collectivite=place)
    found = found.select_related("titre", "theme", "ligne__session").prefetch_related("agents")
    former = besoins.last_campaign(campagne)
    context = {
        **around(request, campagne, "besoins"),
        "place": place,
        "suite": _suite(request, place),
        "besoins": [(one, to_name(one)) for one in found],
        "reponse": ReponseCampagne.objects.filter(campagne=campagne, collectivite=place).first(),
        "a_copier": former and former.besoins.filter(collectivite=place).count(),
        "total": sum(one.effectif for one in found),
    }
    return render(request, "formations/besoin_list.html", context)


def _suite(request: HttpRequest, place: Collectivite) -> str:
    return "" if place == request.collectivite else f"?commune={place.slug}"


def _back(request: HttpRequest, campagne: Campagne, place: Collectivite) -> HttpResponse:
    return redirect(f"{reverse('formations:besoin_list', args=[campagne.pk])}{_suite(request, place)}")


@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def besoin_create(request: HttpRequest, pk: int) -> HttpResponse:
    campagne, place = campaign_of(request, pk), kept_place(request)
    return _form(request, campagne, place, None)


@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def besoin_update(request: HttpRequest, pk: int) -> HttpResponse:
    need = get_object_or_404(BesoinFormation.objects.visible_to(request.user).select_related("collectivite"), pk=pk)
    return _form(request, campaign_of(request, need.campagne_id), need.collectivite, need)


def _form(request: HttpRequest, campagne: Campagne, place: Collectivite, need: BesoinFormation | None) -> HttpResponse:
    people = besoins.people_of(place)
    kwargs = {"instance": need} if need else {"initial": _asked(request)}
    form = BesoinForm(form_data(request), people=people, **kwargs)
    if request.method == "POST" and form.is_valid():
        try:
            besoins.say(campagne, place, request.user, besoin=need, **form.cleaned_data)
        except InscriptionRefusee as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Le besoin est noté.")
            return _back(request, campagne, place)
    context = {**around(request, campagne, "besoins"), "form": form, "besoin": need, "place": place}
    return render(
        request,
        "formations/besoin_form.html",
        context | {"suite": _suite(request, place)},
        status=422 if form.errors else 200,
    )


def _asked(request: HttpRequest) -> dict[str, Any]:
    """From a title that has no session: its kind, and who holds it."""
    kind, agent = request.GET.get("titre", ""), request.GET.get("agent", "")
    found: dict[str, Any] = {"effectif": 1}
    if kind.isdecimal() and len(kind) < 10:
        found["titre"] = kind
    if agent.isdecimal() and len(agent) < 10:
        found["agents"] = [agent]
    return found


@require_POST
@une_seule_fois
def besoin_delete(request: HttpRequest, pk: int) -> HttpResponse:
    need = get_object_or_404(BesoinFormation.objects.visible_to(request.user), pk=pk)
    campagne, place = need.campagne, need.collectivite
    try:
        besoins.take_back(need, request.user)
        messages.success(request, "Le besoin est retiré.")
    except InscriptionRefusee as refusal:
        messages.error(request, str(refusal))
    return _back(request, campagne, place)


@require_POST
@une_seule_fois
def besoin_copier(request: HttpRequest, pk: int) -> HttpResponse:
    """Those of last time, to be corrected."""
    campagne, place = campaign_of(request, pk), kept_place(request)
    try:
        copied = besoins.copy_last(campagne, place, request.user)
    except InscriptionRefusee as refusal:
        messages.error(request, str(refusal))
    else:
        words = f"Besoins repris\u00a0: {len(copied)}. Corrigez-les, puis dites que c’est complet."
        messages.success(request, words if copied else "Tous vos besoins de la dernière fois sont déjà là.")
    return _back(request, campagne, place)


@require_POST
@une_seule_fois
def besoin_complet(request: HttpRequest, pk: int) -> HttpResponse:
    """« C’est complet », with needs or without."""
    campagne, place = campaign_of(request, pk), kept_place(request)
    try:
        campagnes.answer(campagne, place, request.user)
        messages.success(request, "C’est noté. Vous pouvez encore corriger tant que la campagne est ouverte.")
    except InscriptionRefusee as refusal:
        messages.error(request, str(refusal))
    return _back(request, campagne, place)


@require_http_methods(["GET", "HEAD", "POST"])
@a_son_tour
@une_seule_fois
def besoin_nommer(request: HttpRequest, pk: int) -> HttpResponse:
    """« 3 à nommer »: people for the seats that the commune has asked for."""
    found = BesoinFormation.objects.visible_to(request.user).select_related("collectivite", "ligne__session")
    need = get_object_or_404(found.prefetch_related("agents"), pk=pk)
    known = {one.pk for one in need.agents.all()}
    form = NommerForm(
        form_data(request), people=[one for one in besoins.people_of(need.collectivite) if one.pk not in known]
    )
    if request.method == "POST" and form.is_valid():
        try:
            answer = besoins.name(need, form.cleaned_data["agents"], request.user)
        except InscriptionRefusee as refusal:
            form.add_error("agents", str(refusal))
        else:
            for why in answer.refus.values():
                messages.warning(request, why)
            messages.success(request, "Les noms sont notés.")
            return _back(request, need.campagne, need.collectivite)
    context = {
        **around(request, need.campagne, "besoins"),
        "besoin": need,
        "form": form,
        "reste": to_name(need),
        "suite": _suite(request, need.collectivite),
    }
    return render(request, "formations/besoin_nommer.html", context, status=422 if form.errors else 200)
