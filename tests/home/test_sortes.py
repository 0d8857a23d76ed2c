"""The kinds of notification that the preferences offer, to whom."""

import pytest

from collectivites.enums import Domaine
from collectivites.models import Agent
from notifications.preferences import sortes_for
from tests.admin.test_relecture import responsable_of
from tests.distribution import Distribution

pytestmark = pytest.mark.django_db


RESSOURCES = {
    "Votre copie est périmée",
    "Nouveau document",
    "Document à lire",
    "Document à vérifier",
    "Question sur un document",
    "Document demandé",
    "Virus trouvé",
}


def offered(agent: Agent) -> set[str]:
    """But those of the resources, which anybody may receive."""
    found = {sorte.libelle for sorte in sortes_for(agent).values()}
    assert found >= RESSOURCES
    return found - RESSOURCES


def test_each_is_offered_what_may_come(distribution: Distribution) -> None:
    cast = distribution
    for agent in (cast.agent_a, cast.secretaire_a, cast.elue_b, cast.sans_poste):
        assert offered(agent) == {"Actualités", "Recherche"}
    assert offered(cast.gestionnaire_a) == {"Actualités", "Recherche", "Invitation acceptée"}
    assert offered(responsable_of(cast, Domaine.MATERIEL)) == {"Actualités", "Recherche", "Relecture"}
    assert offered(cast.administrateur) == {"Actualités", "Recherche", "Relecture", "Invitation acceptée"}
