"""The pages of the responsables: 404 for whoever may not read the session, 403 with the rule for the others."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from collectivites.enums import Domaine
from collectivites.refus import AccesReserve, responsables
from formations.forms.presences import is_key
from formations.models import SessionFormation
from formations.permissions import REGLES, can_organise

BESIDE = "formation__theme", "formation__titre_delivre", "formation__contact", "lieu", "contact"


def must_organise(request: HttpRequest) -> None:
    """Raises AccesReserve."""
    if not can_organise(request.user):
        raise AccesReserve("aux responsables des formations", responsables(Domaine.FORMATIONS))


def session_to_organise(request: HttpRequest, numero: str) -> SessionFormation:
    """Raises Http404, AccesReserve."""
    sessions = SessionFormation.objects.visible_to(request.user).select_related(*BESIDE)
    session = get_object_or_404(sessions, numero=numero)
    must_organise(request)
    return session


def must_organise_act(request: HttpRequest) -> None:
    """For an act of the responsables. Raises PermissionDenied with the rule."""
    if not can_organise(request.user):
        raise PermissionDenied(REGLES["organiser"])


def asked_key(text: str) -> int | None:
    """The key of a row, as an address or a form gives it; None for what no row has."""
    return int(text) if is_key(text) else None


def asked_index(request: HttpRequest) -> int | None:
    """The half-day of the address, « ?demi=1479123 »; None for none, or for what is no number."""
    asked = request.GET.get("demi", "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else None
