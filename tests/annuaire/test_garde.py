"""A form sent after the session ended, or with an old token, comes back filled: proved on the invitation form."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from annuaire.models import Invitation
from collectivites.models import Agent, Fonction
from tests.annuaire.invites import NEW, fields, key_of
from tests.comptes.entrees import age_session, enter_by_code, give_factor, is_in, totp, with_application
from tests.distribution import Distribution
from tests.sessions import open_session

FORM = reverse("annuaire:invitation_create")
OURS = {"HTTP_ORIGIN": "http://testserver", "HTTP_REFERER": f"http://testserver{FORM}"}
BACK = "Votre message est revenu"


def filled(cast: Distribution, fonction: Fonction, client: Client) -> dict:
    return fields(cast, fonction, cle_unique=key_of(client, FORM), intitule="Accueil du public")


def send(client: Client, data: dict, **headers: str) -> HttpResponse:
    return client.post(FORM, data, **{**OURS, **headers})


def come_back(client: Client, agent: Agent, response: HttpResponse) -> str:
    """Logs in by a code from the page where one was sent, and opens what follows."""
    assert response["Location"] == f"{reverse('account_login')}?next=%2Fannuaire%2Finviter%2F&garde=1"
    page = client.get(response["Location"]).content.decode()
    assert "Votre session s’est fermée" in page
    assert "Ce que vous avez écrit est gardé et vous attend" in page
    landed = enter_by_code(client, agent, FORM)
    return client.get(landed["Location"]).content.decode()


def test_it_comes_back_filled_after_the_session_ended(distribution: Distribution, fonction: Fonction):
    agent = distribution.gestionnaire_a
    client = open_session(agent)
    data = filled(distribution, fonction, client)
    age_session(client, session_vue_a=9 * 3600)
    page = come_back(client, agent, send(client, data))
    assert BACK in page
    for words in (f'value="{NEW}"', 'value="Nora"', 'value="Accueil du public"'):
        assert words in page
    assert not Invitation.objects.exists(), "rien n’est encore parti"
    assert BACK not in client.get(FORM).content.decode(), "il revient une fois"
    client.post(FORM, {**data, "cle_unique": key_of(client, FORM)})
    assert Invitation.objects.get().email == NEW


def test_it_comes_back_after_the_second_factor_too(distribution: Distribution, fonction: Fonction):
    agent = with_application(distribution.responsable)
    client = open_session(agent)
    data = filled(distribution, fonction, client)
    age_session(client, session_vue_a=31 * 60)
    send(client, data)
    enter_by_code(client, agent, FORM)
    assert give_factor(client, totp())["Location"] == FORM
    assert f'value="{NEW}"' in client.get(FORM).content.decode()


def test_it_comes_back_when_the_token_is_old(distribution: Distribution, fonction: Fonction):
    agent, client = distribution.gestionnaire_a, Client(enforce_csrf_checks=True)
    client.force_login(agent)
    data = filled(distribution, fonction, client)
    response = send(client, {**data, "csrfmiddlewaretoken": "vieux" * 8})
    assert response["Location"] == FORM
    page = client.get(FORM).content.decode()
    assert BACK in page
    assert f'value="{NEW}"' in page


def test_it_comes_back_when_session_and_token_are_gone(distribution: Distribution, fonction: Fonction):
    agent = distribution.gestionnaire_a
    data = filled(distribution, fonction, open_session(agent))
    client = Client(enforce_csrf_checks=True)
    response = send(client, {**data, "csrfmiddlewaretoken": "vieux" * 8})
    assert response["Location"].endswith("garde=1")
    client.handler.enforce_csrf_checks = False
    assert f'value="{NEW}"' in come_back(client, agent, response)


@pytest.mark.parametrize("origin", ["https://ailleurs.example", "null", "http://testserver.ailleurs.example"])
def test_another_site_leaves_nothing(distribution: Distribution, fonction: Fonction, origin: str):
    agent = distribution.gestionnaire_a
    data = filled(distribution, fonction, open_session(agent))
    for client in (Client(), Client(enforce_csrf_checks=True)):
        response = send(client, data, HTTP_ORIGIN=origin, HTTP_REFERER="https://ailleurs.example/piege")
        assert "garde=1" not in response.headers.get("Location", "")
        client.handler.enforce_csrf_checks = False
        enter_by_code(client, agent, FORM)
        page = client.get(FORM).content.decode()
        assert NEW not in page
        assert BACK not in page


def test_a_form_that_nobody_of_ours_opened_leaves_nothing(distribution: Distribution, fonction: Fonction):
    client = Client()
    response = send(client, {**fields(distribution, fonction), "cle_unique": "forgée:par:un:autre"})
    assert "garde=1" not in response["Location"]
    enter_by_code(client, distribution.gestionnaire_a, FORM)
    assert NEW not in client.get(FORM).content.decode()


def test_another_person_at_the_same_screen_gets_nothing(distribution: Distribution, fonction: Fonction):
    agent, other = distribution.gestionnaire_a, distribution.responsable
    client = open_session(agent)
    data = filled(distribution, fonction, client)
    age_session(client, session_vue_a=9 * 3600)
    send(client, data)
    enter_by_code(client, with_application(other), FORM)
    give_factor(client, totp())
    assert is_in(client, other)
    assert NEW not in client.get(FORM).content.decode()
    client.post(reverse("account_logout"))
    enter_by_code(client, agent, FORM)
    assert NEW not in client.get(FORM).content.decode(), "ce qui a été refusé à l’une n’attend plus l’autre"


def test_it_comes_back_when_a_step_was_due_meanwhile(distribution: Distribution, fonction: Fonction):
    """Somebody becomes responsable while writing: the factor is asked first, the words wait."""
    agent, client = distribution.gestionnaire_a, Client()
    client.force_login(agent)
    data = filled(distribution, fonction, client)
    Agent.objects.filter(pk=agent.pk).update(is_superuser=True)
    with_application(agent)
    response = send(client, data)
    proof = f"{reverse('mfa_reauthenticate')}?next=%2Fannuaire%2Finviter%2F"
    assert response["Location"] == proof
    assert client.post(proof, {"code": totp()})["Location"] == FORM
    assert f'value="{NEW}"' in client.get(FORM).content.decode()
