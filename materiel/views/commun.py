"""What the pages of those who look after things have in common: for whom, and which thing."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from collectivites.enums import Domaine
from collectivites.models import Collectivite
from collectivites.refus import AccesReserve, gestionnaires, responsables
from materiel.models import Materiel
from materiel.permissions import can_edit, can_manage


def acting(request: HttpRequest) -> Collectivite:
    """For whom one posts. Raises AccesReserve for whoever manages nothing there."""
    place = request.collectivite
    if place is None:
        raise AccesReserve("aux agents et aux élus en poste")
    if not can_manage(request.user, place):
        raise AccesReserve(f"aux gestionnaires {place.de_nom}", gestionnaires([place]))
    return place


def editable(request: HttpRequest, pk: int) -> Materiel:
    """A thing that this person looks after. 404 when they may not even read it; raises AccesReserve when they may."""
    found = get_object_or_404(Materiel.objects.for_list(), pk=pk)
    if can_edit(request.user, found):
        return found
    if not Materiel.objects.visible_to(request.user).filter(pk=pk).exists():
        raise Http404
    place = found.collectivite
    raise AccesReserve(f"aux gestionnaires {place.de_nom}", gestionnaires([place]) or responsables(Domaine.MATERIEL))
