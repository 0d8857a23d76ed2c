"""A form sent after the session ended, or with an old CSRF token, comes back filled after login."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from collectivites import cles, garde
from collectivites.models import Agent, Expertise
from tests.collectivites.factories import AgentFactory
from tests.distribution import Distribution
from tests.sessions import open_session

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.collectivites.essai")]

OURS = {"HTTP_ORIGIN": "http://testserver", "HTTP_REFERER": "http://testserver/essai/"}


@pytest.fixture
def agent(distribution: Distribution) -> Agent:
    return distribution.agent_a


@pytest.fixture
def sent(agent: Agent) -> dict[str, str]:
    """A form opened before the session ended."""
    page = open_session(agent).get("/essai/").content.decode()
    key = re.search(r'name="cle_unique" value="([^"]+)"', page)[1]
    return {"cle_unique": key, "libelle": "Choix d’engins", "mot_de_passe": "à ne pas garder"}


def come_back(client: Client, agent: Agent, path: str = "/essai/") -> str:
    """The same browser, logged in again: the session goes on."""
    kept = client.session.get(garde.SESSION_KEY)
    open_session(agent, client)
    session = client.session
    session[garde.SESSION_KEY] = kept
    session.save()
    return client.get(path).content.decode()


def test_it_comes_back_filled_and_nothing_was_done(agent: Agent, sent: dict) -> None:
    client = Client()
    response = client.post("/essai/", sent, **OURS)
    assert response["Location"].startswith("/connexion/")
    assert "next=%2Fessai%2F" in response["Location"]
    assert "garde=1" in response["Location"]
    page = come_back(client, agent)
    assert "Choix d’engins" in page
    assert "Votre message est revenu" in page
    assert not Expertise.objects.exists()
    again = client.get("/essai/").content.decode()
    assert "Choix d’engins" not in again


def test_a_form_left_open_for_weeks_comes_back_too(agent: Agent) -> None:
    """Its key is too old to act; its words are still those of its author."""
    weeks = (timezone.now() - cles.LIFETIME - timedelta(days=1)).timestamp()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signing.time, "time", lambda: weeks)
        page = open_session(agent).get("/essai/").content.decode()
    key = re.search(r'name="cle_unique" value="([^"]+)"', page)[1]
    client = Client()
    client.post("/essai/", {"cle_unique": key, "libelle": "Choix d’engins"}, **OURS)
    assert "Choix d’engins" in come_back(client, agent)


def test_what_is_secret_is_never_kept(agent: Agent, sent: dict) -> None:
    client = Client()
    client.post("/essai/", sent, **OURS)
    assert set(client.session[garde.SESSION_KEY]["champs"]) == {"libelle"}
    assert "à ne pas garder" not in come_back(client, agent)


def test_it_is_for_the_person_who_wrote_it(agent: Agent, sent: dict) -> None:
    client = Client()
    client.post("/essai/", sent, **OURS)
    assert "Choix d’engins" not in come_back(client, AgentFactory(notice_vue_le=timezone.now()))
    assert garde.SESSION_KEY not in client.session


def test_it_is_for_its_page(agent: Agent, sent: dict) -> None:
    client = Client()
    client.post("/essai/", sent, **OURS)
    assert "Choix d’engins" not in come_back(client, agent, "/essai/sans-cle/")
    assert "Choix d’engins" in client.get("/essai/").content.decode()


def test_it_is_forgotten_in_the_evening(agent: Agent, sent: dict) -> None:
    client = Client()
    client.post("/essai/", sent, **OURS)
    session = client.session
    session[garde.SESSION_KEY] = session[garde.SESSION_KEY] | {"a": 0}
    session.save()
    assert "Choix d’engins" not in come_back(client, agent)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"HTTP_ORIGIN": "https://ailleurs.example"},
        {"HTTP_REFERER": "https://ailleurs.example/essai/"},
        {"HTTP_ORIGIN": "null"},
    ],
)
def test_another_site_cannot_leave_words(sent: dict, headers: dict) -> None:
    client = Client()
    client.post("/essai/", sent, **headers)
    assert garde.SESSION_KEY not in client.session


@pytest.mark.parametrize("key", ["", "faux"])
def test_without_a_key_of_ours_nothing_is_kept(sent: dict, key: str) -> None:
    client = Client()
    response = client.post("/essai/", {**sent, "cle_unique": key}, **OURS)
    assert response["Location"].startswith("/connexion/")
    assert garde.SESSION_KEY not in client.session


def test_a_long_text_is_kept_and_a_flood_is_not(sent: dict) -> None:
    for size, kept in ((50_000, True), (garde.MAX_CHARS + 1, False)):
        client = Client()
        client.post("/essai/", {**sent, "libelle": "x" * size}, **OURS)
        assert (garde.SESSION_KEY in client.session) is kept


def test_an_old_csrf_token_brings_back_to_the_form(agent: Agent, sent: dict) -> None:
    client = open_session(agent, Client(enforce_csrf_checks=True))
    response = client.post("/essai/", sent, **OURS)
    assert (response.status_code, response["Location"]) == (302, "/essai/")
    assert "Choix d’engins" in client.get("/essai/").content.decode()
    assert not Expertise.objects.exists()


def test_a_forged_form_is_refused_in_words(agent: Agent) -> None:
    client = open_session(agent, Client(enforce_csrf_checks=True))
    response = client.post("/essai/", {"libelle": "Paie"}, HTTP_ORIGIN="https://ailleurs.example")
    assert response.status_code == 403
    assert not Expertise.objects.exists()


def test_a_session_lives_less_than_what_is_kept() -> None:
    assert timedelta(seconds=garde.LIFETIME) >= timedelta(hours=8)
