"""Who may open the annuaire to somebody."""

from typing import TYPE_CHECKING

from collectivites.enums import Domaine
from collectivites.models import Collectivite

if TYPE_CHECKING:
    from collectivites.models import Agent


def can_invite(agent: "Agent", collectivite: Collectivite) -> bool:
    """A gestionnaire invites into their own collectivité, as long as their poste lasts; a responsable of the annuaire
    into any collectivité of the territory. Nobody invites into a collectivité that has left it.
    """
    if not agent.is_active or collectivite.date_sortie:
        return False
    return agent.manages(collectivite) or agent.answers_for(Domaine.ANNUAIRE)


def can_invite_somewhere(agent: "Agent") -> bool:
    """True for whoever may invite into one collectivité at least."""
    return agent.answers_for(Domaine.ANNUAIRE) or any(poste.gestionnaire for poste in agent.postes_en_cours)
