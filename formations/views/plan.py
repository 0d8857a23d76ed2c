"""The plan as everybody reads it, and the census: prepared, opened, followed, closed."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collectivites.cles import une_seule_fois
from collectivites.garde import form_data
from extranet.lib.tableur import xlsx
from formations.enums import StatutCampagne
from formations.forms.plan import CampagneForm
from formations.models import Campagne
from formations.permissions import can_organise
from formations.plan import campagnes
from formations.plan.besoins import may_say
from formations.plan.lignes import lines_of, propose_groups
from formations.plan.tableau import COLONNES, rows_of
from formations.refus import InscriptionRefusee
from formations.views.acces_plan import place_of
from formations.views.fichiers import XLSX, download
from formations.views.responsables import must_organise, must_organise_act


def around(request: HttpRequest, campagne: Campagne, vue: str) -> dict:
    """What all the pages of a census show."""
    return {
        "campagne": campagne,
        "vue": vue,
        "suit": can_organise(request.user),
        "gere": may_say(request.user, request.collectivite),
        "ouverte": campagne.statut == StatutCampagne.OUVERTE,
        "place": request.collectivite,
    }


def campaign_of(request: HttpRequest, pk: int) -> Campagne:
    return get_object_or_404(Campagne.objects.visible_to(request.user), pk=pk)


@require_safe
def plan(request: HttpRequest) -> HttpResponse:
    """Every census, the last first."""
    place_of(request)
    found = Campagne.objects.visible_to(request.user).annotate(nb_lignes=Count("lignes", distinct=True))
    context = {
        "campagnes": found.order_by("-annee", "-created_at"),
        "suit": can_organise(request.user),
        "gere": may_say(request.user, request.collectivite),
    }
    return render(request, "formations/plan.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def campagne_create(request: HttpRequest) -> HttpResponse:
    """By the responsables; the communes do not see it until it is opened."""
    must_organise(request)
    year = timezone.localdate().year + 1
    form = CampagneForm(form_data(request), initial={"annee": year, "titre": f"Besoins de formation {year}"})
    if request.method == "POST" and form.is_valid():
        form.instance.auteur = request.user
        campagne = form.save()
        messages.success(request, "La campagne est prête. Relisez-la, puis ouvrez-la aux communes.")
        return redirect("formations:campagne_reponses", pk=campagne.pk)
    context = {"form": form, "campagne": None}
    return render(request, "formations/campagne_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def campagne_update(request: HttpRequest, pk: int) -> HttpResponse:
    must_organise(request)
    campagne = campaign_of(request, pk)
    form = CampagneForm(form_data(request), instance=campagne)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "La campagne est enregistrée.")
        return redirect("formations:campagne_reponses", pk=campagne.pk)
    context = {"form": form, "campagne": campagne}
    return render(request, "formations/campagne_form.html", context, status=422 if form.errors else 200)


@require_safe
def campagne_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan: what is asked, how many, what became of it; numbers, no name. A workbook with `?format=xlsx`."""
    place_of(request)
    campagne = campaign_of(request, pk)
    lines = list(lines_of(campagne))
    if request.GET.get("format") == "xlsx":
        return download(xlsx("Plan", COLONNES, rows_of(lines)), f"plan-{slugify(campagne.titre)}.xlsx", XLSX)
    groups = propose_groups(campagne)
    context = {
        **around(request, campagne, "plan"),
        "lignes": lines,
        "en_attente": groups,
        "total": sum(one.agents or 0 for one in lines) + sum(one.agents for one in groups),
    }
    return render(request, "formations/campagne_detail.html", context)


@require_safe
def campagne_reponses(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has answered, who has not."""
    must_organise(request)
    campagne = campaign_of(request, pk)
    rows = campagnes.progress(campagne)
    context = {
        **around(request, campagne, "reponses"),
        "avancements": rows,
        "repondu": sum(one.reponse is not None for one in rows),
        "close": campagne.statut == StatutCampagne.CLOSE,
    }
    return render(request, "formations/campagne_reponses.html", context)


@require_POST
@une_seule_fois
def campagne_statut(request: HttpRequest, pk: int) -> HttpResponse:
    """Opened, closed, or recalled to those that have not answered."""
    must_organise_act(request)
    campagne, action = campaign_of(request, pk), request.POST.get("action")
    try:
        if action == "ouvrir":
            campagnes.open_to_all(campagne, request.user)
            messages.success(request, "La campagne est ouverte\u00a0: les mairies sont prévenues.")
        elif action == "clore":
            campagnes.close(campagne, request.user)
            messages.success(request, "La campagne est close. Réunissez les besoins pour faire le plan.")
        elif action == "relancer" and campagne.statut == StatutCampagne.OUVERTE:
            told = campagnes.remind(campagne, f"relance-{timezone.localdate().isoformat()}")
            words = "Aucune nouvelle relance aujourd’hui." if not told else f"Communes relancées\u00a0: {told}."
            messages.success(request, words)
    except InscriptionRefusee as refusal:
        messages.error(request, str(refusal))
    return redirect("formations:campagne_reponses", pk=campagne.pk)
