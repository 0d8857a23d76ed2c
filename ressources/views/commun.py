"""What the views of the readers share: for whom one acts, and how often."""

from allauth.core.internal import ratelimit
from django.forms import Form
from django.http import HttpRequest

from collectivites.models import Collectivite
from collectivites.refus import AccesReserve

TROP_DE_MESSAGES = (
    "Vous avez envoyé beaucoup de messages en une heure, et chacun prévient plusieurs personnes. Attendez un peu, puis "
    "renvoyez celui-ci\u00a0: votre texte est gardé ici."
)


def place_of(request: HttpRequest) -> Collectivite:
    """The collectivité for which one acts. Raises AccesReserve without a poste in force."""
    if request.collectivite is None:
        raise AccesReserve("aux agents et aux élus en poste")
    return request.collectivite


def within(request: HttpRequest, action: str, **whose: object) -> bool:
    """False past the limits that settings give to `action`, visits included: allauth's own way counts forms only."""
    return bool(ratelimit.consume(request, app="allauth.account", action=action, limit_get=True, **whose))


def may_write(request: HttpRequest, form: Form) -> bool:
    """False past what one may write in an hour, and the form says so: each question or answer tells several people."""
    if within(request, "ressource_question", user=request.user):
        return True
    form.add_error("texte", TROP_DE_MESSAGES)
    return False
