"""What the forms of the readers share: for whom one acts."""

from django.http import HttpRequest

from collectivites.models import Collectivite
from collectivites.refus import AccesReserve


def place_of(request: HttpRequest) -> Collectivite:
    """The collectivité for which one acts. Raises AccesReserve without a poste in force."""
    if request.collectivite is None:
        raise AccesReserve("aux agents et aux élus en poste")
    return request.collectivite
