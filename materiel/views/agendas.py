"""« Dans votre agenda »: the secret address of a commune's loans, made, shown once, revoked; and what it answers."""

import hashlib

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collectivites.cles import une_seule_fois
from materiel.entraide import agendas
from materiel.enums import Cote
from materiel.permissions import can_manage
from materiel.views.acces import loan_of, place_of, side_read

MONTRE = "materiel_agenda"


@sensitive_variables("jeton", "shown")
@require_http_methods(["GET", "HEAD", "POST"])
@une_seule_fois
def agenda_lien(request: HttpRequest) -> HttpResponse:
    """The addresses of the collectivité acted for; a new one is shown on the page that follows, and never again."""
    place = place_of(request)
    if request.method == "POST":
        request.session[MONTRE] = agendas.create(request.user, place)
        messages.success(request, "L’adresse est prête. Copiez-la maintenant\u00a0: elle ne sera plus montrée.")
        return redirect("materiel:agenda_lien")
    shown = request.session.pop(MONTRE, "") if request.method == "GET" else ""
    liens = list(agendas.revocable_by(request.user).filter(collectivite=place).order_by("-created_at"))
    context = {
        "place": place,
        "adresse": request.build_absolute_uri(reverse("materiel:agenda_ics", args=[shown])) if shown else "",
        "liens": liens,
        "le_mien": next((lien for lien in liens if lien.agent_id == request.user.pk), None),
        "gere": can_manage(request.user, place),
    }
    response = render(request, "materiel/agenda_lien.html", context)
    if shown:
        response["Cache-Control"] = "no-store"
    return response


@require_POST
@une_seule_fois
def agenda_revoquer(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own, or one of the collectivité that one manages; 404 for the others."""
    lien = get_object_or_404(agendas.revocable_by(request.user), pk=pk)
    agendas.revoke(lien, request.user)
    messages.success(request, "Cette adresse ne répond plus.")
    return redirect("materiel:agenda_lien")


# Without login: agenda programmes know nothing of sessions; the address is the key.
@login_not_required
@require_safe
@sensitive_variables("jeton")
def agenda_ics(request: HttpRequest, jeton: str) -> HttpResponse:
    """The calendar, 304 for who has it already; 404 whatever the reason, so that nothing is learnt by trying."""
    lien = agendas.opened_by(jeton)
    if lien is None:
        raise Http404
    lien.mark_read(timezone.localdate())
    content = agendas.of_collectivite(lien.collectivite)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="prets.ics"'
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    response["ETag"] = quote_etag(hashlib.sha256(content).hexdigest()[:32])
    return get_conditional_response(request, etag=response["ETag"], response=response)


@require_safe
def pret_agenda(request: HttpRequest, numero: str) -> HttpResponse:
    """One loan for one's own agenda, for whoever reads it; 404 while it is only asked for."""
    pret = loan_of(request, numero)
    side = side_read(request, pret)
    content = agendas.of_loan(pret, pret.emprunteur if side == Cote.EMPRUNTEUR else pret.preteur)
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="pret-{pret.numero}.ics"'
    response["Cache-Control"] = "private, no-cache"
    return response
