"""Rights come by the groups alone: one given to a person by another way is none."""

import pytest
from django.contrib.auth.models import Permission

from collectivites.models import Agent
from tests.distribution import Distribution

pytestmark = pytest.mark.django_db

ACCES = "wagtailadmin.access_admin"


def test_a_right_of_ones_own_is_none(distribution: Distribution) -> None:
    distribution.agent_a.user_permissions.set(Permission.objects.all())
    assert Agent.objects.get(pk=distribution.agent_a.pk).get_all_permissions() == set()


def test_those_of_the_groups_are_kept_in_one_question(
    distribution: Distribution, django_assert_num_queries: object
) -> None:
    agent = Agent.objects.get(pk=distribution.responsable.pk)
    with django_assert_num_queries(1):
        assert agent.has_perm(ACCES)
        assert not agent.has_perm("collectivites.delete_agent_of_another_world")
    assert not Agent.objects.get(pk=distribution.agent_a.pk).has_perm(ACCES)
