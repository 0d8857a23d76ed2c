"""A gestionnaire gives no more than they hold: neither a mandate, nor the mailbox of somebody who signs."""

import pytest
from django.urls import reverse

from annuaire import invitations
from annuaire.invitations import InvitationRefusee
from annuaire.models import Invitation
from collectivites.enums import FamilleFonction, Signature
from collectivites.models import Fonction
from tests.annuaire.invites import NEW, fields, invite, key_of, token
from tests.collectivites.factories import AgentFactory, FonctionFactory, PosteFactory
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
