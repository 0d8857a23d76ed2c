"""Somebody who arrives: one card and one poste, written down, and nobody twice."""

import pytest

from collectivites.arrivees import Arrivant, ArriveeRefusee, welcome
from collectivites.models import Agent, EntreeJournal
from tests.collectivites.factories import AgentFactory, CollectiviteFactory, FonctionFactory, PosteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def par() -> Agent:
    return PosteFactory(gestionnaire=True).agent


def arrival(**fields: object) -> Arrivant:
    said = {"collectivite": CollectiviteFactory(nom="Foucherans"), "prenom": "Lucas", "nom": "Bertin", **fields}
    return Arrivant(**{"fonction": FonctionFactory(), **said})


def test_a_card_and_a_poste_from_today(par):
    one = arrival(email="L.Bertin@Essai.example")
    agent = welcome(par, one)
    assert (agent.nom_complet, agent.email) == ("Lucas Bertin", "l.bertin@essai.example")
    assert agent.postes_en_cours[0].collectivite == one.collectivite
    assert not agent.has_usable_password()
    assert set(EntreeJournal.objects.filter(agent=par).values_list("acte", flat=True)) == {"agent.cree", "poste.cree"}


def test_without_an_address(par):
    assert welcome(par, arrival()).email is None


def test_somebody_of_that_name_is_there_already(par):
    one = arrival()
    PosteFactory(agent=AgentFactory(prenom="Lucas", nom="BERTIN"), collectivite=one.collectivite)
    with pytest.raises(ArriveeRefusee, match="a déjà une fiche à Foucherans") as refusal:
        welcome(par, one)
    assert refusal.value.champ == "nom"


def test_the_address_of_somebody_elsewhere_is_not_named(par):
    AgentFactory(prenom="Marc", nom="Ailleurs", email="prise@essai.example")
    with pytest.raises(ArriveeRefusee) as refusal:
        welcome(par, arrival(email="prise@essai.example"))
    assert refusal.value.champ == "email"
    assert "Ailleurs" not in str(refusal.value)


def test_an_elective_fonction_is_given_by_the_intercommunalite_alone(par):
    elected = FonctionFactory(code="essai-maire", famille="elus")
    with pytest.raises(ArriveeRefusee) as refusal:
        welcome(par, arrival(fonction=elected))
    assert refusal.value.champ == "fonction"
    assert not Agent.objects.filter(nom="Bertin").exists()
