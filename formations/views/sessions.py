"""The address of a session, and that of a seat."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from formations.models import Inscription, SessionFormation


def session_detail(request: HttpRequest, numero: str) -> HttpResponse:
    """Its sheet, with this session chosen."""
    session = get_object_or_404(
        SessionFormation.objects.visible_to(request.user).select_related("formation"), numero=numero
    )
    return redirect(f"{session.formation.adresse}?session={session.numero}")


def inscription_detail(request: HttpRequest, pk: int) -> HttpResponse:
    inscription = get_object_or_404(Inscription.objects.visible_to(request.user).select_related("session"), pk=pk)
    return redirect(inscription.session)
