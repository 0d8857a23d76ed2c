"""Who enters the pages of titles, needs and wishes: 403 with the rule for the others."""

from django.http import HttpRequest

from collectivites.models import Collectivite
from collectivites.refus import AccesReserve, gestionnaires
from formations.permissions import can_book_for


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
