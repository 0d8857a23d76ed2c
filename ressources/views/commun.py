"""What the forms of the readers share: for whom one acts, and where one goes back."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from collectivites.models import Collectivite
from collectivites.refus import AccesReserve


def place_of(request: HttpRequest) -> Collectivite:
    """The collectivité for which one acts. Raises AccesReserve without a poste in force."""
    if request.collectivite is None:
        raise AccesReserve("aux agents et aux élus en poste")
    return request.collectivite


def came_from(request: HttpRequest, otherwise: str) -> str:
    """The page that the form came from, if it is one of ours."""
    target = request.POST.get("next", "")
    ours = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if ours else otherwise
