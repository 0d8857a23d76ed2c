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
    "Document signalé",
    "Photo qui ne se montre plus",
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


FORMATIONS = {
    "Votre place dans une formation",
    "Votre rang en liste d’attente",
    "Place proposée",
    "Session annulée, reportée ou modifiée",
    "Convocation",
    "Rappel d’une formation",
    "Message de l’organisateur",
    "Attestation de formation",
    "Votre avis sur une formation",
    "Nouvelle session",
    "Formation que vous avez demandée",
}


MAIRIE = {
    "Visa attendu",
    "Formations des agents de votre commune",
    "Attestations de vos agents",
    "Titres à renouveler",
    "Recensement des besoins de formation",
    "Suite donnée à vos besoins de formation",
}


def offered(agent: Agent) -> set[str]:
    """But those of the resources and of a trainee, which anybody may receive."""
    found = {sorte.libelle for sorte in sortes_for(agent).values()}
    assert found >= RESSOURCES | FORMATIONS
    return found - RESSOURCES - FORMATIONS


def test_each_is_offered_what_may_come(distribution: Distribution) -> None:
    cast = distribution
    needs = {"Besoin d’une commune voisine", "Réponse à votre besoin"}
    everybody, signs = {"Actualités", "Recherche"} | FICHE, {"Convention à signer"}
    for agent in (cast.agent_a, cast.secretaire_a, cast.sans_poste):
        assert offered(agent) == everybody
    assert offered(cast.elue_b) == everybody | signs | {"Visa attendu"}
    keeps = signs | PRETS | needs | MAIRIE
    assert offered(cast.gestionnaire_a) == everybody | keeps | {"Invitation acceptée"}
    assert offered(responsable_of(cast, Domaine.MATERIEL)) == everybody | PRETS | {"Relecture"}
    assert offered(cast.administrateur) == everybody | PRETS | {"Relecture", "Invitation acceptée", "Session à suivre"}
    assert "Session à suivre" in offered(responsable_of(cast, Domaine.FORMATIONS))
