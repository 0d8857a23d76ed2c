"""« Dans mon agenda »: secret addresses of one’s trainings or of those of a commune, made, shown once, revoked; and
what they answer.
"""

import hashlib

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collectivites.cles import une_seule_fois
from collectivites.refus import AccesReserve
from formations.catalogue import agendas
from formations.models import LienAgenda

MONTRE = "formations_agenda"
REGLE = "L’agenda d’une commune est ouvert à ses gestionnaires."


@sensitive_variables("jeton", "shown")
@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def agenda_lien(request: HttpRequest) -> HttpResponse:
    """One’s own address, and that of the collectivité that one manages; a new one is shown once, on the next page."""
    place = request.collectivite
    if place is None:
        raise AccesReserve("aux agents et aux élus en poste")
    manages = request.user.manages(place)
    if request.method == "POST":
        of_place = request.POST.get("pour") == "commune"
        if of_place and not manages:
            raise PermissionDenied(REGLE)
        request.session[MONTRE] = agendas.create(request.user, place if of_place else None)
        messages.success(request, "L’adresse est prête. Copiez-la maintenant\u00a0: elle ne sera plus montrée.")
        return redirect("formations:agenda_lien")
    shown = request.session.pop(MONTRE, "") if request.method == "GET" else ""
    liens = list(agendas.revocable_by(request.user).order_by("-created_at"))
    context = {
        "place": place,
        "gere": manages,
        "adresse": request.build_absolute_uri(reverse("formations:agenda_ics", args=[shown])) if shown else "",
        "liens": [one for one in liens if one.collectivite_id in (None, place.pk)],
        "le_mien": _mine(liens, request.user.pk, None),
        "le_notre": _mine(liens, request.user.pk, place.pk),
    }
    response = render(request, "formations/agenda_lien.html", context)
    if shown:
        response["Cache-Control"] = "no-store"
    return response


def _mine(liens: list[LienAgenda], agent: int, place: int | None) -> LienAgenda | None:
    return next((one for one in liens if one.agent_id == agent and one.collectivite_id == place), None)


@require_POST
@une_seule_fois
def agenda_revoquer(request: HttpRequest, pk: int) -> HttpResponse:
    """One’s own, or one of a collectivité that one manages; 404 for the others."""
    lien = get_object_or_404(agendas.revocable_by(request.user), pk=pk)
    agendas.revoke(lien, request.user)
    messages.success(request, "Cette adresse ne répond plus.")
    return redirect("formations:agenda_lien")


# Without login: agenda programmes know nothing of sessions; the address is the key.
@login_not_required
@require_safe
@sensitive_variables("jeton")
def agenda_ics(request: HttpRequest, jeton: str) -> HttpResponse:
    """The calendar, 304 for who has it already; 404 whatever the reason, so that nothing is learnt by trying."""
    lien = agendas.opened_by(jeton)
    if lien is None:
        raise Http404
    LienAgenda.objects.filter(pk=lien.pk).exclude(lu_le=timezone.localdate()).update(lu_le=timezone.localdate())
    content = agendas.content(lien)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="formations.ics"'
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    response["ETag"] = quote_etag(hashlib.sha256(content).hexdigest()[:32])
    return get_conditional_response(request, etag=response["ETag"], response=response)
