"""Acting for: the poste of the session, its switch, and what happens when it ends."""

from datetime import timedelta

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from collectivites.agir import SESSION_KEY, acting_poste
from collectivites.models import Agent, Poste
from tests.collectivites.factories import PosteFactory
from tests.distribution import Distribution
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(distribution: Distribution) -> Agent:
    return distribution.partage_ab


@pytest.fixture
def client(agent: Agent) -> Client:
    return open_session(agent)


def acting_for(client: Client) -> str | None:
    """The collectivité of the header's plate."""
    poste = client.get("/annuaire/").context["acting"]
    return poste.collectivite.nom if poste else None


def test_the_longest_week_is_the_default(client: Client) -> None:
    assert acting_for(client) == "Aval"


def test_switching(client: Client, agent: Agent) -> None:
    poste = agent.postes.get(collectivite__nom="Bourg")
    response = client.post("/agir-pour/", {"poste": poste.pk, "next": "/annuaire/?q=a"}, follow=True)
    assert response.redirect_chain == [("/annuaire/?q=a", 302)]
    assert "Vous agissez maintenant pour Bourg" in response.content.decode()
    assert acting_for(client) == "Bourg"


def test_switching_changes_nothing_of_what_is_read(client: Client, agent: Agent) -> None:
    before = Agent.objects.get(pk=agent.pk).codes_lecture
    client.post("/agir-pour/", {"poste": agent.postes.get(collectivite__nom="Bourg").pk})
    assert Agent.objects.get(pk=agent.pk).codes_lecture == before


@pytest.mark.parametrize("number", ["", "abc", "0", "-1", "99999999999999999999", "1 OR 1=1", "²"])
def test_a_poste_that_is_none(client: Client, number: str) -> None:
    assert client.post("/agir-pour/", {"poste": number}).status_code == 404
    assert acting_for(client) == "Aval"


def test_the_poste_of_somebody_else(client: Client, distribution: Distribution) -> None:
    poste = distribution.responsable.postes.get()
    assert client.post("/agir-pour/", {"poste": poste.pk}).status_code == 404
    assert acting_for(client) == "Aval"


def test_a_poste_that_has_ended_or_not_begun(client: Client, agent: Agent, distribution: Distribution) -> None:
    ended = agent.postes.get(collectivite__nom="Bourg")
    ended.end(timezone.localdate())
    coming = PosteFactory(
        agent=agent, collectivite=distribution.epci, date_debut=timezone.localdate() + timedelta(days=1)
    )
    for poste in (ended, coming):
        assert client.post("/agir-pour/", {"poste": poste.pk}).status_code == 404


def test_without_a_poste(distribution: Distribution) -> None:
    client = open_session(distribution.sans_poste)
    assert acting_for(client) is None
    assert client.post("/agir-pour/", {"poste": distribution.sans_poste.postes.get().pk}).status_code == 404


@pytest.mark.parametrize(
    "page", ["https://ailleurs.example/", "//ailleurs.example", "javascript:alert(1)", "\\\\ailleurs"]
)
def test_never_leads_out_of_the_site(client: Client, agent: Agent, page: str) -> None:
    response = client.post("/agir-pour/", {"poste": agent.postes.first().pk, "next": page})
    assert response["Location"] == "/"


def test_a_visit_leads_home_and_changes_nothing(client: Client, agent: Agent) -> None:
    second = agent.postes.get(collectivite__nom="Bourg")
    assert client.get(f"/agir-pour/?poste={second.pk}")["Location"] == "/"
    assert acting_for(client) == "Aval"


def test_a_stranger_is_sent_to_the_login_page(agent: Agent) -> None:
    response = Client().post("/agir-pour/", {"poste": agent.postes.first().pk})
    assert response.status_code == 302
    assert response["Location"].startswith("/connexion/")


def test_a_poste_ended_elsewhere_closes_on_the_next_request(
    client: Client, agent: Agent, distribution: Distribution
) -> None:
    """One ends a poste in another session: the next request sees nothing of that commune, and acts for the other."""
    poste = agent.postes.get(collectivite__nom="Bourg")
    client.post("/agir-pour/", {"poste": poste.pk})
    assert acting_for(client) == "Bourg"
    Poste.objects.get(pk=poste.pk).end(timezone.localdate())
    assert acting_for(client) == "Aval"
    assert f"c:{distribution.b.pk}" not in Agent.objects.get(pk=agent.pk).codes_lecture
    agent.postes.get(collectivite__nom="Aval").end(timezone.localdate())
    assert acting_for(client) is None
    assert client.get(distribution.a.get_absolute_url()).status_code == 404
    assert client.get(distribution.agent_a.get_absolute_url()).status_code == 404
    assert client.get(agent.get_absolute_url()).status_code == 200


def test_a_page_that_shows_no_poste_reads_none(agent: Agent, django_assert_num_queries: object) -> None:
    """The middleware is lazy: a file or a fragment that does not ask for whom pays nothing."""
    request = RequestFactory().get("/")
    request.user, request.session = Agent.objects.get(pk=agent.pk), {SESSION_KEY: 12345678}
    with django_assert_num_queries(1):
        assert acting_poste(request).collectivite.nom == "Aval"
