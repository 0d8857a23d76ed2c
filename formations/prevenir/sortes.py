"""The kinds of notification of the training, in one list."""

from typing import TYPE_CHECKING

from extranet.lib.apports import Sorte

if TYPE_CHECKING:
    from collectivites.models import Agent

RAPPEL, ATTESTATION, EVALUATION = "formation_rappel", "formation_attestation", "formation_evaluation"
ATTESTATIONS_RECUES = "formation_attestations_recues"


def keeps_a_place(agent: "Agent") -> bool:
    """Gestionnaires: what concerns the agents of their collectivité."""
    return any(poste.gestionnaire for poste in agent.postes_en_cours)


SORTES = [
    Sorte(RAPPEL, "formations", "Rappel d’une formation", "Quelques jours avant, à qui y a une place.", imposee=True),
    Sorte(ATTESTATION, "formations", "Attestation de formation", "Quand la vôtre est prête.", frequence="immediate"),
    Sorte(
        EVALUATION,
        "formations",
        "Votre avis sur une formation",
        "Après une session, deux minutes.",
        frequence="quotidien",
    ),
    Sorte(
        ATTESTATIONS_RECUES,
        "formations",
        "Attestations de vos agents",
        "Quand une session est terminée, celles des agents de votre commune.",
        frequence="quotidien",
        pour=keeps_a_place,
    ),
]
