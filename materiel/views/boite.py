"""The inbox of a collectivité, and its answers by batch."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from collectivites.cles import une_seule_fois
from collectivites.garde import form_data
from collectivites.models import Collectivite
from extranet.lib.francais import NBSP
from extranet.lib.typographie import space
from materiel.enums import StatutPret
from materiel.forms.reponses import ACCEPTER, REFUSER, RefuserForm
from materiel.models import Materiel, Pret
from materiel.mots import chose_du
from materiel.permissions import REGLES, can_record
from materiel.prets import reponses
from materiel.refus import PretRefuse
from materiel.suivi import boite
from materiel.suivi.page_pret import answering, of_kind
from materiel.views.acces import place_of


@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def demande_list(request: HttpRequest) -> HttpResponse:
    """Read by whoever works there; answered by its gestionnaires. A POST answers the chosen requests together."""
    place = place_of(request)
    manages = request.user.manages(place)
    form = RefuserForm(form_data(request) if request.method == "POST" else None, auto_id="lot_%s")
    if request.method == "POST":
        if not manages:
            raise PermissionDenied(REGLES["repondre"])
        if done := _batch(request, place, form):
            return done
    return render(request, "materiel/demande_list.html", _context(request, place, form), status=_status(request))


def _status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200


def _batch(request: HttpRequest, place: Collectivite, form: RefuserForm) -> HttpResponse | None:
    """Each request by itself: what passes is done, what does not is told with its reason."""
    chosen = _chosen(request, place)
    action = request.POST.get("action")
    if not chosen:
        messages.warning(request, "Choisissez au moins une demande.")
        return redirect("materiel:demande_list")
    if action == REFUSER and not form.is_valid():
        return None
    passed, failed = [], []
    for pret, vu in chosen:
        try:
            if action == ACCEPTER:
                reponses.accept(pret, request.user, vu=vu)
            elif action == REFUSER:
                reponses.refuse(pret, request.user, form.raison, vu=vu)
            else:
                raise PretRefuse("Choisissez d’accepter ou de refuser.")
            passed.append(pret)
        except PretRefuse as refusal:
            failed.append((pret, str(refusal)))
    _tell(request, action, passed, failed)
    return redirect("materiel:demande_list")


def _chosen(request: HttpRequest, place: Collectivite) -> list[tuple[Pret, str]]:
    """The loans that were ticked and what was read of each: thing by thing, as the ledger locks them, oldest first."""
    ticked = dict(value.partition("|")[::2] for value in request.POST.getlist("demande"))
    prets = Pret.objects.visible_to(request.user).filter(preteur=place, numero__in=ticked).for_list()
    return [(one, ticked[one.numero]) for one in prets.order_by("materiel", "created_at", "pk")]


def _tell(request: HttpRequest, action: str, passed: list[Pret], failed: list[tuple[Pret, str]]) -> None:
    if passed:
        done = "accordée" if action == ACCEPTER else "refusée"
        many = "s" if len(passed) > 1 else ""
        names = ", ".join(f"{one.emprunteur.nom} ({chose_du(one)})" for one in passed)
        messages.success(request, f"{len(passed)}{NBSP}demande{many} {done}{many}{NBSP}: {names}.")
    for pret, why in failed:
        messages.warning(request, space(f"Pas faite, {pret.emprunteur.nom} ({chose_du(pret)}) : {why}"))


def _answers(request: HttpRequest, one: boite.Demande, nos: list[Materiel]) -> dict[str, Any]:
    return answering(request, one.pret, {}, one.reponse, of_kind(one.pret, nos))


def _context(request: HttpRequest, place: Collectivite, form: RefuserForm) -> dict[str, Any]:
    asked = boite.requests_of(place)
    waiting = [one for one in asked if one.pret.statut == StatutPret.ATTENTE]
    to_do = [one for one in asked if one.pret.statut == StatutPret.DEMANDE]
    shown = to_do[: boite.PAR_PAGE]
    manages = request.user.manages(place)
    today, nos = boite.today_at(place), boite.things_of(place)
    return {
        "place": place,
        "peut_repondre": manages,
        "peut_constater": can_record(request.user, place),
        "demandes": [{"demande": one, **_answers(request, one, nos)} for one in shown],
        "suite": request.path,
        "peut_accepter": True,
        "principal": False,
        "nb_demandes": len(to_do),
        "cachees": len(to_do) - len(shown),
        "ancienne": to_do[0].pret.created_at if to_do else None,
        "attente": waiting,
        "changements": boite.changes_of(place),
        "copies": boite.copies_at(place),
        "menace": None,
        "remises": [one for one in today if one.remise],
        "retours": [one for one in today if not one.remise],
        "retards": boite.late_at(place, request.user),
        "papiers": boite.papers_of(place),
        "habitudes": boite.habits_of(place),
        "autres": boite.others_at(place, request.user),
        "form_lot": form,
        "aujourdhui": timezone.localdate(),
    }
