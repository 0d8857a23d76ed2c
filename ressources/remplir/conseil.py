"""How many members the law gives to a municipal council: what a commune is shown beside the number it types."""

from bisect import bisect_right
from typing import TYPE_CHECKING

from extranet.lib.francais import milliers

if TYPE_CHECKING:
    from collectivites.models import Collectivite

# CGCT, article L. 2121-2: from so many inhabitants, so many members.
_SEUILS = (
    *(0, 100, 500, 1_500, 2_500, 3_500, 5_000, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000, 80_000),
    *(100_000, 150_000, 200_000, 250_000, 300_000),
)
_MEMBRES = (7, 11, 15, 19, 23, 27, 29, 33, 35, 39, 43, 45, 49, 53, 55, 59, 61, 65, 69)


def effectif_legal(population: int) -> int:
    """Members of the council of a commune of so many inhabitants (municipal population)."""
    return _MEMBRES[bisect_right(_SEUILS, population) - 1]


def effectif_en_mots(place: "Collectivite") -> str:
    """« La loi en donne 15 à une commune de 1 036 habitants. », empty when nothing can be said.

    The number that holds is that of the population at the last general renewal, a new commune has its own, and a
    council may be deemed complete with fewer (L. 2121-2-1): it is shown, never filled in.
    """
    population = place.population_municipale
    if not place.is_commune or population is None:
        return ""
    s = "s" if population > 1 else ""
    return f"La loi en donne {effectif_legal(population)} à une commune de {milliers(population)}\u00a0habitant{s}."
