"""Every kind of notification of the area, whoever sends it: one list, read by the preferences."""

from typing import TYPE_CHECKING

from collectivites.enums import Domaine
from extranet.lib.apports import Sorte
from formations.permissions import kept_places

if TYPE_CHECKING:
    from collectivites.models import Agent

AREA = "formations"
PLACE, ATTENTE, OFFRE = "formation_place", "formation_attente", "formation_offre"
SESSION, CONVOCATION, RAPPEL = "formation_session", "formation_convocation", "formation_rappel"
MESSAGE, ATTESTATION, EVALUATION = "formation_message", "formation_attestation", "formation_evaluation"
VISA, COMMUNE, ATTESTATIONS_RECUES = "formation_visa", "formation_commune", "formation_attestations_recues"
NOUVELLE, ORGANISER = "formation_nouvelle", "formation_organiser"
TITRES, CAMPAGNE, PLAN, SOUHAIT = "titre_a_renouveler", "campagne_besoins", "plan_formation", "souhait_formation"


def manages(agent: "Agent") -> bool:
    """Gestionnaires: they follow what concerns the agents of their collectivité."""
    return bool(kept_places(agent))


def gives_visas(agent: "Agent") -> bool:
    """Gestionnaires, and whoever signs for a collectivité."""
    return any(poste.gestionnaire or poste.is_signataire for poste in agent.postes_en_cours)


def organises(agent: "Agent") -> bool:
    return agent.answers_for(Domaine.FORMATIONS)


PERSONNES = [
    Sorte(PLACE, AREA, "Votre place dans une formation", "Confirmée, tenue jusqu’au visa, retirée ou remplacée."),
    Sorte(
        ATTENTE,
        AREA,
        "Votre rang en liste d’attente",
        "Quand vous y entrez, et quand elle se termine.",
        frequence="quotidien",
    ),
    Sorte(OFFRE, AREA, "Place proposée", "Une place se libère pour vous et attend votre réponse.", imposee=True),
    Sorte(SESSION, AREA, "Session annulée, reportée ou modifiée", "Une formation où vous êtes change.", imposee=True),
    Sorte(CONVOCATION, AREA, "Convocation", "Où, quand et avec quoi venir.", imposee=True),
    Sorte(RAPPEL, AREA, "Rappel d’une formation", "Quelques jours avant, à qui y a une place.", imposee=True),
    Sorte(MESSAGE, AREA, "Message de l’organisateur", "On vous écrit au sujet d’une formation où vous êtes."),
    Sorte(ATTESTATION, AREA, "Attestation de formation", "Quand la vôtre est prête."),
    Sorte(EVALUATION, AREA, "Votre avis sur une formation", "Après une session, deux minutes.", frequence="quotidien"),
    Sorte(NOUVELLE, AREA, "Nouvelle session", "Une session s’ouvre aux agents de vos communes.", frequence="quotidien"),
    Sorte(
        SOUHAIT,
        AREA,
        "Formation que vous avez demandée",
        "Assez de personnes la demandent, une session s’organise, ou la réponse.",
    ),
]
MAIRIES = [
    # Mails that ask for a visa carry a link and are grouped (`inscrire.visas`): this is the line of the inbox.
    Sorte(
        VISA,
        AREA,
        "Visa attendu",
        "Chaque place qui attend l’accord de votre mairie, en plus du courriel qui les réunit.",
        frequence="jamais",
        pour=gives_visas,
    ),
    Sorte(
        COMMUNE,
        AREA,
        "Formations des agents de votre commune",
        "Inscriptions, désistements, remplacements, places obtenues.",
        frequence="quotidien",
        pour=manages,
    ),
    Sorte(
        ATTESTATIONS_RECUES,
        AREA,
        "Attestations de vos agents",
        "Quand une session est terminée, celles des agents de votre commune.",
        frequence="quotidien",
        pour=manages,
    ),
    Sorte(
        TITRES,
        AREA,
        "Titres à renouveler",
        "Six, trois et un mois avant la fin d’une habilitation, avec la place tenue.",
        pour=manages,
    ),
    Sorte(
        CAMPAGNE,
        AREA,
        "Recensement des besoins de formation",
        "Il s’ouvre, ou votre commune n’a pas encore répondu.",
        pour=manages,
    ),
    Sorte(
        PLAN,
        AREA,
        "Suite donnée à vos besoins de formation",
        "Un besoin de votre commune est retenu, écarté, ou devient une session.",
        pour=manages,
    ),
]
RESPONSABLES = [
    Sorte(
        ORGANISER,
        AREA,
        "Session à suivre",
        "Une session menacée, une place à donner par téléphone.",
        pour=organises,
    ),
]

SORTES = [*PERSONNES, *MAIRIES, *RESPONSABLES]
