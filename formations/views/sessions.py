"""The address of a session."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from formations.models import SessionFormation


def session_detail(request: HttpRequest, numero: str) -> HttpResponse:
    """Its sheet, with this session chosen."""
    session = get_object_or_404(
        SessionFormation.objects.visible_to(request.user).select_related("formation"), numero=numero
    )
    return redirect(f"{session.formation.adresse}?session={session.numero}")
