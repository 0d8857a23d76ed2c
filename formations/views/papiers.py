"""Convocations and printed papers."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from collectivites.cles import une_seule_fois
from extranet.lib.tour import a_son_tour
from formations.enums import StatutInscription
from formations.models import Inscription, SessionFormation
from formations.refus import InscriptionRefusee
from formations.seances import attestations, convocations, papiers, rendez_vous
from formations.seances.organisme import fonctions_of, organisme
from formations.views.fichiers import ICS, as_pdf, download
from formations.views.responsables import asked_index, session_to_organise

# What one person must hold for their letter to be printed.
CONVOCABLES = (StatutInscription.CONFIRMEE,)


@require_http_methods(["GET", "HEAD", "POST"])
@a_son_tour
@une_seule_fois
def session_convocations(request: HttpRequest, numero: str) -> HttpResponse:
    """Who has theirs, who has not; sent to those, or to all again."""
    session = session_to_organise(request, numero)
    if request.method == "POST":
        try:
            sent = convocations.convoquer(session.pk, request.user, tous=request.POST.get("a") == "tous")
        except InscriptionRefusee as refusal:
            messages.error(request, str(refusal))
        else:
            _say(request, sent)
            return redirect("formations:session_convocations", numero=numero)
    everybody = convocations.to_convene(session, tous=True)
    missing = [one for one in everybody if one.sequence_envoyee != one.sequence]
    context = {
        "session": session,
        "inscriptions": everybody,
        "manquent": len(missing),
        "sans_courriel": [one for one in everybody if not one.agent.email],
        "possible": session.is_proposed and session.is_dated,
    }
    return render(request, "formations/convocations.html", context)


def _say(request: HttpRequest, sent: convocations.Envoi) -> None:
    count = len(sent.convoquees)
    if count:
        messages.success(request, f"{count} convocation{'s envoyées' if count > 1 else ' envoyée'}.")
    elif not sent.sans_adresse:
        messages.info(request, "Tout le monde a déjà sa convocation.")
    if sent.sans_adresse:
        names = ", ".join(one.agent.nom_complet for one in sent.sans_adresse)
        messages.warning(
            request, f"Sans adresse de courriel, ni personne pour transmettre\u00a0: {names}. Imprimez la leur."
        )


def _seat(request: HttpRequest, pk: int) -> Inscription:
    """Raises Http404 for whoever may not see it, and for a seat that convenes nobody."""
    seats = Inscription.objects.visible_to(request.user).select_related(*convocations.BESIDE)
    seat = get_object_or_404(seats, pk=pk)
    if seat.statut not in CONVOCABLES or not seat.session.is_dated:
        raise Http404
    return seat


@require_safe
def convocation_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    seat = _seat(request, pk)
    fonction = fonctions_of([seat.agent_id], [seat.collectivite_id]).get((seat.agent_id, seat.collectivite_id), "")
    content = papiers.convocation(seat, papiers.creneaux_of(seat.session), fonction, organisme())
    return as_pdf(content, f"convocation-{seat.session.numero}.pdf")


@require_safe
def inscription_ics(request: HttpRequest, pk: int) -> HttpResponse:
    """For one’s own agenda: the same appointment as that of the mail."""
    seat = _seat(request, pk)
    content = rendez_vous.agenda(seat, papiers.creneaux_of(seat.session), organisme())
    return download(content, f"formation-{seat.session.numero}.ics", ICS)


@require_safe
def emargement_pdf(request: HttpRequest, numero: str) -> HttpResponse:
    """The sheets of every half-day, or of one with « ?demi= »."""
    session: SessionFormation = session_to_organise(request, numero)
    every = papiers.creneaux_of(session)
    asked = asked_index(request)
    chosen = [one for one in every if asked is None or one.demi_journee == asked]
    if not chosen:
        raise Http404
    return as_pdf(papiers.emargement(session, chosen), f"emargement-{session.numero}.pdf")


@require_safe
def attestation_detail(request: HttpRequest, numero: str) -> HttpResponse:
    """What it attests, for those who may read it: the address that the paper prints."""
    attestation = get_object_or_404(attestations.visible_to(request.user), numero=numero)
    one = attestation.inscription
    said = one.emargements.select_related("creneau").order_by("creneau__demi_journee")
    context = {
        "attestation": attestation,
        "document": attestations.title_of(attestation),
        "inscription": one,
        "session": one.session,
        "emargements": list(said),
        "a_evaluer": one.agent_id == request.user.pk and one.evaluee_le is None,
    }
    return render(request, "formations/attestation.html", context)


@require_safe
def attestation_pdf(request: HttpRequest, numero: str) -> HttpResponse:
    attestation = get_object_or_404(attestations.visible_to(request.user), numero=numero)
    return as_pdf(attestations.pdf(attestation), f"attestation-{attestation.numero}.pdf")
