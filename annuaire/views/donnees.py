"""« Mes données »: one’s own alone, whoever one answers for."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from annuaire.fiche import mes_donnees as donnees


@require_safe
def mes_donnees(request: HttpRequest) -> HttpResponse:
    held = donnees.gather(request.user)
    context = {"parties": donnees.parts(held), "vides": donnees.empty(held)}
    return _private(render(request, "annuaire/fiche_donnees.html", context))


@require_safe
def mes_donnees_json(request: HttpRequest) -> HttpResponse:
    """For another service to read (RGPD art. 20)."""
    response = JsonResponse(donnees.gather(request.user), json_dumps_params={"ensure_ascii": False, "indent": 2})
    return _file(response, "json")


@require_safe
def mes_donnees_pdf(request: HttpRequest) -> HttpResponse:
    return _file(HttpResponse(donnees.paper(request.user), content_type="application/pdf"), "pdf")


def _file(response: HttpResponse, extension: str) -> HttpResponse:
    name = f"mes-donnees-{timezone.localdate():%Y-%m-%d}.{extension}"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return _private(response)


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
