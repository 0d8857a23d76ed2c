"""« Mes recherches gardées »: keep one, change it, stop its alert, here or from the mail."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collectivites.cles import une_seule_fois
from collectivites.garde import form_data
from collectivites.refus import AccesReserve
from extranet.lib.apports import Gardable
from search.gardees import garder, jetons
from search.gardees.forms import GardeeForm
from search.gardees.listes import listes, proposed_name, read
from search.gardees.presentation import rows_of, when
from search.models import RechercheGardee

LISTE = "search:gardee_list"


@require_safe
def gardee_list(request: HttpRequest) -> HttpResponse:
    """One’s own, by name."""
    context = {"rangees": rows_of(request.user), "quand": when(request.user), "au_plus": garder.AU_PLUS}
    return render(request, "search/gardee_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def gardee_create(request: HttpRequest) -> HttpResponse:
    """Keeps the search that the address of a list asks for."""
    if not request.user.codes_lecture:
        raise AccesReserve("aux agents et aux élus en poste")
    liste = listes().get(request.GET.get("liste", ""))
    asked = request.GET.get("demande", "")
    demande = read(liste, asked, request.user, request.collectivite) if liste else None
    if demande is None or not demande.parametres:
        messages.info(request, "Choisissez d’abord des mots ou un filtre, puis «\u00a0Garder cette recherche\u00a0».")
        return redirect(liste.url if liste else LISTE)
    if request.method != "POST" and (known := garder.kept_already(request.user, liste, demande)):
        messages.info(request, f"Vous gardez déjà cette recherche, sous le nom «\u00a0{known.nom}\u00a0».")
        return redirect("search:gardee_update", known.pk)
    form = GardeeForm(form_data(request), agent=request.user, initial={"nom": proposed_name(liste, demande)})
    if request.method == "POST" and form.is_valid():
        try:
            kept = garder.keep(request.user, liste, demande, **form.cleaned_data)
        except garder.GardeRefusee as refusal:
            form.add_error(None, str(refusal))
        else:
            return _kept(request, kept, liste)
    context = {"form": form, "recherche": None, "liste": liste, "demande": demande, "quand": when(request.user)}
    return render(request, "search/gardee_form.html", context, status=422 if form.errors else 200)


def _kept(request: HttpRequest, kept: RechercheGardee, liste: Gardable) -> HttpResponse:
    said = f"«\u00a0{kept.nom}\u00a0» est gardée."
    if kept.has_alert:
        said += " Vous serez prévenu·e de ce qui arrive à partir de maintenant."
    messages.success(request, said)
    return redirect(LISTE)


@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def gardee_update(request: HttpRequest, pk: int) -> HttpResponse:
    """Its name and how often it tells."""
    kept = _mine(request, pk)
    form = GardeeForm(form_data(request), agent=request.user, instance=kept)
    if request.method == "POST" and form.is_valid():
        try:
            garder.change(kept, request.user, **form.cleaned_data)
        except garder.GardeRefusee as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"«\u00a0{form.cleaned_data['nom']}\u00a0» est enregistrée.")
            return redirect(LISTE)
    shown = RechercheGardee.objects.for_list().get(pk=pk)  # not what the form is trying
    liste = listes().get(kept.liste)
    context = {"form": form, "recherche": shown, "liste": liste, "demande": None, "quand": when(request.user)}
    return render(request, "search/gardee_form.html", context, status=422 if form.errors else 200)


@require_POST
def gardee_stop(request: HttpRequest, pk: int) -> HttpResponse:
    kept = _mine(request, pk)
    garder.stop(RechercheGardee.objects.filter(pk=kept.pk))
    messages.success(request, f"L’alerte «\u00a0{kept.nom}\u00a0» est arrêtée. La recherche reste gardée.")
    return redirect(LISTE)


@require_POST
def gardee_delete(request: HttpRequest, pk: int) -> HttpResponse:
    kept = _mine(request, pk)
    kept.delete()
    messages.success(request, f"«\u00a0{kept.nom}\u00a0» est supprimée.")
    return redirect(LISTE)


# Without login nor cookie: a mail is read anywhere, its program may stop it by itself (RFC 8058), and the signature of
# the address is all the right that it takes.
@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("jeton")
def alerte_stop(request: HttpRequest, jeton: str) -> HttpResponse:
    """One button that stops the alert of the mail, or all of them; a visit writes nothing. 404 for a false address."""
    try:
        arret = jetons.read(jeton)
    except signing.SignatureExpired:
        context = {"perimee": True, "toutes": False, "recherches": [], "en_cours": []}
        return render(request, "search/alerte_stop.html", context, status=410)
    if arret is None:
        raise Http404
    kept = list(arret.recherches)
    if request.method == "POST":
        garder.stop(arret.recherches)
        if "List-Unsubscribe" in request.POST:  # a program, which follows nothing
            return HttpResponse("Arrêté.", content_type="text/plain; charset=utf-8")
        return redirect(reverse("search:alerte_stop", args=[jeton]))
    context = {
        "perimee": False,
        "toutes": arret.recherche is None,
        "recherches": kept,
        "en_cours": [one for one in kept if one.has_alert],
    }
    return render(request, "search/alerte_stop.html", context)


def _mine(request: HttpRequest, pk: int) -> RechercheGardee:
    return get_object_or_404(RechercheGardee.objects.visible_to(request.user).for_list(), pk=pk)
