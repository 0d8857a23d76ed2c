"""Wishes: read, asked, shared, answered."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from collectivites.cles import une_seule_fois
from collectivites.garde import form_data
from extranet.lib.provenance import page_of
from extranet.lib.tour import a_son_tour
from extranet.lib.typographie import space
from formations.forms.plan import FicheForm, RefusForm, SouhaitForm
from formations.models import FormationPage, ReglagesFormation, Souhait
from formations.permissions import can_organise
from formations.plan import souhaits
from formations.refus import InscriptionRefusee
from formations.views.acces_plan import place_of
from formations.views.responsables import must_organise


@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def souhait_list(request: HttpRequest) -> HttpResponse:
    """The wishes that most people share first, then those that have their answer; and the form that asks."""
    place = place_of(request)
    form = SouhaitForm(form_data(request), initial={"intitule": request.GET.get("texte", "")[:150]})
    if request.method == "POST" and form.is_valid():
        wish, new = souhaits.ask(request.user, place, **form.cleaned_data)
        words = (
            f"«\u00a0{wish.intitule}\u00a0» est demandée."
            if new
            else f"«\u00a0{wish.intitule}\u00a0» était déjà demandée\u00a0: vous aussi."
        )
        messages.success(request, space(words))
        return redirect("formations:souhait_list")
    visible = Souhait.objects.visible_to(request.user)
    page_obj = Paginator(souhaits.counted(visible.open()), 30).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page_obj": page_obj,
        "lignes": souhaits.lines(page_obj.object_list, request.user),
        "repondus": list(souhaits.counted(visible.exclude(statut="ouvert")).order_by("-created_at")[:10]),
        "seuil": ReglagesFormation.load().seuil_souhait,
        "suit": can_organise(request.user),
    }
    return render(request, "formations/souhait_list.html", context, status=422 if form.errors else 200)


@require_POST
@une_seule_fois
def souhait_aussi(request: HttpRequest, pk: int) -> HttpResponse:
    """« Moi aussi », or no longer."""
    place = place_of(request)
    wish = get_object_or_404(Souhait.objects.visible_to(request.user), pk=pk)
    try:
        if request.POST.get("action") == "retirer":
            souhaits.not_any_more(wish, request.user)
            messages.success(request, space(f"Vous ne demandez plus «\u00a0{wish.intitule}\u00a0»."))
        else:
            souhaits.me_too(wish, request.user, place)
            messages.success(request, space(f"Vous aussi demandez «\u00a0{wish.intitule}\u00a0»."))
    except InscriptionRefusee as refusal:
        messages.error(request, str(refusal))
    return redirect(page_of(request, reverse("formations:souhait_list")))


@require_http_methods(["GET", "HEAD", "POST"])
@a_son_tour
@une_seule_fois
def souhait_repondre(request: HttpRequest, pk: int) -> HttpResponse:
    """The responsables: a session without dates, or the reason why not."""
    must_organise(request)
    wish = get_object_or_404(souhaits.counted(Souhait.objects.visible_to(request.user).open()), pk=pk)
    action = request.POST.get("action")
    pages = list(FormationPage.objects.filter(archivee_le=None).order_by("title"))
    refus = RefusForm(form_data(request) if action == "refuser" or request.method != "POST" else None)
    fiche = FicheForm(request.POST if action == "organiser" else None, pages=pages)
    try:
        if action == "refuser" and refus.is_valid():
            souhaits.refuse(wish, request.user, refus.cleaned_data["reponse"])
            messages.success(request, "La réponse est envoyée à ceux qui la demandaient.")
            return redirect("formations:souhait_list")
        if action == "organiser" and fiche.is_valid():
            done = souhaits.organise(wish, request.user, fiche.cleaned_data["formation"])
            messages.success(request, space(f"La session {done.session.numero} rassemble {done.rangs} intéressés."))
            return redirect("formations:souhait_list")
    except InscriptionRefusee as refusal:
        messages.error(request, str(refusal))
        return redirect("formations:souhait_list")
    context = {
        "souhait": wish,
        "ligne": souhaits.lines([wish], request.user)[0],
        "interets": wish.interets.select_related("agent", "collectivite"),
        "form": refus,
        "form_fiche": fiche,
    }
    wrong = refus.errors or fiche.errors
    return render(request, "formations/souhait_repondre.html", context, status=422 if wrong else 200)
