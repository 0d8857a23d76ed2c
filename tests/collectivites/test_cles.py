"""The one-use key: a form sent twice makes one row, for the right person and the right collectivité."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from collectivites import cles
from collectivites.models import Agent, CleUtilisee, EntreeJournal, Expertise
from tests.collectivites.factories import AgentFactory
from tests.distribution import Distribution
from tests.sessions import open_session

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.collectivites.essai")]


def key_of(client: Client, path: str = "/essai/") -> str:
    return re.search(r'name="cle_unique" value="([^"]+)"', client.get(path).content.decode())[1]


@pytest.fixture
def agent(distribution: Distribution) -> Agent:
    return distribution.partage_ab


@pytest.fixture
def client(agent: Agent) -> Client:
    return open_session(agent)


def test_a_replay_makes_one_row_and_leads_to_the_first(client: Client) -> None:
    sent = {"cle_unique": key_of(client), "libelle": "Paie"}
    first = client.post("/essai/", sent)
    again = client.post("/essai/", sent)
    assert Expertise.objects.count() == CleUtilisee.objects.count() == 1
    assert first["Location"] == again["Location"] == f"/essai/fait/{Expertise.objects.get().pk}/"
    assert "C’est déjà fait" in client.get(again["Location"]).content.decode()


def test_two_forms_make_two_rows(client: Client) -> None:
    for libelle in ("Paie", "Élections"):
        client.post("/essai/", {"cle_unique": key_of(client), "libelle": libelle})
    assert Expertise.objects.count() == 2


def test_a_form_to_correct_keeps_its_key(client: Client) -> None:
    key = key_of(client)
    response = client.post("/essai/", {"cle_unique": key, "libelle": ""})
    assert response.status_code == 200
    assert f'value="{key}"' in response.content.decode()
    assert not CleUtilisee.objects.exists()
    assert client.post("/essai/", {"cle_unique": key, "libelle": "Paie"}).status_code == 302
    assert Expertise.objects.count() == 1


@pytest.mark.parametrize("key", ["", "faux", "WyJ4IiwxLDFd:1abc:signature"])
def test_without_a_key_of_ours_nothing_is_done(client: Client, key: str) -> None:
    came = {"Referer": "http://testserver/essai/?page=2"}
    response = client.post("/essai/", {"cle_unique": key, "libelle": "Paie"}, headers=came)
    assert response.status_code == 302
    assert response["Location"] == "/essai/?page=2"
    assert not Expertise.objects.exists()
    assert "autre session" in client.get("/essai/").content.decode()


@pytest.mark.parametrize(
    ("headers", "where"),
    [
        ({"Referer": "http://testserver/ressources/?q=salle"}, "/ressources/?q=salle"),
        ({"Referer": "https://ailleurs.example/ressources/x/"}, "/ressources/"),
        ({}, "/ressources/"),
    ],
)
def test_a_refused_key_leads_back_to_a_page(client: Client, headers: dict[str, str], where: str) -> None:
    """The address of a form without a page of its own takes no GET: it would be blank."""
    other = open_session(AgentFactory(notice_vue_le=timezone.now()))
    sent = {"cle_unique": key_of(other), "valeur": "oui"}
    response = client.post("/ressources/20/avis/", sent, headers=headers)
    assert (response.status_code, response["Location"]) == (302, where)
    page = client.get("/essai/").content.decode()
    assert "Rien n’est encore enregistré" in page


def test_a_refused_key_leads_home_when_its_area_has_no_page(client: Client) -> None:
    assert client.post("/essai/", {"cle_unique": "faux"})["Location"] == "/"


def test_a_fragment_is_not_filled_with_a_page(client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/essai/?page=2"}
    response = client.post("/essai/", {"cle_unique": "faux", "libelle": "Paie"}, headers=headers)
    assert (response.status_code, response["HX-Redirect"]) == (200, "/essai/?page=2")


def test_the_key_of_somebody_else_does_nothing(client: Client) -> None:
    other = open_session(AgentFactory(notice_vue_le=timezone.now()))
    other.post("/essai/", {"cle_unique": key_of(client), "libelle": "Paie"})
    assert not Expertise.objects.exists()


def test_a_key_older_than_what_is_remembered_is_refused(client: Client, agent: Agent) -> None:
    """Otherwise a form kept for weeks could be sent again once its key has been purged."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signing.time, "time", lambda: (timezone.now() - cles.LIFETIME - timedelta(minutes=1)).timestamp())
        old = key_of(client)
    client.post("/essai/", {"cle_unique": old, "libelle": "Paie"})
    assert not Expertise.objects.exists()


def test_the_form_is_done_for_the_poste_it_was_opened_for(client: Client, agent: Agent) -> None:
    """Even if another tab has switched since."""
    first, second = agent.postes_en_cours
    key = key_of(client)
    client.post("/agir-pour/", {"poste": second.pk})
    client.post("/essai/", {"cle_unique": key, "libelle": "Paie"})
    assert EntreeJournal.objects.get(acte="expertise.creee").collectivite == first.collectivite


def test_a_poste_that_ended_meanwhile_acts_for_nobody(client: Client, agent: Agent) -> None:
    poste = agent.postes_en_cours[0]
    key = key_of(client)
    poste.end(timezone.localdate())
    client.post("/essai/", {"cle_unique": key, "libelle": "Paie"})
    assert EntreeJournal.objects.get(acte="expertise.creee").collectivite is None


def test_a_broken_rule_of_the_act_is_not_taken_for_a_replay(client: Client, agent: Agent) -> None:
    """The key goes back with the act that failed, and the failure is seen."""
    Expertise.objects.create(agent=agent, libelle="Paie")
    client.raise_request_exception = False
    key = key_of(client)
    assert client.post("/essai/", {"cle_unique": key, "libelle": "Paie"}).status_code == 500
    assert not CleUtilisee.objects.exists()
    assert client.post("/essai/", {"cle_unique": key, "libelle": "Élections"}).status_code == 302


def test_used_keys_are_forgotten_after_a_week(client: Client) -> None:
    for libelle in ("Paie", "Élections"):
        client.post("/essai/", {"cle_unique": key_of(client), "libelle": libelle})
    CleUtilisee.objects.filter(pk=CleUtilisee.objects.first().pk).update(
        created_at=timezone.now() - cles.LIFETIME - timedelta(hours=1)
    )
    assert cles.purge() == 1
    assert CleUtilisee.objects.count() == 1
