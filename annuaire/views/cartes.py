"""The contact card of a person: a file for one's telephone, a square code for that of whoever stands beside."""

import io
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from annuaire.emporter import vcard
from annuaire.emporter.lecture import lines_of
from collectivites.models import Agent

PRIVATE = {"Cache-Control": "private, no-store"}
# Pixels of a square of the downloaded picture: 4 cm on paper at 300 points an inch, for the longest card.
PNG_SCALE = 8


@require_safe
def carte(request: HttpRequest, slug: str) -> HttpResponse:
    """The vCard of whoever one may see."""
    fiche = _fiche(request, slug)
    disposition = content_disposition_header(True, f"{slug}.vcf")
    content = vcard.vcard(fiche, timezone.now())
    return HttpResponse(content, content_type=vcard.MIME, headers={"Content-Disposition": disposition, **PRIVATE})


@require_safe
def code(request: HttpRequest, slug: str) -> HttpResponse:
    fiche = _fiche(request, slug)
    lines = fiche.lignes
    context = {
        "personne": fiche.agent,
        "ligne": lines[0] if lines else None,
        "numeros": list(dict.fromkeys(line.numero for line in lines if line.numero))[:2],
        "adresse": next(iter(fiche.adresses), ""),
    }
    return render(request, "annuaire/emporter_code.html", context)


@require_safe
def code_svg(request: HttpRequest, slug: str) -> HttpResponse:
    return _picture(request, slug, "image/svg+xml", kind="svg", scale=6, svgclass=None, lineclass=None)


@require_safe
def code_png(request: HttpRequest, slug: str) -> HttpResponse:
    response = _picture(request, slug, "image/png", kind="png", scale=PNG_SCALE)
    response["Content-Disposition"] = content_disposition_header(True, f"code-{slug}.png")
    return response


def _picture(request: HttpRequest, slug: str, mime: str, **how: Any) -> HttpResponse:
    """Black on white in every theme, with the margin of four squares that readers need (ISO 18004)."""
    buffer = io.BytesIO()
    vcard.square_code(_fiche(request, slug)).save(buffer, border=4, dark="#000", light="#fff", **how)
    return HttpResponse(buffer.getvalue(), content_type=mime, headers=PRIVATE)


def _fiche(request: HttpRequest, slug: str) -> vcard.Fiche:
    agent = get_object_or_404(Agent.objects.visible_to(request.user), slug=slug)
    known = list(agent.expertises.montrees().order_by("libelle").values_list("libelle", flat=True))
    return vcard.Fiche(agent, lines_of(agent), known)
