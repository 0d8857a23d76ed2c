"""Seats: one’s own and those of one’s commune; what was just decided; the page of each."""

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from formations.enums import OUVERTES, StatutInscription
from formations.inscrire.liste import FILTRES, rows, seats_of
from formations.inscrire.mots import outcome
from formations.inscrire.page import context as page_context
from formations.inscrire.page import for_page
from formations.inscrire.rangs import positions
from formations.models import Inscription
from formations.places.promotion import waiting_list
from formations.prevenir.mots import dates

PAR_PAGE = 20


@require_safe
def inscription_list(request: HttpRequest) -> HttpResponse:
    """Mine, and those of the collectivités that I manage or sign for: to come, then past."""
    asked = {name: request.GET.get(name, "") for name in ("vue", "qui", "etat", "q")}
    mine, places = seats_of(request.user)
    found = rows(mine, request.user, asked)
    past = asked["vue"] == "passees"
    page_obj = Paginator(found.past if past else found.coming, PAR_PAGE).get_page(request.GET.get("page"))
    ranked = positions(page_obj.object_list)
    context = {
        "page_obj": page_obj,
        "lignes": found.lines(page_obj.object_list, ranked),
        "a_venir": not past,
        "comptes": {"a_venir": found.coming.count(), "passees": found.past.count()},
        "places": places,
        "titre": _title(places),
        "qui": asked["qui"],
        "etat": asked["etat"],
        "q": asked["q"],
        "filtres": FILTRES,
        "filtre": any(asked[name] for name in ("qui", "etat", "q")),
    }
    return render(request, "formations/inscription_list.html", context)


def _title(places: list) -> str:
    return (
        f"Les inscriptions {places[0].de_nom}"
        if len(places) == 1
        else "Les inscriptions"
        if places
        else "Mes inscriptions"
    )


def seat_of(request: HttpRequest, pk: int) -> Inscription:
    """A seat that this person may read. Raises Http404."""
    return get_object_or_404(for_page().filter(pk__in=Inscription.objects.visible_to(request.user).values("pk")), pk=pk)


@require_safe
def inscription_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return page_of_seat(request, seat_of(request, pk))


def page_of_seat(request: HttpRequest, one: Inscription, *, status: int = 200, **more: Any) -> HttpResponse:
    """The page of a seat, with what an act has just given."""
    context = {**page_context(one, request.user), "besoin_lu": "", "refus": "", **more}
    return render(request, "formations/inscription_detail.html", context, status=status)


@require_safe
def inscription_lot(request: HttpRequest, lot: uuid.UUID) -> HttpResponse:
    """What was decided of each person of a request."""
    seen = Inscription.objects.visible_to(request.user).filter(lot=lot).for_list()
    found = list(seen.prefetch_related("session__creneaux").order_by("pk"))
    if not found:
        raise Http404
    session = found[0].session
    ranked = positions(found)
    waits = {}
    if any(one.is_waiting for one in found):
        waits = {one.inscription.pk: one for one in waiting_list(session)}
    places = [(one, outcome(one, ranked.get(one.pk, (None, 0))[0], waits.get(one.pk))) for one in found]
    context = {
        "session": session,
        "formation": session.formation,
        "dates": dates(session),
        "placees": [(one, words) for one, words in places if one.statut in OUVERTES and not one.is_waiting],
        "attendent": [(one, words) for one, words in places if one.is_waiting],
        "sorties": [(one, words) for one, words in places if one.statut not in OUVERTES],
        "confirmees": sum(one.statut == StatutInscription.CONFIRMEE for one in found),
    }
    return render(request, "formations/inscription_lot.html", context)
