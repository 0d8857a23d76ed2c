"""Who searches: the audiences they may read, and where they work."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import CharField, F, IntegerField, Value

from collectivites.models import Collectivite
from search.models import SearchAudience, SearchEntry
from search.poids import Lieux

if TYPE_CHECKING:
    from collectivites.models import Agent


# What a row of the one query of `Lecteur.of` tells.
AUDIENCE, SANS, VOISINE = range(3)
_NOBODY = Value("", CharField())


@dataclass(frozen=True)
class Lecteur:
    """`audiences` go into every question to an engine, and `sans` are the entries that nobody may find now."""

    audiences: frozenset[int]
    sans: frozenset[int]
    lieux: Lieux

    @classmethod
    def of(cls, agent: "Agent | None") -> "Lecteur":
        """Computed at each search: a poste that ended, or a diffusion that changed, counts at once. One query."""
        if agent is None or not agent.is_authenticated:
            return cls(frozenset(), frozenset(), Lieux())
        own = [poste.collectivite for poste in agent.postes_en_cours]
        secteurs = {collectivite.secteur_id for collectivite in own} - {None}
        asked = (
            (AUDIENCE, SearchAudience.objects.readable_by(agent), _NOBODY),
            (SANS, SearchEntry.objects.out_of_time(), _NOBODY),
            (VOISINE, Collectivite.objects.members().filter(secteur__in=secteurs), F("nom")),
        )
        parts = [rows.order_by().values_list("pk", name, Value(kind, IntegerField())) for kind, rows, name in asked]
        found: dict[int, set] = {AUDIENCE: set(), SANS: set(), VOISINE: set()}
        for pk, name, kind in parts[0].union(*parts[1:], all=True):
            found[kind].add(name if kind == VOISINE else pk)
        if not found[AUDIENCE]:
            return cls(frozenset(), frozenset(), Lieux())
        lieux = Lieux(frozenset(collectivite.nom for collectivite in own), frozenset(found[VOISINE]))
        return cls(frozenset(found[AUDIENCE]), frozenset(found[SANS]), lieux)

    def may_find(self, pk: int, audience: int) -> bool:
        """For rows read by their key: a list of hundreds of audiences costs a query more than the rest of it."""
        return audience in self.audiences and pk not in self.sans
