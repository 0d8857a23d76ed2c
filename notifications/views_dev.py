"""`/courriels/`, in development only: the mails that would have been sent, codes included."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from notifications.composition import SansObjet, compose
from notifications.models import Courriel
from notifications.veille import age_veille

SHOWN = 30
# The words of a mail have their styles in their tags; nothing else may load or run.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"


@login_not_required
@require_safe
def courriel_list(request: HttpRequest) -> HttpResponse:
    """The last mails, and the chosen one in its two forms. Open to all: the code of the login is there."""
    _development_only()
    courriels = Courriel.objects.select_related("agent")[:SHOWN]
    chosen = courriels[0] if courriels else None
    pk = request.GET.get("courriel", "")
    if pk.isascii() and pk.isdigit() and len(pk) < 18:
        chosen = get_object_or_404(Courriel.objects.select_related("agent"), pk=pk)
    contexte = {
        "courriels": courriels,
        "choisi": chosen,
        "motif": _composed(chosen) if chosen else "",
        "veille": age_veille() is not None,
        "envoi": settings.EMAIL_BACKEND.split(".")[-2],
    }
    return render(request, "notifications/courriel_list.html", contexte)


@login_not_required
@require_safe
def courriel_html(request: HttpRequest, pk: int) -> HttpResponse:
    """The mail as a mail program shows it."""
    _development_only()
    courriel = get_object_or_404(Courriel.objects.select_related("agent"), pk=pk)
    motif = _composed(courriel)
    return HttpResponse(courriel.html or motif, headers={"Content-Security-Policy": POLICY})


def _composed(courriel: Courriel) -> str:
    """Composes what is only composed when it leaves; returns why it would not leave."""
    if courriel.html:
        return ""
    try:
        compose(courriel)
    except SansObjet as reason:
        return str(reason)
    return ""


def _development_only() -> None:
    if not settings.DEBUG:
        raise Http404
