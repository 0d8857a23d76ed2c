"""Two cards that may be of one person are proposed, with the reason; somebody decides."""

from datetime import date

import pytest

from annuaire.models import Distinction
from annuaire.tenir import doublons, fusions
from collectivites.models import Agent
from tests.collectivites.factories import AgentFactory, PosteFactory
from tests.distribution import Distribution

pytestmark = pytest.mark.django_db


def test_doubles_are_proposed_with_their_reason(distribution: Distribution, pair: tuple[Agent, Agent], fonction):
    garde, retire = pair
    assert doublons.find_pairs() == {}  # the same name, in two communes that have nothing in common
    PosteFactory(
        agent=retire,
        collectivite=distribution.a,
        fonction=fonction,
        date_debut=date(2019, 1, 1),
        date_fin=date(2021, 1, 1),
    )
    assert doublons.find_pairs() == {(garde.pk, retire.pk): doublons.NOM}
    swapped = AgentFactory(prenom="DUPRÉ", nom="Zoé")
    other = AgentFactory(prenom="Zoe", nom="Dupre")
    for agent in (swapped, other):
        PosteFactory(agent=agent, collectivite=distribution.b, fonction=fonction)
    assert (swapped.pk, other.pk) in doublons.find_pairs()
    doublons.part(other, swapped, distribution.responsable)
    doublons.part(swapped, other, distribution.responsable)
    assert Distinction.objects.count() == 1
    assert list(doublons.find_pairs()) == [(garde.pk, retire.pk)]
    fusions.join(garde, retire, distribution.responsable, garde.email)
    assert doublons.find_pairs() == {}


def test_a_shared_mailbox_is_no_double(distribution: Distribution, fonction):
    one, two, three = (AgentFactory() for _ in range(3))
    job = {"collectivite": distribution.a, "fonction": fonction}
    PosteFactory(agent=two, courriel=one.email.upper(), **job)
    assert doublons.find_pairs() == {(one.pk, two.pk): doublons.ADRESSE}
    PosteFactory(agent=three, courriel=one.email, **job)
    assert doublons.find_pairs() == {}


def test_few_queries_whatever_the_size(distribution: Distribution, fonction, django_assert_max_num_queries):
    for _ in range(30):
        PosteFactory(agent=AgentFactory(prenom="Jean", nom="Petit"), collectivite=distribution.a, fonction=fonction)
    with django_assert_max_num_queries(6):
        assert len(doublons.find_pairs()) == 30 * 29 / 2
