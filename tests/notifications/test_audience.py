"""Who may read a diffusion, by the query and by the codes: always the same people."""

from itertools import combinations

import pytest
from django.utils import timezone

from collectivites.models import Agent
from notifications.audience import readers_of
from tests.collectivites.factories import AdhesionFactory, ReseauFactory
from tests.distribution import Distribution

pytestmark = pytest.mark.django_db


def test_the_query_says_what_the_codes_say(distribution: Distribution):
    network, former = ReseauFactory(), ReseauFactory()
    AdhesionFactory(reseau=network, agent=distribution.agent_a)
    AdhesionFactory(reseau=network, agent=distribution.sans_poste)
    AdhesionFactory(reseau=former, agent=distribution.agent_a, date_fin=timezone.localdate())
    codes = [
        "toutes",
        "elus",
        "epci",
        f"c:{distribution.a.pk}",
        f"c:{distribution.b.pk}",
        f"r:{network.pk}",
        f"r:{former.pk}",
    ]
    for size in (0, 1, 2):
        for chosen in combinations([*codes, "c:", "r:abc", "autre"], size):
            by_codes = {agent for agent in Agent.objects.all() if not agent.codes_lecture.isdisjoint(chosen)}
            assert set(readers_of(chosen)) == by_codes, chosen


def test_one_query(distribution: Distribution, django_assert_num_queries):
    with django_assert_num_queries(1):
        list(readers_of(["elus", "epci", "c:1", "r:1"]))
