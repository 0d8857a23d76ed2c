"""What the owner of a card sees above it, and nobody else: is it right, is it whole, what may be done with it."""

from typing import TYPE_CHECKING

from annuaire.fiche.relecture import completeness, is_stale
from extranet.lib.apports import Encart

if TYPE_CHECKING:
    from collectivites.models import Agent


def own_card(agent: "Agent") -> list[Encart]:
    """Three queries; nothing for somebody without a poste."""
    postes = agent.postes_en_cours
    if not postes:
        return []
    context = {
        "personne": agent,
        "completude": completeness(agent, postes),
        "a_relire": is_stale(agent),
        "relue_le": agent.confirmee_le,
    }
    return [Encart("Votre fiche", "annuaire/_ma_fiche.html", context, ordre=1, area="annuaire", colonne="cote")]
