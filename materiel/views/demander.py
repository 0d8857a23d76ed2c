"""Asking for a thing: from its sheet, from the list, from a late loan."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from collectivites.cles import une_seule_fois
from collectivites.garde import form_data
from collectivites.models import Collectivite
from collectivites.refus import AccesReserve, gestionnaires
from materiel import demandes
from materiel.enums import StatutPret
from materiel.etat_demande import EtatDemande, state_of
from materiel.forms.demande import DemandeForm
from materiel.models import Materiel
from materiel.permissions import can_ask
from materiel.refus import PlusAssez, PretRefuse
from materiel.views.acces import place_of

ALIAS = {"du": "date_debut", "au": "date_fin", "de": "moment_debut", "a": "moment_fin"}


@vary_on_headers("HX-Request")
@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def pret_create(request: HttpRequest, pk: int) -> HttpResponse:
    """The form, and by htmx what can be said of its days. Dates come from the address of the list or of the sheet."""
    place = place_of(request)
    found = Materiel.objects.visible_to(request.user).for_list().select_related("contact")
    materiel = get_object_or_404(found.prefetch_related("habilitations"), pk=pk)
    _must_ask(request, place, materiel)
    if request.method == "GET" and request.htmx:
        return _fragment(request, materiel, place)
    form = DemandeForm(form_data(request), materiel=materiel, collectivite=place, initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        try:
            return _asked(request, form, place)
        except PlusAssez as refusal:
            form.add_error("date_debut", str(refusal))
        except PretRefuse as refusal:
            form.add_error(None, str(refusal))
    return _page(request, form)


def _must_ask(request: HttpRequest, place: Collectivite, materiel: Materiel) -> None:
    if not can_ask(request.user, place):
        raise AccesReserve("aux gestionnaires de votre commune", gestionnaires([place]))
    if materiel.collectivite_id == place.pk:
        raise PermissionDenied("Ce matériel est à votre commune\u00a0: gardez ces dates pour elle depuis sa fiche.")


def _initial(request: HttpRequest) -> dict[str, Any]:
    given = {ALIAS.get(name, name): value for name, value in request.GET.items() if value}
    return {name: given[name] for name in (*ALIAS.values(), "quantite", "usage") if name in given}


def _asked(request: HttpRequest, form: DemandeForm, place: Collectivite) -> HttpResponse:
    pret = demandes.ask(
        form.materiel,
        request.user,
        place,
        debut=form.debut,
        fin=form.fin,
        quantite=form.combien,
        usage=form.cleaned_data["usage"],
        reglement=form.cleaned_data.get("reglement", False),
        attente=form.cleaned_data["attente"],
        options=form.choices,
    )
    messages.success(request, _done(pret.statut, form.materiel.collectivite))
    return redirect(pret)


def _done(statut: str, owner: Collectivite) -> str:
    if statut == StatutPret.ACCEPTE:
        return f"C’est accordé\u00a0: {owner.nom} prête sans attendre. La convention est à signer avant la remise."
    if statut == StatutPret.ATTENTE:
        return "Vous êtes en liste d’attente. Dès que cela se libère, vous êtes prévenu."
    return f"Votre demande est partie. {owner.nom} répond\u00a0; vous serez prévenu."


def _state(form: DemandeForm, request: HttpRequest, place: Collectivite) -> EtatDemande | None:
    """None until the days are known. A wrong number does not hide what the days say."""
    if not form.is_dated():
        return None
    return state_of(form.materiel, place, request.user, form.debut, form.fin, form.combien)


def _fragment(request: HttpRequest, materiel: Materiel, place: Collectivite) -> HttpResponse:
    form = DemandeForm(request.GET, materiel=materiel, collectivite=place)
    form.is_valid()
    return render(request, "materiel/_demande_etat.html", {"etat": _state(form, request, place), "materiel": materiel})


def _page(request: HttpRequest, form: DemandeForm) -> HttpResponse:
    place, etat = request.collectivite, None
    if form.is_bound:
        etat = _state(form, request, place)
    elif form.initial.get("date_debut") and form.initial.get("date_fin"):
        trial = DemandeForm({**_usual(form), **form.initial}, materiel=form.materiel, collectivite=place)
        trial.is_valid()
        etat = _state(trial, request, place)
    context = {
        "form": form,
        "materiel": form.materiel,
        "etat": etat,
        "km": place.distance_to(form.materiel.collectivite),
    }
    return render(request, "materiel/pret_form.html", context, status=422 if form.errors else 200)


def _usual(form: DemandeForm) -> dict[str, Any]:
    return {name: form.fields[name].initial for name in ("moment_debut", "moment_fin")} | {"quantite": 1}
