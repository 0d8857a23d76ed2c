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


PRETS = {
    "Prêt qui attend votre réponse",
    "Message sur un prêt",
    "Matériel en retard",
    "Suivi de vos prêts",
    "Rappel de remise ou de retour",
    "Remise, retour, incident",
    "Matériel transféré",
}


FICHE = {"Votre fiche modifiée", "Votre fiche à relire", "Absences et remplacements"}


def offered(agent: Agent) -> set[str]:
    """But those of the resources, which anybody may receive."""
    found = {sorte.libelle for sorte in sortes_for(agent).values()}
    assert found >= RESSOURCES
    return found - RESSOURCES


def test_each_is_offered_what_may_come(distribution: Distribution) -> None:
    cast = distribution
    needs = {"Besoin d’une commune voisine", "Réponse à votre besoin"}
    everybody, signs = {"Actualités", "Recherche"} | FICHE, {"Convention à signer"}
    for agent in (cast.agent_a, cast.secretaire_a, cast.sans_poste):
        assert offered(agent) == everybody
    assert offered(cast.elue_b) == everybody | signs
    assert offered(cast.gestionnaire_a) == everybody | signs | PRETS | needs | {"Invitation acceptée"}
    assert offered(responsable_of(cast, Domaine.MATERIEL)) == everybody | PRETS | {"Relecture"}
    assert offered(cast.administrateur) == everybody | PRETS | {"Relecture", "Invitation acceptée"}
