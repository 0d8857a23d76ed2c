"""What the tests of the admin share."""

import pytest
from django.contrib.auth.models import Group

from collectivites.enums import Domaine
from collectivites.models import Agent
from tests.collectivites.factories import AgentFactory, FonctionFactory, PosteFactory
from tests.distribution import Distribution


@pytest.fixture
def administration(distribution: Distribution) -> Agent:
    """Someone of the administration who is no superuser."""
    agent = AgentFactory(slug="ada", notice_vue_le=distribution.agent_a.notice_vue_le)
    PosteFactory(agent=agent, collectivite=distribution.epci, fonction=FonctionFactory())
    agent.groups.set([Group.objects.get(name=Domaine.ADMINISTRATION.label)])
    return agent
