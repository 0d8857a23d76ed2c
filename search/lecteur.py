"""Who searches: the audiences they may read, and where they work."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from collectivites.models import Collectivite
from search.models import SearchAudience, SearchEntry
from search.poids import Lieux

if TYPE_CHECKING:
    from collectivites.models import Agent


@dataclass(frozen=True)
class Lecteur:
    """`audiences` go into every question to an engine, and `sans` are the entries that nobody may find now."""

    audiences: frozenset[int]
    sans: frozenset[int]
    lieux: Lieux

    @classmethod
    def of(cls, agent: "Agent | None") -> "Lecteur":
        """Computed at each search: a poste that ended, or a diffusion that changed, counts at once."""
        audiences = frozenset(SearchAudience.objects.readable_by(agent).values_list("pk", flat=True))
        sans = frozenset(SearchEntry.objects.out_of_time().values_list("pk", flat=True)) if audiences else frozenset()
        return cls(audiences, sans, _lieux(agent) if audiences else Lieux())

    def may_find(self, pk: int, audience: int) -> bool:
        """For rows read by their key: a list of hundreds of audiences costs a query more than the rest of it."""
        return audience in self.audiences and pk not in self.sans


def _lieux(agent: "Agent") -> Lieux:
    own = [poste.collectivite for poste in agent.postes_en_cours]
    secteurs = {collectivite.secteur_id for collectivite in own} - {None}
    near = Collectivite.objects.members().filter(secteur__in=secteurs).values_list("nom", flat=True) if secteurs else ()
    return Lieux(frozenset(collectivite.nom for collectivite in own), frozenset(near))
