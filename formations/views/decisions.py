"""What an organiser decides of a session: open, keep, cancel, and offer another one to those who were in it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from collectivites.cles import une_seule_fois
from collectivites.garde import form_data
from extranet.lib.tour import a_son_tour
from extranet.lib.typographie import space
from formations.enums import StatutSession
from formations.forms.organiser import RaisonForm
from formations.models import SessionFormation
from formations.organiser.entete import opening_words
from formations.places import annulation, sessions
from formations.places.arrets import stops_cancelling
from formations.places.suites import Suite, nearest
from formations.prevenir.mots import dates
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
    """With a reason, which all those in it read; then another session is offered."""
    session = session_to_organise(request, numero)
    if request.method != "POST" and (reason := stops_cancelling(session)):
        messages.warning(request, space(reason))
        return redirect("formations:session_manage", numero)
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
    seats, waiting = session.occupees, session.inscriptions.waiting().count()
    context = {
        "session": session,
        "form": form,
        "places": seats,
        "attendent": waiting,
        "suivante": nearest(Suite(session).sessions, seats + waiting),
    }
    return render(request, "formations/session_cancel.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@a_son_tour
@une_seule_fois
def session_next(request: HttpRequest, numero: str) -> HttpResponse:
    """Those of a cancelled session, in their order, in another one: a seat, else a rank that passes first.

    `session`: the number of the one that is chosen. Those who are left out are named, with why.
    """
    session = session_to_organise(request, numero)
    if session.statut != StatutSession.ANNULEE:
        messages.warning(request, space("Cette session n’est pas annulée : il n’y a rien à proposer."))
        return redirect("formations:session_manage", numero)
    after, refusal = Suite(session), ""
    given = request.POST.get("session", "")
    chosen = next((one for one in after.sessions if one.numero == given), None)
    if request.method == "POST" and chosen is None:
        refusal = space("Choisissez l’une de ces sessions : une autre n’est plus proposée.")
    elif request.method == "POST":
        try:
            done = annulation.proposer(session, chosen.pk, request.user)
        except InscriptionRefusee as refused:
            refusal, after = str(refused), Suite(session)
        else:
            return _proposed(request, done)
    default = chosen or after.conseillee
    context = {
        "session": session,
        "suite": after,
        "choix": [(one, dates(one), one == default) for one in after.choix],
        "refus": refusal,
    }
    return render(request, "formations/session_next.html", context, status=422 if refusal else 200)


def _proposed(request: HttpRequest, done: annulation.Proposition) -> HttpResponse:
    seats = sum(one.is_placed for one in done.inscriptions)
    ranks = len(done.inscriptions) - seats
    words = [f"{seats} places" if seats > 1 else "1 place"] if seats else []
    words += [f"{ranks} rangs prioritaires" if ranks > 1 else "1 rang prioritaire"] if ranks else []
    if words:
        said = f"Session {done.session.numero} : {' et '.join(words)}."
        messages.success(request, space(f"{said} Chacun est prévenu, et peut rendre sa place."))
    for why in done.refus.values():
        messages.warning(request, space(why))
    return redirect("formations:session_manage", done.session.numero)
