"""The kinds of notification of the training, in one list."""

from typing import TYPE_CHECKING

from extranet.lib.apports import Sorte

if TYPE_CHECKING:
    from collectivites.models import Agent

TITRES, CAMPAGNE, PLAN, SOUHAIT = "titre_a_renouveler", "campagne_besoins", "plan_formation", "souhait_formation"


def manages_somewhere(agent: "Agent") -> bool:
    return any(poste.gestionnaire for poste in agent.postes_en_cours)


SORTES = [
    # Plan: titles, needs, wishes.
    Sorte(
        TITRES,
        "formations",
        "Titres à renouveler",
        "Six, trois et un mois avant la fin d’une habilitation, avec la place tenue.",
        pour=manages_somewhere,
    ),
    Sorte(
        CAMPAGNE,
        "formations",
        "Recensement des besoins de formation",
        "Il s’ouvre, ou votre commune n’a pas encore répondu.",
        pour=manages_somewhere,
    ),
    Sorte(
        PLAN,
        "formations",
        "Suite donnée à vos besoins de formation",
        "Un besoin de votre commune est retenu, écarté, ou devient une session.",
        pour=manages_somewhere,
    ),
    Sorte(
        SOUHAIT,
        "formations",
        "Formation que vous avez demandée",
        "Assez de personnes la demandent, une session s’organise, ou la réponse.",
    ),
]
