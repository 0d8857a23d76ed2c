"""Inviting somebody, and accepting: the account, the poste and the proof of the mailbox, all at once or not at all."""

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from annuaire.enums import EtatInvitation
from annuaire.models import Invitation, fingerprint
from annuaire.permissions import can_invite
from collectivites import arrivees
from collectivites.comptes.connexion import keep_address_in_step
from collectivites.droits import can_choose_address
from collectivites.journal import record
from collectivites.models import Agent, Collectivite, Fonction, Poste
from collectivites.models.agent import clean_email
from extranet.lib.apports import Lien
from extranet.lib.contraintes import refuse_on
from extranet.lib.francais import date_longue
from notifications.envoi import SorteDirecte, cancel_mails, notify, write_mail

SORTE = "annuaire.invitation_acceptee"
INVITATION = SorteDirecte(
    "invitation", refaire="Invitez de nouveau la personne, depuis la liste des invitations\u00a0: son lien sera neuf."
)


class InvitationRefusee(Exception):
    """Why it cannot be, in words that may be shown. `etat` is that of the invitation, when there is one."""

    def __init__(self, words: str, etat: str = "") -> None:
        super().__init__(words)
        self.etat = etat


@transaction.atomic
def invite(
    par: Agent,
    collectivite: Collectivite,
    *,
    email: str,
    fonction: Fonction,
    prenom: str = "",
    nom: str = "",
    intitule: str = "",
    gestionnaire: bool = False,
    agent: Agent | None = None,
) -> Invitation:
    """Offers a place in `collectivite` to the mailbox `email`; `agent` when the person is already in the annuaire.

    Raises InvitationRefusee. The caller has checked `can_invite`.
    """
    email = clean_email(email) or ""
    person = _person(email, agent)
    _check_fonction(par, fonction)
    if person is not None:
        _check_person(par, person, collectivite)
        _check_mailbox(par, person)
    draft = Invitation(
        collectivite=collectivite,
        email=email,
        prenom="" if person else prenom,
        nom="" if person else nom,
        fonction=fonction,
        intitule=intitule,
        gestionnaire=gestionnaire,
        agent=person,
        invite_par=par,
    )
    words = "Une invitation attend déjà cette personne. Renvoyez-la depuis la liste des invitations."
    with refuse_on({"invitation_unique_en_cours": words}, InvitationRefusee):
        Invitation.objects.pending().filter(
            email=email, collectivite=collectivite, expire_le__lte=timezone.now()
        ).update(annulee_le=timezone.now())
        token = draft.renew()
        draft.save()
    _send(draft, token)
    record("invitation.envoyee", draft, agent=par, collectivite=collectivite, libelle=draft.nom_complet)
    return draft


def _person(email: str, agent: Agent | None) -> Agent | None:
    known = Agent.objects.filter(email=email).first()
    if agent is not None and agent.email and agent.email != email:
        raise InvitationRefusee(f"{agent} entre déjà avec une autre adresse\u00a0: {agent.email}.")
    if agent is not None and known is not None and known != agent:
        raise InvitationRefusee("Cette adresse est déjà celle d’une autre personne. Demandez-lui la sienne.")
    return agent or known


def _check_person(par: Agent, person: Agent, collectivite: Collectivite) -> None:
    if person == par:
        raise InvitationRefusee("On ne s’invite pas soi-même\u00a0: demandez à un administrateur de noter votre poste.")
    if person.efface_le or not person.is_active:
        raise InvitationRefusee("Le compte de cette personne est fermé. L’équipe de l’extranet peut le rouvrir.")
    at_work = person.postes.in_force().filter(collectivite=collectivite).exists()
    if at_work and person.last_login:
        raise InvitationRefusee(f"{person} est déjà de la maison et entre avec cette adresse. Rien à faire.")


def _check_fonction(par: Agent, fonction: Fonction) -> None:
    if why := arrivees.why_not_fonction(par, fonction):
        raise InvitationRefusee(why, EtatInvitation.ANNULEE)


def _check_mailbox(par: Agent, person: Agent) -> None:
    """Who invites somebody without an address chooses the mailbox that opens all that this person holds."""
    if not person.email and not can_choose_address(par, person):
        raise InvitationRefusee(
            f"L’adresse de {person} ouvrirait plus que ce dont vous répondez (mandat, signature, autre poste, réseau)"
            "\u00a0: demandez à l’administration de l’extranet de noter son adresse.",
            EtatInvitation.ANNULEE,
        )


@transaction.atomic
def resend(invitation: Invitation, par: Agent) -> Invitation:
    """A new link for the same place; the former one is dead. Raises InvitationRefusee when it no longer waits."""
    locked = _waiting(invitation)
    cancel_mails(_key(locked), "Invitation renvoyée.")
    token = locked.renew()
    locked.invite_par = par
    locked.save(update_fields=["empreinte", "envoyee_le", "expire_le", "invite_par"])
    _send(locked, token)
    record("invitation.renvoyee", locked, agent=par, collectivite=locked.collectivite, libelle=locked.nom_complet)
    return locked


@transaction.atomic
def withdraw(invitation: Invitation, par: Agent) -> None:
    """The link no longer opens anything. Raises InvitationRefusee when it no longer waits."""
    locked = _waiting(invitation)
    cancel_mails(_key(locked), "Invitation annulée.")
    locked.withdraw()
    record("invitation.annulee", locked, agent=par, collectivite=locked.collectivite, libelle=locked.nom_complet)


def _waiting(invitation: Invitation) -> Invitation:
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if locked.acceptee_le or locked.annulee_le:
        raise InvitationRefusee(f"Cette invitation est déjà {locked.etat.label}.", locked.etat)
    return locked


def _key(invitation: Invitation) -> str:
    """Of the mail that carries its present link."""
    return f"invitation:{invitation.empreinte}"


def _send(invitation: Invitation, token: str) -> None:
    place = invitation.collectivite
    write_mail(
        "annuaire/courriels/invitation.html",
        {
            "invitation": invitation,
            "prenom": invitation.agent.prenom if invitation.agent else invitation.prenom,
            "jusqu_au": date_longue(timezone.localtime(invitation.expire_le)),
            "bouton": Lien("Entrer dans l’extranet", reverse("invitation", args=[token])),
            "raison": f"Vous recevez ce message parce que {invitation.invite_par} vous invite au nom {place.de_nom}.",
        },
        adresse=invitation.email,
        agent=invitation.agent,
        sorte=INVITATION,
        compte=True,
        cle=_key(invitation),
        expire_apres=invitation.expire_le - timezone.now(),
    )


def find(token: str) -> Invitation | None:
    """The invitation that this link opens, whatever its state."""
    return Invitation.objects.for_list().filter(empreinte=fingerprint(token)).first()


def state_of(invitation: Invitation) -> EtatInvitation:
    """Its state, and whether who invited may still do so: a poste that ends takes its invitations away."""
    if invitation.etat == EtatInvitation.EN_ATTENTE and not can_invite(invitation.invite_par, invitation.collectivite):
        return EtatInvitation.SANS_GARANT
    return invitation.etat


def accept(token: str) -> Agent:
    """Makes the account and the poste that the invitation promised, and tells who invited. Raises InvitationRefusee.

    Two acceptances at once make one agent: the invitation is locked; of two invitations of one person, the second to
    write finds the agent that the first has made.
    """
    try:
        return _accept(token)
    except IntegrityError:
        return _accept(token)


@transaction.atomic
def _accept(token: str) -> Agent:
    locked = Invitation.objects.select_for_update(of=("self",)).for_list().filter(empreinte=fingerprint(token)).first()
    state = state_of(locked) if locked else ""
    if state != EtatInvitation.EN_ATTENTE:
        raise InvitationRefusee("Cette invitation n’ouvre plus rien.", state)
    agent = _agent_of(locked)
    keep_address_in_step(agent)
    poste = _poste_of(locked, agent)
    locked.agent, locked.acceptee_le = agent, timezone.now()
    locked.prenom = locked.nom = ""
    locked.save(update_fields=["agent", "acceptee_le", "prenom", "nom"])
    record("invitation.acceptee", locked, agent=agent, collectivite=locked.collectivite, libelle=str(poste))
    notify(
        [locked.invite_par],
        SORTE,
        f"{agent} a accepté votre invitation",
        texte=f"{poste.libelle} {locked.collectivite.de_nom}.",
        url=agent.get_absolute_url(),
        action="Voir sa fiche",
        icone="person-check",
        collectivite=locked.collectivite if locked.invite_par.manages(locked.collectivite) else None,
        objet=poste,
        auteur=agent,
        cle=f"invitation:{locked.pk}",
    )
    return agent


def _agent_of(invitation: Invitation) -> Agent:
    """The person, with the proved address; made if they were not in the annuaire."""
    owner = Agent.objects.select_for_update().filter(email=invitation.email).first()
    known = Agent.objects.select_for_update().filter(pk=invitation.agent_id).first() or owner
    if known is None:
        return arrivees.new_agent(
            invitation.invite_par,
            invitation.collectivite,
            prenom=invitation.prenom,
            nom=invitation.nom,
            email=invitation.email,
        )
    # Since the invitation: the account was closed, its address changed, another person took this one, or who invited.
    if (
        not known.is_active
        or known.efface_le
        or known == invitation.invite_par
        or known.email not in {None, invitation.email}
        or owner not in {None, known}
    ):
        raise InvitationRefusee("Cette invitation n’ouvre plus rien.", EtatInvitation.ANNULEE)
    if not known.email:
        _check_mailbox(invitation.invite_par, known)  # what they hold may have grown since
        known.email = invitation.email
        known.save(update_fields=["email"])
    return known


def _poste_of(invitation: Invitation, agent: Agent) -> Poste:
    """Their poste in this collectivité, present or to come, else a new one that begins today."""
    today = timezone.localdate()
    standing = agent.postes.filter(Q(date_fin=None) | Q(date_fin__gte=today), collectivite=invitation.collectivite)
    poste = standing.filter(ferme_le=None).order_by("date_debut", "pk").first()
    if poste is None:
        _check_fonction(invitation.invite_par, invitation.fonction)  # the list may have made it elective since
        poste = arrivees.new_poste(
            invitation.invite_par,
            agent,
            invitation.collectivite,
            fonction=invitation.fonction,
            intitule=invitation.intitule,
            gestionnaire=invitation.gestionnaire,
        )
    elif invitation.gestionnaire and not poste.gestionnaire:
        poste.gestionnaire = True
        poste.save(update_fields=["gestionnaire"])
        record("poste.modifie", poste, agent=invitation.invite_par, collectivite=invitation.collectivite)
    return poste
