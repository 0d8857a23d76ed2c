"""What the tests of the annuaire share."""

import pytest

from collectivites.models import Fonction
from tests.collectivites.factories import FonctionFactory


@pytest.fixture
def fonction(db: None) -> Fonction:
    return FonctionFactory(code="essai-secretaire")
