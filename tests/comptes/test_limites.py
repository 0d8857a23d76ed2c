"""Every way in is counted: narrow for one account, wide enough for a town hall behind one address."""

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from notifications.models import Courriel
from tests.collectivites.factories import AgentFactory
from tests.comptes.entrees import PASSE, ask_code, enter_by_code, enter_by_password, give_code, is_in, with_password
from tests.distribution import Distribution


def test_a_mailbox_gets_three_codes_in_five_minutes(distribution: Distribution):
    agent = distribution.agent_a
    for _ in range(3):
        assert ask_code(Client(), agent.email).status_code == 302
    page = ask_code(Client(), agent.email)
    assert "Trop d’essais en peu de temps. Attendez cinq minutes" in page.content.decode()
    assert Courriel.objects.filter(adresse=agent.email).count() == 3


def test_after_three_wrong_codes_another_may_be_asked_at_once(distribution: Distribution):
    """The page says what is true: the code is dead, and nothing has to be waited for."""
    agent, client = distribution.agent_a, Client()
    ask_code(client, agent.email)
    for _ in range(3):
        response = give_code(client, "0000-0000")
    page = client.get(response["Location"]).content.decode()
    assert "celui que vous avez reçu ne sert plus. Demandez-en un autre." in page
    assert "Attendez" not in page
    enter_by_code(client, agent)
    assert is_in(client, agent)


def test_a_stranger_cannot_keep_somebody_out(distribution: Distribution):
    """Asking for another person's codes uses up the right of one's own network only; a mailbox is never flooded."""
    agent = distribution.agent_a
    for n in range(9):
        for _ in range(3):
            ask_code(Client(REMOTE_ADDR=f"192.0.2.{n}"), agent.email)
    client = Client(REMOTE_ADDR="192.0.2.99")
    enter_by_code(client, agent)
    assert is_in(client, agent)
    for n in range(20, 30):
        ask_code(Client(REMOTE_ADDR=f"192.0.2.{n}"), agent.email)
    assert Courriel.objects.filter(adresse=agent.email).count() == 30


def test_an_unknown_address_is_counted_alike(distribution: Distribution):
    answers = [ask_code(Client(), "inconnue@ailleurs.example").status_code for _ in range(4)]
    assert answers == [302, 302, 302, 200]


def test_a_whole_town_hall_enters_at_half_past_eight(distribution: Distribution):
    """Forty people, one address on the network, one minute."""
    for agent in AgentFactory.create_batch(40):
        client = Client()
        enter_by_code(client, agent)
        assert is_in(client)


def test_one_address_is_stopped_in_the_end(distribution: Distribution):
    statuses = [ask_code(Client(), f"essai{n}@ailleurs.example").status_code for n in range(61)]
    assert statuses == [302] * 60 + [429]
    page = ask_code(Client(), "encore@ailleurs.example").content.decode()
    assert "Trop d’essais en peu de temps" in page
    assert ask_code(Client(REMOTE_ADDR="192.0.2.7"), "ailleurs@ailleurs.example").status_code == 302


def test_five_wrong_passwords_close_that_way_from_there_only(distribution: Distribution):
    agent, there = with_password(distribution.agent_a), "192.0.2.1"
    for n in range(5):
        enter_by_password(Client(REMOTE_ADDR=there), agent.email, f"mauvais {n}")
    page = enter_by_password(Client(REMOTE_ADDR=there), agent.email, PASSE).content.decode()
    assert "Trop d’essais" in page
    assert "Un code reçu par courriel ouvre tout de suite votre compte" in page
    client = Client(REMOTE_ADDR="192.0.2.99")
    enter_by_password(client, agent.email, PASSE)
    assert is_in(client, agent), "qui connaît l’adresse ne doit pas pouvoir fermer cette entrée"


def test_many_networks_together_close_that_way_only(distribution: Distribution, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "mots_de_passe_par_boite": "6/h/key"}
    agent = with_password(distribution.agent_a)
    right = Client(REMOTE_ADDR="192.0.2.50")
    enter_by_password(right, agent.email, PASSE)
    assert is_in(right, agent), "un bon mot de passe ne compte pas"
    for n in range(6):
        enter_by_password(Client(REMOTE_ADDR=f"192.0.2.{n}"), agent.email, f"mauvais {n}")
    client = Client(REMOTE_ADDR="192.0.2.99")
    page = enter_by_password(client, agent.email, PASSE)
    assert "Trop d’essais" in page.content.decode()
    assert not is_in(client)
    enter_by_code(client, agent)
    assert is_in(client, agent)


def test_a_header_does_not_change_who_is_counted(distribution: Distribution):
    for n in range(60):
        ask_code(Client(HTTP_X_FORWARDED_FOR=f"198.51.100.{n}"), f"essai{n}@ailleurs.example")
    spoofed = Client(HTTP_X_FORWARDED_FOR="198.51.100.200")
    assert ask_code(spoofed, "encore@ailleurs.example").status_code == 429


def test_behind_our_proxy_each_visitor_is_counted_alone(distribution: Distribution, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for n in range(60):
        ask_code(Client(HTTP_X_FORWARDED_FOR="203.0.113.9, 198.51.100.1"), f"essai{n}@ailleurs.example")
    same = Client(HTTP_X_FORWARDED_FOR="203.0.113.77, 198.51.100.1")
    assert ask_code(same, "encore@ailleurs.example").status_code == 429
    other = Client(HTTP_X_FORWARDED_FOR="198.51.100.1, 198.51.100.2")
    assert ask_code(other, "autre@ailleurs.example").status_code == 302


@pytest.mark.parametrize("name", ["account_reset_password"])
def test_asking_for_a_new_password_is_counted(distribution: Distribution, name: str):
    answers = [Client().post(reverse(name), {"email": distribution.agent_a.email}).status_code for _ in range(4)]
    assert answers == [302, 302, 302, 429]


def test_codes_to_prove_oneself_again_are_counted(distribution: Distribution):
    client, address = Client(), reverse("account_reauthenticate_code")
    client.force_login(distribution.agent_a)
    for _ in range(4):
        client.post(address, {"envoyer": "1"})
    assert Courriel.objects.filter(adresse=distribution.agent_a.email).count() == 3
    assert "Trop d’essais" in client.get(address).content.decode()


def test_counters_outlive_a_flood(distribution: Distribution):
    """Django's cache holds 300 entries: past them, a flood of other addresses would empty a victim's counter."""
    agent = with_password(distribution.agent_a)
    for n in range(5):
        enter_by_password(Client(), agent.email, f"mauvais {n}")
    for n in range(2000):
        caches["default"].set(f"inondation:{n}", [1.0], 300)
    page = enter_by_password(Client(), agent.email, PASSE)
    assert "Trop d’essais" in page.content.decode()
