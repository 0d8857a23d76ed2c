"""What the tests of the annuaire share."""

import pytest

from collectivites.models import Agent, Fonction
from tests.collectivites.factories import AgentFactory, FonctionFactory, PosteFactory
from tests.distribution import Distribution


@pytest.fixture
def fonction(db: None) -> Fonction:
    return FonctionFactory(code="essai-secretaire")


@pytest.fixture
def pair(distribution: Distribution, fonction: Fonction) -> tuple[Agent, Agent]:
    """One secretary entered twice: in A by the import, in B by an invitation."""
    garde = AgentFactory(prenom="Martine", nom="Lambey", slug="martine-lambey")
    retire = AgentFactory(prenom="Martine", nom="Lambey", slug="martine-lambey-2")
    PosteFactory(agent=garde, collectivite=distribution.a, fonction=fonction)
    PosteFactory(agent=retire, collectivite=distribution.b, fonction=fonction, telephone="03 84 00 00 09")
    return garde, retire
