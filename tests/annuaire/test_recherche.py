"""What the search of the site, and the words of the list, find of people and of collectivités."""

import pytest
from django.test import Client
from django.utils import timezone

from collectivites.models import Agent, Expertise, Fonction
from search.synonymes import deliver
from tests.collectivites.factories import AgentFactory, CollectiviteFactory, PosteFactory
from tests.distribution import Distribution
from tests.search.ecran import ask, names
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretaire(distribution: Distribution) -> Agent:
    """A SGM whose mobile and expertise say something."""
    deliver()
    place = CollectiviteFactory(nom="Éclans-Nenon", slug="eclans-nenon")
    agent = AgentFactory(prenom="Émilie", nom="Noël", slug="emilie-noel")
    fonction = Fonction.objects.get(code="secretaire-general")
    PosteFactory(agent=agent, collectivite=place, fonction=fonction, mobile="06 39 98 07 77")
    Expertise.objects.create(agent=agent, libelle="Zéro phyto")
    return Agent.objects.get(pk=agent.pk)


def found(distribution: Distribution, words: str) -> list[str]:
    return names(ask(Agent.objects.get(pk=distribution.agent_a.pk), f"q={words}"))


@pytest.mark.parametrize(
    "words", ["emilie noel", "Émilie", "SGM", "sgm eclans", "secrétaire de mairie", "secretaire generale de mairie"]
)
def test_the_search_finds_a_sgm_however_it_is_called(distribution: Distribution, secretaire: Agent, words: str) -> None:
    assert secretaire.nom_complet in found(distribution, words)


@pytest.mark.parametrize("words", ["emilie noel", "SGM", "sgm eclans", "secrétaire de mairie", "secretaire generale"])
def test_so_does_the_list(distribution: Distribution, secretaire: Agent, words: str) -> None:
    client: Client = open_session(distribution.agent_a)
    shown = client.get("/annuaire/", {"q": words}).context["personnes"].object_list
    assert [str(one) for one in shown] == ["Émilie Noël"]


def test_the_search_finds_a_collectivite_accents_aside(distribution: Distribution, secretaire: Agent) -> None:
    assert "Éclans-Nenon" in found(distribution, "eclans nenon")


def test_a_hidden_card_is_out_of_the_search_at_once(distribution: Distribution, secretaire: Agent) -> None:
    secretaire.oppose_le = timezone.now()
    secretaire.save(update_fields=["oppose_le"])
    assert "Émilie Noël" not in found(distribution, "emilie noel")
    secretaire.oppose_le = None
    secretaire.save(update_fields=["oppose_le"])
    assert "Émilie Noël" in found(distribution, "emilie noel")


def test_a_hidden_expertise_is_out_of_the_search_at_once(distribution: Distribution, secretaire: Agent) -> None:
    assert found(distribution, "phyto") == ["Émilie Noël"]
    secretaire.montre_expertises = False
    secretaire.save(update_fields=["montre_expertises"])
    assert found(distribution, "phyto") == []
    secretaire.montre_expertises = True
    secretaire.save()
    Expertise.objects.get(agent=secretaire).delete()
    assert found(distribution, "phyto") == []


def test_a_hidden_mobile_is_out_of_the_search_at_once(distribution: Distribution, secretaire: Agent) -> None:
    reader = Agent.objects.get(pk=distribution.agent_a.pk)
    page = open_session(reader).get("/recherche/", {"q": "emilie noel"}).content.decode()
    assert "+33639980777" in page
    secretaire.montre_mobile = False
    secretaire.save(update_fields=["montre_mobile"])
    page = open_session(reader).get("/recherche/", {"q": "emilie noel"}).content.decode()
    assert "39980777" not in page
    assert "39\u00a098\u00a007\u00a077" not in page
    assert found(distribution, "0639980777") == []


def test_who_leaves_is_out_of_the_search_at_once(distribution: Distribution, secretaire: Agent) -> None:
    secretaire.postes.get().end(timezone.localdate())
    assert "Émilie Noël" not in found(distribution, "emilie noel")
