"""Asking for a thing: from its sheet, from the list, from a late loan."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from collectivites.cles import une_seule_fois
from collectivites.garde import form_data
from collectivites.models import Collectivite
from collectivites.refus import AccesReserve, gestionnaires
from materiel.enums import StatutPret
from materiel.forms.consulter import DatesForm
from materiel.forms.demande import DemandeForm
from materiel.models import Materiel, ReglagesMateriel
from materiel.permissions import can_ask
from materiel.prets import demandes
from materiel.refus import PlusAssez, PretRefuse
from materiel.registre.disponibilite import Lecture, read
from materiel.suivi.etat_demande import state_of
from materiel.views.acces import place_of
from materiel.vitrine.fiche import conditions

ALIAS = {"du": "date_debut", "au": "date_fin", "de": "moment_debut", "a": "moment_fin"}


@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def pret_create(request: HttpRequest, pk: int) -> HttpResponse:
    """The form alone, and what its sheet also sends here. What can be said of its days is asked from the sheet."""
    place = place_of(request)
    found = Materiel.objects.visible_to(request.user).for_list().select_related("contact")
    materiel = get_object_or_404(found.prefetch_related("habilitations"), pk=pk)
    _must_ask(request, place, materiel)
    dates = asked_dates(request)
    form = DemandeForm(
        form_data(request),
        materiel=materiel,
        collectivite=place,
        lecteur=request.user,
        initial=initial_of(request, dates),
    )
    if request.method == "POST" and form.is_valid():
        try:
            return _asked(request, form, place)
        except PlusAssez as refusal:
            form.add_error("date_debut", str(refusal))
        except PretRefuse as refusal:
            form.add_error(None, str(refusal))
    return _page(request, form, dates)


def _must_ask(request: HttpRequest, place: Collectivite, materiel: Materiel) -> None:
    if not can_ask(request.user, place):
        raise AccesReserve("aux gestionnaires de votre commune", gestionnaires([place]))
    if materiel.collectivite_id == place.pk:
        raise PermissionDenied("Ce matériel est à votre commune\u00a0: gardez ces dates pour elle depuis sa fiche.")


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


def _page(request: HttpRequest, form: DemandeForm, dates: DatesForm) -> HttpResponse:
    place, materiel = request.collectivite, form.materiel
    answer = state_context(request, materiel, dates)
    if form.is_bound:
        answer["erreurs"] = []  # said under their fields
        if form.is_dated():  # a wrong number does not hide what the days say
            answer["etat"] = state_of(read(materiel), place, request.user, form.debut, form.fin, form.combien)
    context = {
        "form": form,
        "conditions": conditions(materiel, ReglagesMateriel.load(request_or_site=request)),
        "assurance": None,
        "km": place.distance_to(materiel.collectivite),
        **answer,
    }
    return render(request, "materiel/pret_form.html", context, status=422 if form.errors else 200)


def asked_dates(request: HttpRequest) -> DatesForm:
    """The dates of an address, which have short names there; those of a form have the names of its fields."""
    asked = {ALIAS.get(name, name): value for name, value in request.GET.items()}
    form = DatesForm(asked | {"quantite": asked.get("quantite") or 1}, auto_id="d-%s")
    form.is_valid()
    return form


def initial_of(request: HttpRequest, dates: DatesForm) -> dict[str, Any]:
    """Of the request: the dates as they are understood, else as they were given."""
    asked = dates.data | {"usage": request.GET.get("usage")}
    found = {name: asked[name] for name in (*ALIAS.values(), "quantite", "usage") if asked.get(name)}
    if dates.debut is not None:
        found |= {"date_debut": dates.debut.date, "moment_debut": dates.debut.moment}
        found |= {"date_fin": dates.fin.date, "moment_fin": dates.fin.moment}
    return found


def state_context(
    request: HttpRequest, materiel: Materiel, dates: DatesForm, lecture: Lecture | None = None
) -> dict[str, Any]:
    """What is said of the dates of an address, on the sheet as on the page of the request; nothing without dates."""
    own, etat = request.collectivite, None
    if dates.debut is not None and "quantite" not in dates.errors:
        number = dates.cleaned_data.get("quantite") or 1
        etat = state_of(lecture or read(materiel), own, request.user, dates.debut, dates.fin, number)
    return {
        "materiel": materiel,
        "etat": etat,
        "erreurs": [error for errors in dates.errors.values() for error in errors],
        "peut_demander": own != materiel.collectivite and can_ask(request.user, own) and materiel.is_lendable(),
    }
