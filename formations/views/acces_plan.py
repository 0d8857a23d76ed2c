"""Who enters the pages of titles, needs and wishes: 403 with the rule for the others."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from collectivites.enums import Domaine
from collectivites.models import Collectivite
from collectivites.refus import AccesReserve, gestionnaires, responsables
from formations.permissions import REGLES, can_book_for, can_organise


def place_of(request: HttpRequest) -> Collectivite:
    """The collectivité for which one acts. Raises AccesReserve without a poste in force."""
    if request.collectivite is None:
        raise AccesReserve("aux agents et aux élus en poste")
    return request.collectivite


def kept_place(request: HttpRequest) -> Collectivite:
    """The one of `?commune=` for the responsables, else the one acted for, whose gestionnaires alone enter."""
    place = place_of(request)
    asked = request.GET.get("commune") or request.POST.get("commune")
    if asked and can_organise(request.user):
        return get_object_or_404(Collectivite, slug=asked[:140])
    if not can_book_for(request.user, place):
        raise AccesReserve("aux gestionnaires de votre commune", gestionnaires([place]))
    return place


def must_organise(request: HttpRequest) -> None:
    """A page of the responsables."""
    if not can_organise(request.user):
        raise AccesReserve("aux responsables des formations", responsables(Domaine.FORMATIONS))


def must_organise_act(request: HttpRequest) -> None:
    """An act of the responsables."""
    if not can_organise(request.user):
        raise PermissionDenied(REGLES["organiser"])
