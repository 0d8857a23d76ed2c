"""Entering presences on a phone, the code at the door, the signed sheet, the end of the session."""

import logging

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collectivites.cles import une_seule_fois
from extranet.lib.fichiers import file_response
from extranet.lib.tour import a_son_tour
from extranet.lib.uploads import FichierRefuse
from extranet.lib.uploads.reception import LOURD, PLEIN
from formations.enums import Presence
from formations.forms.presences import (
    FeuilleForm,
    asked_of,
    dits_of,
    is_key,
    precision_of,
    saisies_of,
    vus_of,
)
from formations.models import FeuilleSignee, Inscription, SessionFormation
from formations.refus import InscriptionRefusee
from formations.seances import appel, cloture, feuilles, porte, presences
from formations.seances.appel import Feuille
from formations.seances.papiers import inscrits_of
from formations.views.responsables import asked_index, session_to_organise

logger = logging.getLogger(__name__)
ENVOI = {LOURD: "Ce fichier est trop lourd\u00a0: 15\u00a0Mo au plus.", PLEIN: feuilles.PLEIN}
CHOIX = (
    (Presence.PRESENT, "Présent·e", "is-ok", "check-circle"),
    (Presence.EXCUSE, "Excusé·e", "is-wait", "envelope"),
    (Presence.ABSENT, "Absent·e", "is-alert", "x-circle"),
)


@require_http_methods(["GET", "HEAD", "POST"])
def session_presences(request: HttpRequest, numero: str) -> HttpResponse:
    """One tap a person. Each tap is sent alone by htmx; without script, the whole list by its button."""
    session = session_to_organise(request, numero)
    every = appel.feuilles_of(session)
    if not every:
        return render(request, "formations/presences.html", {"session": session, "feuilles": []})
    feuille = _chosen(request, every)
    if request.method == "POST":
        return _posted(request, session, feuille)
    return render(request, "formations/presences.html", _context(session, every, feuille))


def _chosen(request: HttpRequest, every: list[Feuille]) -> Feuille:
    asked = asked_index(request)
    return next((one for one in every if one.creneau.demi_journee == asked), None) or appel.current(every)


def _context(session: SessionFormation, every: list[Feuille], feuille: Feuille) -> dict[str, object]:
    appel.fill(feuille, session)
    rank = every.index(feuille)
    before = every[rank - 1] if rank else None
    return {
        "session": session,
        "feuilles": every,
        "feuille": feuille,
        "choix": CHOIX,
        "reprenable": before if before is not None and before.presents and feuille.est_ouverte else None,
        "signees": list(feuille.creneau.feuilles.select_related("deposee_par")),
        "form": FeuilleForm(),
        "empechement": cloture.what_stops(session),
        "toutes_closes": all(one.est_close for one in every),
    }


def _posted(request: HttpRequest, session: SessionFormation, feuille: Feuille) -> HttpResponse:
    """Back to the half-day; a tap answers with its counts only."""
    tapped = bool(request.headers.get("HX-Request"))
    creneau, user, data = feuille.creneau, request.user, request.POST
    here = f"{reverse('formations:session_presences', args=[session.numero])}?demi={creneau.demi_journee}"
    try:
        if "clore" in data:
            presences.clore(creneau.pk, user, saisies_of(data), vus=vus_of(data))
            messages.success(request, "La demi-journée est close.")
            return redirect("formations:session_presences", numero=session.numero)
        if "rouvrir" in data:
            presences.rouvrir(creneau.pk, user)
        elif "reprendre" in data:
            done = presences.noter(creneau.pk, presences.carry_over(session, creneau), user, vus={})
            messages.success(request, f"{done} présence{'s' if done > 1 else ''} reprise{'s' if done > 1 else ''}.")
        else:
            said = precision_of(data) if "preciser" in data else saisies_of(data)
            presences.noter(creneau.pk, said, user, vus=vus_of(data))
    except InscriptionRefusee as refusal:
        return _refused(request, session, str(refusal), here if tapped else "")
    return _counts(request, session, creneau.demi_journee) if tapped else redirect(_line(request, here))


def _refused(request: HttpRequest, session: SessionFormation, why: str, reload: str) -> HttpResponse:
    """With what was typed, as long as the half-day can be entered; a tap reloads its page."""
    every = appel.feuilles_of(session)
    feuille = _chosen(request, every)
    context = _context(session, every, feuille)
    if feuille.est_ouverte and not reload:
        why = appel.retake(feuille, dits_of(request.POST), asked_of(request.POST), why)
    messages.error(request, why)
    if reload:
        return HttpResponse(status=422, headers={"HX-Redirect": reload})
    return render(request, "formations/presences.html", context, status=422)


def _line(request: HttpRequest, here: str) -> str:
    """The person whose details were given, under the eyes."""
    asked = asked_of(request.POST)
    return here if asked is None else f"{here}#p-{asked}"


def _counts(request: HttpRequest, session: SessionFormation, index: int) -> HttpResponse:
    every = appel.feuilles_of(session)
    feuille = next(one for one in every if one.creneau.demi_journee == index)
    context = {"session": session, "feuille": appel.fill(feuille, session), "dites": saisies_of(request.POST)}
    return render(request, "formations/_presences_etat.html", context)


@require_POST
@une_seule_fois
def session_feuille(request: HttpRequest, numero: str) -> HttpResponse:
    """The signed sheet of a half-day, photographed or scanned."""
    session = session_to_organise(request, numero)
    creneau = get_object_or_404(session.creneaux, demi_journee=asked_index(request) or 0)
    here = f"{reverse('formations:session_presences', args=[numero])}?demi={creneau.demi_journee}#feuille"
    form = FeuilleForm(request.POST, request.FILES)
    if why := getattr(request, "refus_envoi", ""):
        messages.error(request, ENVOI[why])
    elif not form.is_valid():
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
    else:
        try:
            feuilles.join(creneau, request.user, form.cleaned_data["fichier"])
        except FichierRefuse as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "La feuille signée est jointe.")
    return HttpResponseRedirect(here)


@require_safe
def feuille_fichier(request: HttpRequest, pk: int, nom: str) -> HttpResponse:
    """The proof, for those who hold sessions."""
    sheet = get_object_or_404(FeuilleSignee.objects.select_related("creneau__session"), pk=pk)
    session_to_organise(request, sheet.creneau.session.numero)
    if nom != sheet.nom:
        return redirect("formations:feuille_fichier", pk=pk, nom=sheet.nom)
    try:
        return file_response(request, sheet.file, name=sheet.nom, etag=sheet.sha256)
    except FileNotFoundError as error:
        logger.exception("Le fichier de %r a disparu du stockage.", sheet)
        raise Http404 from error


@require_safe
def session_porte(request: HttpRequest, numero: str) -> HttpResponse:
    """The code of a half-day, to be shown or printed for the door."""
    session = session_to_organise(request, numero)
    every = appel.feuilles_of(session)
    if not every:
        raise Http404
    feuille = _chosen(request, every)
    context = {
        "session": session,
        "feuilles": every,
        "feuille": feuille,
        "dessin": porte.drawing(feuille.creneau),
        "adresse": porte.address_of(feuille.creneau),
    }
    return render(request, "formations/porte_code.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def porte_arrivee(request: HttpRequest, jeton: str) -> HttpResponse:
    """What the code opens: « je suis là », for who has a seat, during the half-day. Reading it writes nothing."""
    creneau = porte.opened_by(jeton)
    if creneau is None:
        raise Http404
    if request.method == "POST":
        try:
            porte.arriver(creneau, request.user)
        except InscriptionRefusee as refusal:
            messages.error(request, str(refusal))
        return redirect("formations:porte", jeton=jeton)
    seat = porte.seat_of(creneau, request.user)
    said = creneau.emargements.filter(inscription=seat).first() if seat else None
    context = {
        "creneau": creneau,
        "session": creneau.session,
        "inscription": seat,
        "emargement": said,
        "ouvert": porte.is_now(creneau),
        "ouverture": presences.opening(creneau),
    }
    return render(request, "formations/porte.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@a_son_tour
@une_seule_fois
def session_clore(request: HttpRequest, numero: str) -> HttpResponse:
    """What each one attended, who passed, then the attestations. What is typed stays on a refusal."""
    session = session_to_organise(request, numero)
    given, vus = None, {}
    if request.method == "POST":
        given, vus = {int(one) for one in request.POST.getlist("titre") if is_key(one)}, vus_of(request.POST)
        every = set(session.inscriptions.placed().values_list("pk", flat=True))
        try:
            bilan = cloture.clore(session.pk, request.user, sans_titre=every - given, vus=vus)
        except InscriptionRefusee as refusal:
            messages.error(request, str(refusal))
        else:
            count = len(bilan.attestations)
            messages.success(request, f"La session est terminée\u00a0: {count} attestation{'s' if count > 1 else ''}.")
            return redirect("formations:session_presences", numero=numero)
    suivis = cloture.suivis_of(session)
    context = {
        "session": session,
        "lignes": [_end_line(one, suivis[one.pk], given, vus) for one in inscrits_of(session)],
        "empechement": cloture.what_stops(session),
        "titre": session.formation.titre_delivre,
    }
    return render(request, "formations/session_clore.html", context, status=200 if given is None else 422)


def _end_line(one: Inscription, suivi: cloture.Suivi, given: set[int] | None, vus: dict[int, str]) -> dict[str, object]:
    """Ticked as it was sent; who has changed since is ticked as on a first page."""
    changed = given is not None and vus.get(one.pk) != suivi.empreinte
    return {"inscription": one, "suivi": suivi, "coche": given is None or changed or one.pk in given, "change": changed}
