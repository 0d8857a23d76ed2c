"""A loan as this person may see it, and what they may do with it: 404 for the others, 403 with the rule."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from collectivites.models import Collectivite
from collectivites.refus import AccesReserve
from materiel.enums import Cote
from materiel.models import Pret
from materiel.permissions import REGLES, can_act_as_borrower, can_answer
from materiel.suivi.etapes import with_convention

BESIDE = "demandeur", "reponse_par", "conducteur", "materiel__contact"


def place_of(request: HttpRequest) -> Collectivite:
    """The collectivité for which one acts. Raises AccesReserve without a poste in force."""
    if request.collectivite is None:
        raise AccesReserve("aux agents et aux élus en poste")
    return request.collectivite


def loan_of(request: HttpRequest, numero: str) -> Pret:
    """Raises Http404 for whoever is not of its parties."""
    prets = with_convention(Pret.objects.visible_to(request.user)).for_list().select_related(*BESIDE)
    return get_object_or_404(prets, numero=numero)


def must_answer(request: HttpRequest, pret: Pret) -> None:
    """Raises PermissionDenied with the rule."""
    if not can_answer(request.user, pret):
        raise PermissionDenied(REGLES["repondre"])


def side_to_act(request: HttpRequest, pret: Pret) -> Cote:
    """The side for which a gestionnaire acts: that of the collectivité acted for, when they have both.

    Raises PermissionDenied with the rule.
    """
    lender, borrower = can_answer(request.user, pret), can_act_as_borrower(request.user, pret)
    if lender and borrower:
        return Cote.EMPRUNTEUR if request.collectivite == pret.emprunteur else Cote.PRETEUR
    if not lender and not borrower:
        raise PermissionDenied(REGLES["modifier"])
    return Cote.PRETEUR if lender else Cote.EMPRUNTEUR


def side_read(request: HttpRequest, pret: Pret) -> Cote | None:
    """The side from which it is read: that of the collectivité acted for, first."""
    place = request.collectivite.pk if request.collectivite else None
    if place == pret.preteur_id:
        return Cote.PRETEUR
    return Cote.EMPRUNTEUR if place == pret.emprunteur_id else pret.cote_of(request.user)
