"""A session as those who hold it see it: 404 outside of what one may read, 403 with the rule."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from formations.models import SessionFormation
from formations.permissions import REGLES, can_organise

BESIDE = "formation__theme", "formation__titre_delivre", "formation__contact", "lieu", "contact"


def session_to_hold(request: HttpRequest, numero: str) -> SessionFormation:
    """Raises Http404, and PermissionDenied with the rule."""
    sessions = SessionFormation.objects.visible_to(request.user).select_related(*BESIDE)
    session = get_object_or_404(sessions, numero=numero)
    if not can_organise(request.user):
        raise PermissionDenied(REGLES["presences"])
    return session


def asked_index(request: HttpRequest) -> int | None:
    """The half-day of the address, « ?demi=1479123 »; None for none, or for what is no number."""
    asked = request.GET.get("demi", "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else None


def as_pdf(content: bytes, name: str) -> HttpResponse:
    """Shown by the browser, asked for again each time."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "private, no-cache"
    return response
