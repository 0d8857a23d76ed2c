"""What is followed by default: given once by fonction, left for good, never given twice."""

import pytest

from collectivites.models import Poste, Theme
from notifications.abonnements import follow, genres, unfollow
from notifications.models import Abonnement, AbonnementPropose
from notifications.propositions import give_all, to_propose
from tests.collectivites.factories import AgentFactory, FonctionFactory, PosteFactory
from tests.distribution import Distribution

pytestmark = pytest.mark.django_db


@pytest.fixture
def code() -> str:
    return f"theme:{Theme.objects.first().pk}"


@pytest.fixture
def proposed(distribution: Distribution, code: str) -> AbonnementPropose:
    return AbonnementPropose.objects.create(fonction=FonctionFactory(code="essai-technique"), objet=code)


def followers(code: str) -> set[str]:
    return set(Abonnement.objects.filter(objet=code).values_list("agent__slug", flat=True))


def test_given_to_those_in_office_who_hold_the_fonction(proposed: AbonnementPropose, code: str):
    assert give_all() == 2
    assert followers(code) == {"alain-aval", "paul-deux"}


def test_left_for_good(distribution: Distribution, proposed: AbonnementPropose, code: str):
    give_all()
    unfollow(distribution.agent_a, code)
    assert give_all() == 0
    assert followers(code) == {"paul-deux"}


def test_left_for_good_even_when_chosen_before(distribution: Distribution, proposed: AbonnementPropose, code: str):
    follow(distribution.agent_a, code)
    give_all()
    unfollow(distribution.agent_a, code)
    give_all()
    assert followers(code) == {"paul-deux"}


def test_withdrawn_then_proposed_again_is_the_same(distribution: Distribution, proposed: AbonnementPropose, code: str):
    give_all()
    unfollow(distribution.agent_a, code)
    fonction = proposed.fonction
    proposed.delete()
    AbonnementPropose.objects.create(fonction=fonction, objet=code)
    assert give_all() == 0


def test_a_newcomer_gets_it(proposed: AbonnementPropose, code: str):
    give_all()
    newcomer = AgentFactory(slug="nouveau")
    assert give_all() == 0
    PosteFactory(agent=newcomer, fonction=FonctionFactory(code="essai-technique"))
    assert give_all() == 1
    assert "nouveau" in followers(code)
    assert Poste.objects.in_force().filter(agent=newcomer).exists()


def test_only_what_everybody_may_see_is_proposed(distribution: Distribution):
    proposed = {code.split(":")[0] for _, choices in to_propose() for code, _ in choices}
    assert "theme" in proposed
    assert "reseau" in genres()
    assert "reseau" not in proposed
