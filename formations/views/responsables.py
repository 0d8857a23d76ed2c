"""The pages of the responsables: 404 for whoever may not read the session, 403 with the rule for the others."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header

from collectivites.enums import Domaine
from collectivites.refus import AccesReserve, responsables
from formations.models import SessionFormation
from formations.permissions import can_organise

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


def must_organise(request: HttpRequest) -> None:
    """Raises AccesReserve."""
    if not can_organise(request.user):
        raise AccesReserve("aux responsables des formations", responsables(Domaine.FORMATIONS))


def session_to_organise(request: HttpRequest, numero: str) -> SessionFormation:
    """Raises Http404, AccesReserve."""
    sessions = SessionFormation.objects.visible_to(request.user).select_related("formation", "lieu", "contact")
    session = get_object_or_404(sessions, numero=numero)
    must_organise(request)
    return session


def download(content: bytes, name: str, content_type: str) -> HttpResponse:
    """Names of people: no cache keeps it."""
    return HttpResponse(
        content,
        content_type=content_type,
        headers={
            "Content-Disposition": content_disposition_header(True, name),
            "Cache-Control": "private, no-store",
        },
    )
