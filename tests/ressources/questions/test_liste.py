"""The list of the questions that were answered: its words, its themes, the lists of the responsables, what it costs."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from collectivites.diffusion import ELUS
from ressources.echanges import accept
from ressources.questions.liste import A_COTE, PAR_PAGE
from tests.distribution import Distribution
from tests.ressources.factories import make_ressource
from tests.ressources.questions.fabriques import exchange, knows, make_question, theme
from tests.sessions import open_session

pytestmark = pytest.mark.django_db

LISTE = "/ressources/questions/"


@pytest.fixture
def client(distribution: Distribution) -> Client:
    return open_session(distribution.agent_a)


def titles(client: Client, query: str = "") -> list[str]:
    return [one.question for one in client.get(LISTE + query).context["liste"].page]


def test_by_words_and_by_theme(client: Client) -> None:
    make_question("Qui paie le columbarium", reponse="La commune.")
    make_question("Quand ouvrir le bureau de vote", reponse="À huit heures.", theme=theme("elections"))
    make_question("Pour les élus", diffusion=[ELUS])
    assert titles(client) == ["Quand ouvrir le bureau de vote", "Qui paie le columbarium"]
    assert titles(client, "?q=columbariums") == ["Qui paie le columbarium"]
    assert titles(client, "?q=huit") == ["Quand ouvrir le bureau de vote"]
    assert titles(client, "?theme=elections") == ["Quand ouvrir le bureau de vote"]
    assert titles(client, "?theme=elections&q=columbarium") == []
    assert titles(client, "?q=licorne") == []
    html = client.get(LISTE + "?q=licorne").content.decode()
    assert "Aucune réponse pour ces mots" in html


def test_an_address_that_means_nothing_is_the_list(client: Client) -> None:
    make_question()
    for query in (
        "?page=x",
        "?page=99",
        "?vue=a_reprendre",
        "?vue=%00",
        "?theme=%00",
        "?q=%00",
        "?q=%22",
        "?q=" + "x" * 500,
    ):
        assert client.get(LISTE + query).status_code == 200


def test_empty_and_without_a_poste(client: Client, distribution: Distribution) -> None:
    assert "Aucune question n’est encore publiée" in client.get(LISTE).content.decode()
    make_question()
    html = open_session(distribution.sans_poste).get(LISTE).content.decode()
    assert "Vous n’avez pas de poste en cours" in html
    assert "constats" not in html


def test_what_waits_for_the_responsables(distribution: Distribution) -> None:
    asked = exchange(theme(), distribution.agent_a, distribution.a, distribution.elue_b, question="Et le dimanche")
    responsable = open_session(distribution.responsable)
    assert "Rien à reprendre" in responsable.get(f"{LISTE}?vue=a_reprendre").content.decode()
    accept(asked.reponses.get(), distribution.agent_a)
    html = responsable.get(f"{LISTE}?vue=a_reprendre").content.decode()
    assert "Et le dimanche" in html
    assert f"/ressources/echanges/{asked.pk}/publier/" in html
    make_question(origine=asked)
    assert "Rien à reprendre" in responsable.get(f"{LISTE}?vue=a_reprendre").content.decode()


def test_beside_a_theme_the_last_ones_and_the_way_to_the_rest(client: Client) -> None:
    for n in range(A_COTE + 2):
        make_question(f"Question {n}")
    html = client.get("/ressources/themes/funeraire/").content.decode()
    assert "On a déjà répondu à ces questions</h2>" in html
    assert "Question 0" not in html
    assert f"Question {A_COTE + 1}" in html
    assert f"Les {A_COTE + 2} réponses" in html


@pytest.mark.parametrize("query", ["", "?q=constats", "?theme=funeraire", "?vue=a_verifier"])
def test_as_many_queries_for_one_as_for_ten(query: str, distribution: Distribution) -> None:
    client, counts = open_session(distribution.responsable), []
    page = make_ressource(theme=theme())
    for number in (1, 9):
        for n in range(number):
            make_question(f"Des constats {number} {n}", page=page if n % 2 else None, a_verifier_avant="2026-01-01")
        client.get(LISTE + query)
        with CaptureQueriesContext(connection) as queries:
            client.get(LISTE + query)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("address", ["page", "question"])
def test_a_sheet_and_a_question_cost_the_same(address: str, distribution: Distribution) -> None:
    client, counts = open_session(distribution.responsable), []
    page = make_ressource(theme=theme())
    first = make_question(page=page)
    for _ in range(2):
        for n in range(A_COTE + 1):
            exchange(page, distribution.agent_a, distribution.a, distribution.elue_b)
            make_question(f"Des constats {n}", page=page)
        where = page.url if address == "page" else first.get_absolute_url()
        client.get(where)
        with CaptureQueriesContext(connection) as queries:
            client.get(where)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_pages(client: Client) -> None:
    for n in range(PAR_PAGE + 1):
        make_question(f"Question {n:02}")
    assert titles(client, "?page=2") == ["Question 00"]


def test_who_is_asked_and_answers_for_sheets_is_shown_once(distribution: Distribution) -> None:
    knows(distribution.elue_b, "funeraire")
    make_ressource("Cimetière", theme=theme("funeraire"), referent=distribution.elue_b)
    page = open_session(distribution.agent_a).get("/ressources/themes/funeraire/").content.decode()
    assert page.count(f">{distribution.elue_b}</a><p") == 1
    assert "référent·e de documents de ce thème" not in page
