"""Finding a person or a collectivité by its name, on the first page of the annuaire."""

from urllib.parse import urlencode

import pytest
from django.test import Client

from tests.collectivites.factories import AgentFactory, CollectiviteFactory, PosteFactory
from tests.distribution import Distribution
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(distribution: Distribution) -> Client:
    return open_session(distribution.secretaire_b)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("gisele", ["Gisele Aval"]),
        ("AVAL gis", ["Gisele Aval"]),
        ("aval", ["Alain Aval", "Gisele Aval", "Sylvie Aval", "Paul Deux"]),
        ("deux bourg", ["Paul Deux"]),
        ("poste", []),
        ("'; DROP TABLE", []),
    ],
)
def test_finding_people(client: Client, asked: str, found: list[str]) -> None:
    response = client.get("/annuaire/", {"q": asked})
    assert [str(agent) for agent in response.context["personnes"]] == found


@pytest.mark.parametrize("asked", ["%_", "x" * 500])
def test_words_that_mean_nothing_narrow_nothing(client: Client, asked: str) -> None:
    everybody = client.get("/annuaire/").context["personnes"].paginator.count
    assert everybody > 5
    assert client.get("/annuaire/", {"q": asked}).context["personnes"].paginator.count == everybody


def test_accents_do_not_count(client: Client, distribution: Distribution) -> None:
    CollectiviteFactory(nom="Éclans-Nenon", slug="eclans-nenon")
    agent = AgentFactory(prenom="Émilie", nom="Noël-Lœuf", slug="autre-chose")
    PosteFactory(agent=agent, collectivite=distribution.a)
    for asked in ("emilie", "NOEL", "loeuf", "noël-lœuf émilie"):
        assert client.get("/annuaire/", {"q": asked}).context["personnes"].object_list == [agent], asked
    places = client.get("/annuaire/", {"q": "eclans"}).context["collectivites"]
    assert [place.nom for place in places] == ["Éclans-Nenon"]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("gisele", "1 personne pour « gisele »"),
        ("aval", "4 personnes et 1 collectivité pour « aval »"),
        ("bourg", "3 personnes et 1 collectivité pour « bourg »"),
        ("grand val", "1 collectivité pour « grand val »"),
        ("zzz", "Personne ne répond à « zzz »"),
        ("%_", "L’intercommunalité"),
    ],
)
def test_what_was_found_in_words(client: Client, asked: str, words: str) -> None:
    page = client.get(f"/annuaire/?{urlencode({'q': asked})}").content.decode()
    assert words in page.replace("\u00a0", " ")


def test_a_fragment_for_htmx(client: Client) -> None:
    body = client.get("/annuaire/", {"q": "gisele"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in body
    assert "Gisele" in body
