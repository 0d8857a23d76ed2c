"""What can be said of a request before it is sent: free or not, asked by whom before, what else is possible."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extranet.lib.demi_journees import DemiJournee
from materiel.alternatives import Jours, Proche, nearest_days, substitutes
from materiel.attente import agrees_directly
from materiel.demandes import Rival, asked_around, how_many, rivals, standing_in_the_way
from materiel.models import Materiel
from materiel.regles import Obstacle, obstacles

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite


@dataclass
class EtatDemande:
    """`libre` units on all the days, at this moment."""

    materiel: Materiel
    debut: DemiJournee
    fin: DemiJournee
    quantite: int
    libre: int = 0
    obstacles: list[Obstacle] = field(default_factory=list)
    rivaux: list[Rival] = field(default_factory=list)
    jours: list[Jours] = field(default_factory=list)
    proches: list[Proche] = field(default_factory=list)

    @property
    def suffit(self) -> bool:
        return not self.obstacles and self.libre >= self.quantite

    @property
    def direct(self) -> bool:
        return self.suffit and not self.rivaux and agrees_directly(self.materiel, self.quantite)

    @property
    def en_partie(self) -> int:
        """What may be asked instead, on the same days; 0 for nothing."""
        most = min(self.libre, self.materiel.quantite_max)
        return most if not self.obstacles and 0 < most < self.quantite else 0

    @property
    def attend(self) -> bool:
        """One may wait for it: only units lack."""
        return not self.obstacles and self.libre < self.quantite


def state_of(
    materiel: Materiel,
    pour: "Collectivite",
    lecteur: "Agent",
    debut: DemiJournee,
    fin: DemiJournee,
    quantite: int,
) -> EtatDemande:
    """Eight queries at most."""
    found = EtatDemande(materiel, debut, fin, quantite)
    found.obstacles = obstacles(materiel, debut, fin, quantite)
    if fin < debut:
        return found
    found.libre = how_many(materiel, debut, fin)
    found.rivaux = standing_in_the_way(rivals(materiel, debut, fin), quantite, found.libre)
    if not found.suffit or found.rivaux:
        most = min(quantite, materiel.quantite_max)
        around = asked_around(materiel, debut, fin)
        found.jours = nearest_days(materiel, debut, fin, most, promised=around)
        found.proches = substitutes(materiel, pour, lecteur, debut, fin, quantite)
    return found
