"""Who enters the pages of titles, needs and wishes: 403 with the rule for the others."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

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
    """The one of `?commune=` for whoever keeps it: a secretary of three communes comes from a mail about one of them.

    Else the one acted for, whose gestionnaires alone enter, and the responsables. Raises AccesReserve.
    """
    place = place_of(request)
    if asked := request.GET.get("commune"):
        found = Collectivite.objects.filter(slug=asked[:140]).first()
        if found is not None and can_book_for(request.user, found):
            return found
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
