"""A gestionnaire gives no more than they hold: neither a mandate, nor the mailbox of somebody who signs."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from annuaire import invitations
from annuaire.invitations import InvitationRefusee
from annuaire.models import Invitation
from collectivites.enums import FamilleFonction, PolitiqueReseau, Signature
from collectivites.models import Fonction
from tests.annuaire.invites import NEW, fields, invite, key_of, token
from tests.collectivites.factories import AdhesionFactory, AgentFactory, FonctionFactory, PosteFactory
from tests.distribution import Distribution
from tests.sessions import open_session

FORM = reverse("annuaire:invitation_create")


@pytest.fixture
def maire(db: None) -> Fonction:
    return FonctionFactory(code="essai-maire", famille=FamilleFonction.ELUS)


def test_a_gestionnaire_names_no_elu(distribution: Distribution, maire: Fonction):
    client = open_session(distribution.gestionnaire_a)
    client.post(FORM, fields(distribution, maire, cle_unique=key_of(client, FORM)))
    with pytest.raises(InvitationRefusee, match="invite les élus"):
        invite(distribution, maire)
    assert not Invitation.objects.exists()


def test_a_responsable_does(distribution: Distribution, maire: Fonction):
    given = {"email": NEW, "prenom": "Nora", "nom": "Neuve", "fonction": maire}
    assert invitations.invite(distribution.responsable, distribution.a, **given).pk


@pytest.mark.parametrize("held", ["signature", "mandate", "elsewhere", "none"])
def test_whose_mailbox_a_gestionnaire_chooses(
    distribution: Distribution, fonction: Fonction, maire: Fonction, held: str
):
    agent = AgentFactory(email=None)
    PosteFactory(
        agent=agent,
        collectivite=distribution.a,
        fonction=maire if held == "mandate" else fonction,
        signataire=Signature.DE_DROIT if held == "signature" else Signature.NON,
    )
    if held == "elsewhere":
        PosteFactory(agent=agent, collectivite=distribution.b, fonction=fonction)
    if held == "none":
        assert invite(distribution, fonction, agent=agent).agent == agent
        return
    with pytest.raises(InvitationRefusee, match="noter son adresse"):
        invite(distribution, fonction, agent=agent)


def test_what_was_gained_since_the_invitation_counts(distribution: Distribution, fonction: Fonction):
    agent = AgentFactory(email=None)
    poste = PosteFactory(agent=agent, collectivite=distribution.a, fonction=fonction)
    invite(distribution, fonction, agent=agent)
    poste.signataire = Signature.DE_DROIT
    poste.save()
    with pytest.raises(InvitationRefusee):
        invitations.accept(token())
    agent.refresh_from_db()
    assert agent.email is None


@pytest.mark.parametrize("held", ["signature", "gestion", "elsewhere"])
def test_a_poste_to_come_counts_as_one_in_force(distribution: Distribution, fonction: Fonction, held: str):
    """The mailbox chosen today opens it tomorrow."""
    agent = AgentFactory(email=None)
    PosteFactory(agent=agent, collectivite=distribution.a, fonction=fonction)
    PosteFactory(
        agent=agent,
        collectivite=distribution.b,
        fonction=fonction,
        date_debut=timezone.localdate() + timedelta(days=1),
        signataire=Signature.DE_DROIT if held == "signature" else Signature.NON,
        gestionnaire=held == "gestion",
    )
    with pytest.raises(InvitationRefusee, match="noter son adresse"):
        invite(distribution, fonction, agent=agent)


@pytest.mark.parametrize(
    ("politique", "begins", "refused"),
    [
        (PolitiqueReseau.SUR_INVITATION, 0, True),
        (PolitiqueReseau.SUR_INVITATION, 1, True),
        (PolitiqueReseau.SUR_DEMANDE, 0, True),
        (PolitiqueReseau.OUVERT, 0, False),
    ],
)
def test_a_network_that_is_not_open_counts(
    distribution: Distribution, fonction: Fonction, politique: str, begins: int, refused: bool
):
    agent = AgentFactory(email=None)
    PosteFactory(agent=agent, collectivite=distribution.a, fonction=fonction)
    begins_on = timezone.localdate() + timedelta(days=begins)
    AdhesionFactory(agent=agent, reseau__politique=politique, date_debut=begins_on)
    if not refused:
        assert invite(distribution, fonction, agent=agent).agent == agent
        return
    with pytest.raises(InvitationRefusee, match="noter son adresse"):
        invite(distribution, fonction, agent=agent)


@pytest.mark.parametrize("held", ["signature", "mandate", "gestion", "epci", "none"])
def test_a_responsable_chooses_no_mailbox_of_somebody_who_may_more(
    distribution: Distribution, fonction: Fonction, maire: Fonction, held: str
):
    agent = AgentFactory(email=None)
    PosteFactory(
        agent=agent,
        collectivite=distribution.epci if held == "epci" else distribution.a,
        fonction=maire if held == "mandate" else fonction,
        signataire=Signature.DE_DROIT if held == "signature" else Signature.NON,
        gestionnaire=held == "gestion",
    )
    given = {"email": NEW, "fonction": fonction, "agent": agent}
    place = distribution.epci if held == "epci" else distribution.a
    if held == "none":
        assert invitations.invite(distribution.responsable, place, **given).agent == agent
        return
    with pytest.raises(InvitationRefusee, match="noter son adresse"):
        invitations.invite(distribution.responsable, place, **given)
    assert invitations.invite(distribution.administrateur, place, **given).agent == agent


def test_nobody_invites_themselves(distribution: Distribution, fonction: Fonction, maire: Fonction):
    """A responsable of the annuaire would become élu or gestionnaire of any commune."""
    me = distribution.responsable
    for given in ({"fonction": maire}, {"fonction": fonction, "gestionnaire": True}):
        with pytest.raises(InvitationRefusee, match="soi-même"):
            invitations.invite(me, distribution.a, email=me.email, **given)
    assert not Invitation.objects.exists()


def test_nobody_accepts_an_invitation_of_their_own(distribution: Distribution, maire: Fonction):
    """Sent to another mailbox, then made one's own before it is opened."""
    me = distribution.responsable
    invitations.invite(me, distribution.a, email=NEW, prenom="Nora", nom="Neuve", fonction=maire)
    me.email = NEW
    me.save()
    with pytest.raises(InvitationRefusee):
        invitations.accept(token())
    assert not me.postes.filter(collectivite=distribution.a).exists()


def test_a_fonction_that_has_become_elective_since_counts(distribution: Distribution):
    """A gestionnaire's invitation must not make an élu, whatever the list says by then."""
    adjoint = FonctionFactory(code="essai-adjoint")
    invite(distribution, adjoint)
    adjoint.famille = FamilleFonction.ELUS
    adjoint.save()
    with pytest.raises(InvitationRefusee):
        invitations.accept(token())
