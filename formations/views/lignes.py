"""Making the plan: needs put together, decided, turned into sessions. By the responsables."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collectivites.cles import une_seule_fois
from collectivites.garde import form_data
from extranet.lib.tour import a_son_tour
from extranet.lib.typographie import space
from formations.enums import StatutLigne
from formations.forms.plan import RETENIR, DecisionForm, FicheForm
from formations.models import BesoinFormation, Campagne, LignePlan
from formations.plan import lignes, sessions
from formations.refus import InscriptionRefusee
from formations.views.plan import around, campaign_of
from formations.views.responsables import must_organise, must_organise_act


@require_safe
def ligne_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Needs alike, proposed together; then the lines, with what they hold."""
    must_organise(request)
    campagne = campaign_of(request, pk)
    lines = list(lignes.lines_of(campagne))
    context = {
        **around(request, campagne, "reunir"),
        "groupes": lignes.propose_groups(campagne),
        "lignes": lines,
        "libres": [one for one in lines if not one.engagee],
    }
    return render(request, "formations/ligne_list.html", context)


@require_POST
@une_seule_fois
def ligne_reunir(request: HttpRequest, pk: int) -> HttpResponse:
    """All the groups at once, or the needs that were ticked in one line."""
    must_organise_act(request)
    campagne = campaign_of(request, pk)
    try:
        if request.POST.get("action") == "tout":
            moved = lignes.gather_all(campagne, request.user)
            messages.success(request, f"Besoins réunis dans le plan\u00a0: {moved}.")
        else:
            _gather(request, campagne)
    except InscriptionRefusee as refusal:
        messages.error(request, str(refusal))
    return redirect("formations:ligne_list", pk=campagne.pk)


def _gather(request: HttpRequest, campagne: Campagne) -> None:
    """The needs ticked: in a new line, or in the one chosen."""
    ticked = [int(one) for one in request.POST.getlist("besoin") if one.isdecimal() and len(one) < 10]
    needs = list(campagne.besoins.filter(pk__in=ticked).select_related("titre"))
    chosen = request.POST.get("ligne", "")
    if chosen.isdecimal() and len(chosen) < 10:
        line = get_object_or_404(campagne.lignes, pk=int(chosen))
        for one in needs:
            lignes.move(one, line, request.user)
    else:
        line = lignes.gather(campagne, needs, request.user, intitule=request.POST.get("intitule", "").strip()[:150])
    messages.success(request, space(f"Réunis dans «\u00a0{line.intitule}\u00a0»."))


@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def ligne_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A line: who asked, the decision, the session in one act."""
    must_organise(request)
    found = LignePlan.objects.select_related("campagne", "titre", "theme", "session__formation", "session__lieu")
    line = get_object_or_404(found, pk=pk)
    form = DecisionForm(form_data(request), initial={"statut": RETENIR, "reponse": line.reponse})
    if request.method == "POST" and form.is_valid():
        try:
            lignes.decide(line, form.cleaned_data["statut"], form.cleaned_data["reponse"], request.user)
        except InscriptionRefusee as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "La décision est enregistrée, les communes la liront.")
            return redirect("formations:ligne_detail", pk=line.pk)
    return _shown(request, line, form)


def _shown(request: HttpRequest, line: LignePlan, form: DecisionForm) -> HttpResponse:
    needs = line.besoins.select_related("collectivite", "titre").prefetch_related("agents")
    needs = list(needs.order_by("priorite", "echeance", "created_at"))
    pages = sessions.sheets_for(line) if not line.engagee else []
    close = sessions.closest_sheet(line, pages)
    others = line.campagne.lignes.filter(session=None).exclude(pk=line.pk)
    context = {
        **around(request, line.campagne, "reunir"),
        "ligne": line,
        "besoins": [(one, sessions.to_name(one)) for one in needs],
        "total": sum(one.effectif for one in needs),
        "a_nommer": sum(sessions.to_name(one) for one in needs),
        "rangs": len(sessions.ranked(needs)),
        "form": form,
        "form_fiche": FicheForm(pages=pages, initial={"formation": close.pk if close else ""}),
        "autres": list(others) if not line.engagee else [],
        "ecartee": line.statut == StatutLigne.ECARTEE,
        "a_decider": line.statut == StatutLigne.A_DECIDER,
    }
    return render(request, "formations/ligne_detail.html", context, status=422 if form.errors else 200)


@require_POST
@a_son_tour
@une_seule_fois
def ligne_session(request: HttpRequest, pk: int) -> HttpResponse:
    """One act: a session without dates, the people named waiting for it in order."""
    must_organise_act(request)
    line = get_object_or_404(LignePlan, pk=pk)
    form = FicheForm(request.POST, pages=sessions.sheets_for(line))
    if not form.is_valid():
        messages.error(request, "Choisissez une fiche de la liste.")
        return redirect("formations:ligne_detail", pk=line.pk)
    try:
        done = sessions.make_session(line, request.user, form.cleaned_data["formation"])
    except InscriptionRefusee as refusal:
        messages.error(request, str(refusal))
        return redirect("formations:ligne_detail", pk=line.pk)
    messages.success(request, _gathered(done))
    for why in done.refus.values():
        messages.warning(request, why)
    return redirect("formations:ligne_detail", pk=line.pk)


def _gathered(done: sessions.Faite) -> str:
    left, count = sum(done.a_nommer.values()), done.rangs
    who = f"{count} agents y ont leur rang" if count > 1 else "un agent y a son rang" if count else "aucun agent nommé"
    words = f"La session {done.session.numero} est ouverte, sans date : {who}"
    return space(f"{words}{f', {left} à nommer' if left else ''}.")


@require_POST
@une_seule_fois
def besoin_deplacer(request: HttpRequest, pk: int) -> HttpResponse:
    """By hand: a need goes to another line, or out of the plan."""
    must_organise_act(request)
    need = get_object_or_404(BesoinFormation.objects.select_related("ligne", "campagne"), pk=pk)
    former, chosen = need.ligne, request.POST.get("ligne", "")
    line = None
    if chosen.isdecimal() and len(chosen) < 10:
        line = get_object_or_404(need.campagne.lignes, pk=int(chosen))
    try:
        lignes.move(need, line, request.user)
        messages.success(request, "Le besoin est déplacé.")
    except InscriptionRefusee as refusal:
        messages.error(request, str(refusal))
    if former is not None and LignePlan.objects.filter(pk=former.pk).exists():
        return redirect("formations:ligne_detail", pk=former.pk)
    return redirect(reverse("formations:ligne_list", args=[need.campagne_id]))
