"""What an organiser decides of a session: open, keep, cancel, and offer the next one to those who were in it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from collectivites.cles import une_seule_fois
from collectivites.garde import form_data
from extranet.lib.tour import a_son_tour
from extranet.lib.typographie import space
from formations.enums import StatutInscription, StatutSession
from formations.forms.organiser import RaisonForm
from formations.models import Inscription, SessionFormation
from formations.organiser.entete import opening_words
from formations.places import annulation, sessions
from formations.places.en_poste import in_office
from formations.refus import InscriptionRefusee
from formations.views.responsables import session_to_organise


@require_POST
@a_son_tour
@une_seule_fois
def session_open(request: HttpRequest, numero: str) -> HttpResponse:
    return _act(request, numero, sessions.ouvrir, opening_words)


@require_POST
@a_son_tour
@une_seule_fois
def session_keep(request: HttpRequest, numero: str) -> HttpResponse:
    return _act(request, numero, sessions.maintenir, lambda _: "La session est maintenue. Les inscrits sont prévenus.")


def _act(
    request: HttpRequest, numero: str, act: Callable[..., SessionFormation], told: Callable[[SessionFormation], str]
) -> HttpResponse:
    session = session_to_organise(request, numero)
    try:
        done = act(session.pk, request.user)
    except InscriptionRefusee as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, told(done))
    return redirect("formations:session_manage", numero)


@require_http_methods(["GET", "HEAD", "POST"])
@a_son_tour
@une_seule_fois
def session_cancel(request: HttpRequest, numero: str) -> HttpResponse:
    """With a reason, which all those in it read; then the next session is offered."""
    session = session_to_organise(request, numero)
    form = RaisonForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            left = annulation.annuler(session.pk, request.user, form.cleaned_data["motif"])
        except InscriptionRefusee as refusal:
            form.add_error(None, str(refusal))
        else:
            people = f"{len(left)} personnes sont prévenues" if len(left) > 1 else "Les personnes concernées le savent"
            messages.success(request, space(f"Session annulée. {people}."))
            return redirect("formations:session_next" if left else "formations:session_manage", numero)
    seats = session.occupees
    context = {
        "session": session,
        "form": form,
        "places": seats,
        "attendent": session.inscriptions.waiting().count(),
        "suivante": annulation.next_session(session),
    }
    return render(request, "formations/session_cancel.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@a_son_tour
@une_seule_fois
def session_next(request: HttpRequest, numero: str) -> HttpResponse:
    """Those of a cancelled session, in their order, in the next one: a seat, else a rank that passes first."""
    session = session_to_organise(request, numero)
    if session.statut != StatutSession.ANNULEE:
        messages.warning(request, space("Cette session n’est pas annulée : il n’y a rien à proposer."))
        return redirect("formations:session_manage", numero)
    following, left = annulation.next_session(session), _left(session)
    if request.method == "POST":
        try:
            done = annulation.proposer_suivante(session, left, request.user)
        except InscriptionRefusee as refusal:
            messages.error(request, str(refusal))
            return redirect("formations:session_next", numero)
        seats = sum(one.is_placed for one in done)
        words = f"{seats} places et {len(done) - seats} rangs prioritaires dans la session {following.numero}."
        messages.success(request, space(f"{words} Chacun est prévenu, et peut rendre sa place."))
        return redirect("formations:session_manage", following.numero)
    context = {"session": session, "suivante": following, "inscriptions": left}
    return render(request, "formations/session_next.html", context)


def _left(session: SessionFormation) -> list[Inscription]:
    """Those whom the cancelling put out, still in office, and whom no other session of the training has since: seats
    first.
    """
    rows = session.inscriptions.filter(statut=StatutInscription.ANNULEE)
    rows = rows.select_related("agent", "collectivite", "visa_par")
    again = Inscription.objects.active().filter(session__formation=session.formation_id)
    rows = rows.exclude(agent__in=again.exclude(session=session).values("agent"))
    return sorted(in_office(rows), key=lambda one: (one.rang is not None, -one.priorite, one.rang or 0, one.pk))
