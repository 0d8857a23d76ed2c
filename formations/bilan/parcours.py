"""What a person has followed: sessions, hours, attestations."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from formations.enums import CONCLUES
from formations.models import Inscription
from formations.permissions import can_organise

if TYPE_CHECKING:
    from collectivites.models import Agent


@dataclass(frozen=True)
class Parcours:
    inscriptions: list[Inscription]

    @property
    def minutes(self) -> int:
        return sum(one.minutes or 0 for one in self.inscriptions)

    @property
    def suivies(self) -> int:
        return sum(1 for one in self.inscriptions if one.minutes)


def can_read(lecteur: "Agent", agent: "Agent") -> bool:
    """Oneself, the gestionnaires of a collectivité where the person works, the responsables."""
    if lecteur.pk == agent.pk or can_organise(lecteur):
        return True
    return any(lecteur.manages(poste.collectivite) for poste in agent.postes_en_cours)


def parcours(agent: "Agent", lecteur: "Agent") -> Parcours:
    """The concluded sessions that `lecteur` may see of them, the latest first. One query.

    A gestionnaire reads those that were followed for their collectivité: what one did elsewhere is not theirs.
    """
    seats = Inscription.objects.visible_to(lecteur).filter(agent=agent, statut__in=CONCLUES)
    rows = seats.select_related("session__formation__theme", "session__lieu", "collectivite", "attestation")
    return Parcours(list(rows.order_by("-session__date_debut", "-pk")))
