"""U+0000 in what is asked or sent: no list, no form of the site passes it on to the database."""

import pytest
from django.test import Client

from tests.distribution import Distribution
from tests.formations.formulaires import post
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
ASKED = {
    "/recherche/": "q",
    "/annuaire/": "q",
    "/ressources/": "q",
    "/ressources/emporter/": "q",
    "/materiel/": "q",
    "/formations/": "q",
    "/formations/inscriptions/": "qui",
    "/formations/titres/": "commune",
    "/formations/titres/tous/": "commune",
    "/formations/organiser/": "q",
    "/formations/organiser/nouvelle/": "copie",
}


@pytest.fixture
def client(distribution: Distribution) -> Client:
    return open_session(distribution.responsable)


@pytest.mark.parametrize(("address", "name"), ASKED.items())
def test_what_is_asked_holds_another_sign(client: Client, address: str, name: str) -> None:
    for value in ("\x00", "per\x00mis"):
        response = client.get(address, {name: value})
        assert response.status_code < 500
        assert response.wsgi_request.GET[name] == value.replace("\x00", "\ufffd")


def test_what_is_sent_too(client: Client) -> None:
    sent = {"formation": "\x00", "capacite": "1\x002", "acces": "Par\x00 la cour", "nb_jours": "1"}
    response = post(client, "/formations/organiser/nouvelle/", **sent)
    assert response.status_code == 422
    assert "Par\ufffd la cour" in response.content.decode()
