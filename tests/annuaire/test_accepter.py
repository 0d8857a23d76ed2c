"""What the link of an invitation opens, and what it no longer opens."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from annuaire import invitations
from annuaire.enums import EtatInvitation
from annuaire.models import Invitation
from collectivites.models import Agent, EntreeJournal, Fonction, Poste
from notifications.models import Courriel, Notification
from tests.annuaire.invites import NEW, invite, key_of, link, token
from tests.collectivites.factories import AgentFactory, PosteFactory
from tests.comptes.entrees import give_factor, is_in, totp, with_application
from tests.distribution import Distribution
from tests.sessions import open_session

FORM = reverse("annuaire:invitation_create")


def test_the_link_opens_an_account(distribution: Distribution, fonction: Fonction):
    invite(distribution, fonction, intitule="Accueil et état civil", gestionnaire=True)
    client = Client()
    page = client.get(link()).content.decode()
    assert "Bienvenue, Nora" in page
    assert "Accueil et état civil" in page
    response = client.post(link())
    assert response["Location"] == "/"
    agent = Agent.objects.get(email=NEW)
    assert is_in(client, agent)
    assert (agent.prenom, agent.nom, agent.slug) == ("Nora", "Neuve", "nora-neuve")
    assert not agent.has_usable_password()
    poste = agent.postes.get()
    assert (poste.collectivite, poste.fonction, poste.gestionnaire) == (distribution.a, fonction, True)
    assert poste.date_debut == timezone.localdate()
    assert EmailAddress.objects.get(user=agent).verified
    actes = set(EntreeJournal.objects.values_list("acte", flat=True))
    assert {"invitation.acceptee", "agent.cree", "poste.cree"} <= actes
    told = Notification.objects.get(destinataire=distribution.gestionnaire_a)
    assert told.titre == "Nora Neuve a accepté votre invitation"
    assert client.get("/annuaire/")["Location"].startswith(reverse("compte_notice"))


def test_looking_changes_nothing(distribution: Distribution, fonction: Fonction):
    """Mail scanners open links."""
    invite(distribution, fonction)
    before = list(Invitation.objects.values())
    for method in ("get", "head", "get"):
        assert getattr(Client(), method)(link()).status_code == 200
    assert list(Invitation.objects.values()) == before
    assert not Agent.objects.filter(email=NEW).exists()


def test_it_serves_once(distribution: Distribution, fonction: Fonction):
    invite(distribution, fonction)
    address = link()
    Client().post(address)
    other = Client()
    for response in (other.get(address), other.post(address)):
        assert response.status_code == 410
        assert "a déjà servi" in response.content.decode()
    assert not is_in(other)
    assert Agent.objects.filter(email=NEW).count() == 1


def test_a_wrong_link_says_nothing_of_anybody(client: Client, distribution: Distribution, fonction: Fonction):
    invite(distribution, fonction)
    for wrong in ("x", "a" * 43, token()[:-1], token() + "a", token().swapcase()):
        response = client.post(reverse("invitation", args=[wrong]))
        assert response.status_code == 404
        assert "Ce lien n’ouvre rien" in response.content.decode()
        assert NEW not in response.content.decode()


@pytest.mark.parametrize("state", ["annulee", "expiree", "sans_garant"])
def test_a_closed_invitation_says_why(client: Client, distribution: Distribution, fonction: Fonction, state: str):
    sent, words = invite(distribution, fonction), {"annulee": "a été annulée", "expiree": "a expiré"}
    received = link()
    if state == "annulee":
        invitations.withdraw(sent, distribution.gestionnaire_a)
    elif state == "expiree":
        sent.envoyee_le, sent.expire_le = timezone.now() - timedelta(days=7, minutes=1), timezone.now()
        sent.save()
    else:
        distribution.gestionnaire_a.postes.get().end(timezone.localdate())
    for method in (client.get, client.post):
        response = method(received)
        page = response.content.decode()
        assert response.status_code == 410
        assert words.get(state, "n’est plus valable") in page
        assert "Nora" not in page
        assert NEW not in page
    assert not Agent.objects.filter(email=NEW).exists()


def test_seven_days_to_the_minute(client: Client, distribution: Distribution, fonction: Fonction):
    sent = invite(distribution, fonction)
    sent.envoyee_le, sent.expire_le = timezone.now() - timedelta(days=6), timezone.now() + timedelta(minutes=1)
    sent.save()
    assert client.post(link())["Location"] == "/"


def test_sending_again_kills_the_former_link(client: Client, distribution: Distribution, fonction: Fonction):
    sent = invite(distribution, fonction)
    former, manager = link(), open_session(distribution.gestionnaire_a)
    manager.post(reverse("annuaire:invitation_resend", args=[sent.pk]), {"cle_unique": key_of(manager, FORM)})
    assert link() != former
    assert client.post(former).status_code == 404
    assert client.post(link())["Location"] == "/"


def test_an_accepted_one_is_neither_sent_again_nor_withdrawn(distribution: Distribution, fonction: Fonction):
    sent, manager = invite(distribution, fonction), open_session(distribution.gestionnaire_a)
    Client().post(link())
    manager.post(reverse("annuaire:invitation_resend", args=[sent.pk]), {"cle_unique": key_of(manager, FORM)})
    manager.post(reverse("annuaire:invitation_withdraw", args=[sent.pk]))
    sent.refresh_from_db()
    assert sent.etat == EtatInvitation.ACCEPTEE
    assert Courriel.objects.filter(adresse=NEW).count() == 1


def test_somebody_of_another_commune_gets_a_second_poste(distribution: Distribution, fonction: Fonction):
    agent = distribution.secretaire_b
    invite(distribution, fonction, email=agent.email)
    client = Client()
    client.post(link(agent.email))
    assert is_in(client, agent)
    assert {p.collectivite for p in Agent.objects.get(pk=agent.pk).postes_en_cours} == {
        distribution.a,
        distribution.b,
    }
    assert Agent.objects.filter(email=agent.email).count() == 1


def test_a_colleague_without_address_keeps_card_and_poste(distribution: Distribution, fonction: Fonction):
    agent = AgentFactory(email=None, prenom="Rémi", nom="Sansmail")
    poste = PosteFactory(agent=agent, collectivite=distribution.a)
    invite(distribution, fonction, agent=agent, prenom="", nom="")
    client = Client()
    assert "Bienvenue, Rémi" in client.get(link()).content.decode()
    client.post(link())
    agent.refresh_from_db()
    assert agent.email == NEW
    assert list(agent.postes.all()) == [poste]


def test_the_second_factor_is_still_asked(distribution: Distribution, fonction: Fonction):
    agent = with_application(distribution.secretaire_b)
    invite(distribution, fonction, email=agent.email)
    client = Client()
    assert client.post(link(agent.email))["Location"] == reverse("mfa_authenticate")
    assert not is_in(client)
    give_factor(client, totp())
    assert is_in(client, agent)


def test_it_is_not_for_whoever_is_already_in(distribution: Distribution, fonction: Fonction):
    invite(distribution, fonction)
    client = open_session(distribution.gestionnaire_a)
    for response in (client.get(link()), client.post(link())):
        assert "n’est pas pour vous" in response.content.decode()
    assert not Agent.objects.filter(email=NEW).exists()
    response = client.post(f"{reverse('account_logout')}?next={link()}")
    assert response["Location"] == link()


def test_an_account_closed_since_stays_closed(distribution: Distribution, fonction: Fonction):
    agent = distribution.secretaire_b
    invite(distribution, fonction, email=agent.email)
    Agent.objects.filter(pk=agent.pk).update(is_active=False)
    client = Client()
    assert client.post(link(agent.email)).status_code == 410
    assert not is_in(client)
    assert not Poste.objects.filter(agent=agent, collectivite=distribution.a).exists()


def test_all_or_nothing(client: Client, distribution: Distribution, fonction: Fonction, monkeypatch):
    """What breaks at the end leaves neither agent, nor poste, nor used link."""
    invite(distribution, fonction)

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(invitations, "notify", broken)
    with pytest.raises(RuntimeError):
        client.post(link())
    assert not Agent.objects.filter(email=NEW).exists()
    assert Invitation.objects.pending().count() == 1
