"""Inviting, following one's invitations, and the page that an invitation opens."""

from collections.abc import Callable

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core import ratelimit
from allauth.core.ratelimit import respond_429
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from annuaire import invitations
from annuaire.enums import EtatInvitation
from annuaire.forms.invitation import InvitationForm
from annuaire.invitations import InvitationRefusee
from annuaire.models import Invitation
from annuaire.permissions import can_invite
from collectivites.cles import une_seule_fois
from collectivites.enums import Domaine
from collectivites.garde import form_data
from collectivites.models import Agent, Collectivite
from collectivites.refus import AccesReserve, gestionnaires, responsables
from extranet.lib.francais import date_longue


def places_of(request: HttpRequest) -> list[Collectivite]:
    """Where one may invite now: the acting collectivité for a gestionnaire, any member for a responsable.

    « ?collectivite=tavaux » narrows it to one. Raises AccesReserve.
    """
    agent, acting = request.user, request.collectivite
    if agent.answers_for(Domaine.ANNUAIRE):
        members = Collectivite.objects.members()
        asked = request.GET.get("collectivite", "")
        return [get_object_or_404(members, slug=asked)] if asked else list(members)
    if acting and can_invite(agent, acting):
        return [acting]
    whom = gestionnaires([acting]) if acting else responsables(Domaine.ANNUAIRE)
    raise AccesReserve(f"aux gestionnaires {acting.de_nom}" if acting else "aux gestionnaires", whom)


@une_seule_fois
def invitation_create(request: HttpRequest) -> HttpResponse:
    """Offers a place to somebody of one's own collectivité."""
    places = places_of(request)
    initial = {"agent": request.GET.get("agent", "")}
    elus = request.user.answers_for(Domaine.ANNUAIRE)
    form = InvitationForm(form_data(request), collectivites=places, elus=elus, initial=initial)
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, action="invitation_envoi", user=request.user):
            return respond_429(request)
        try:
            sent = invitations.invite(request.user, **form.proposal())
        except InvitationRefusee as refusal:
            form.add_error("email", str(refusal))
        else:
            end = date_longue(timezone.localtime(sent.expire_le))
            messages.success(request, f"L’invitation part à {sent.email}. Elle est valable jusqu’au {end}.")
            return redirect("annuaire:invitation_list")
    return render(
        request, "annuaire/invitation_form.html", {"form": form, "lieu": places[0] if len(places) == 1 else None}
    )


def invitation_list(request: HttpRequest) -> HttpResponse:
    """The invitations that wait, and those of late that do not."""
    places_of(request)
    visible = Invitation.objects.visible_to(request.user).for_list()
    pending = list(visible.pending())
    done = list(visible.exclude(pk__in=[one.pk for one in pending])[:20])
    return render(request, "annuaire/invitation_list.html", {"en_attente": pending, "passees": done})


@require_POST
@une_seule_fois
def invitation_resend(request: HttpRequest, pk: int) -> HttpResponse:
    """A new link, and the former one dies."""
    invitation = _to_handle(request, pk)
    if not ratelimit.consume(request, action="invitation_envoi", user=request.user):
        return respond_429(request)
    return _do(request, invitations.resend, invitation, f"Une nouvelle invitation part à {invitation.email}.")


@require_POST
def invitation_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The link opens nothing any more."""
    invitation = _to_handle(request, pk)
    return _do(request, invitations.withdraw, invitation, "L’invitation est annulée\u00a0: son lien n’ouvre plus rien.")


def _to_handle(request: HttpRequest, pk: int) -> Invitation:
    """One of those that one sees; handled only by whoever may still invite there."""
    invitation = get_object_or_404(Invitation.objects.visible_to(request.user).for_list(), pk=pk)
    if not can_invite(request.user, invitation.collectivite):
        raise AccesReserve(
            f"aux gestionnaires {invitation.collectivite.de_nom}", gestionnaires([invitation.collectivite])
        )
    return invitation


def _do(
    request: HttpRequest, act: Callable[[Invitation, Agent], object], invitation: Invitation, words: str
) -> HttpResponse:
    try:
        act(invitation, request.user)
    except InvitationRefusee as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words)
    return redirect("annuaire:invitation_list")


@login_not_required
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    """What the link opens. Looking changes nothing, since mail scanners look; the button makes the account."""
    found = invitations.find(token)
    state = invitations.state_of(found) if found else ""
    if state != EtatInvitation.EN_ATTENTE:
        return _closed(request, found, state)
    other = request.user if request.user.is_authenticated and request.user.email != found.email else None
    if request.method != "POST" or other:
        return render(request, "annuaire/invitation_accept.html", {"invitation": found, "autre": other})
    if not ratelimit.consume(request, action="invitation"):
        return respond_429(request)
    try:
        agent = invitations.accept(token)
    except InvitationRefusee as refusal:
        return _closed(request, found, refusal.etat)
    return _enter(request, agent)


def _enter(request: HttpRequest, agent: Agent) -> HttpResponse:
    """The link came by the mailbox: it is worth a code. The second factor of the account, if any, is still asked."""
    messages.success(request, "Bienvenue. La prochaine fois, entrez avec un code envoyé à votre adresse.")
    if request.user.is_authenticated:
        return redirect("/")
    record_authentication(request, agent, method="invitation")
    return perform_login(request, Login(user=agent, email=agent.email))


def _closed(request: HttpRequest, invitation: Invitation | None, state: str) -> HttpResponse:
    """Why the link opens nothing, and whom to ask: never who the invitation was for."""
    asked = gestionnaires([invitation.collectivite]) if invitation else []
    context = {"invitation": invitation, "etat": str(state), "contacts": asked}
    return render(request, "annuaire/invitation_closed.html", context, status=410 if invitation else 404)
