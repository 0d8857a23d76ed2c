"""How the index is: what it holds, what answers, what is late."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min

from search.engines import est_reparti, moteur, moteur_de_base
from search.engines.base import Ecarts, Etat, Moteur, MoteurInjoignable
from search.genres import all_genres, genre_of
from search.models import SearchEntry, SearchOutbox, SearchTerm
from search.reconstruction import last_rebuilt


@dataclass(frozen=True)
class EtatIndex:
    """`moteurs` is what answers first, then what stands in reserve; `attente` are the changes not yet sent."""

    genres: list[tuple[str, int]]
    entrees: int
    mots: int
    moteurs: list[Etat]
    attente: int
    plus_ancienne: datetime | None
    reconstruit_le: datetime | None


def read_state() -> EtatIndex:
    """Numbers only: nothing here says what an entry holds."""
    known = all_genres()
    counted = SearchEntry.objects.order_by("kind").values_list("kind").annotate(n=Count("pk"))
    genres = [(genre_of(kind, known).titre, n) for kind, n in counted]
    late = SearchOutbox.objects.aggregate(n=Count("pk"), oldest=Min("created_at"))
    return EtatIndex(
        genres=genres,
        entrees=sum(n for _, n in genres),
        mots=SearchTerm.objects.count(),
        moteurs=[engine.health() for engine in _engines()],
        attente=late["n"],
        plus_ancienne=late["oldest"],
        reconstruit_le=last_rebuilt(),
    )


def compare() -> list[tuple[str, Ecarts]]:
    """What each engine that answers holds otherwise than the table; seconds on a large territory."""
    found = []
    for engine in _engines():
        with suppress(MoteurInjoignable):
            found.append((engine.nom, engine.check()))
    return found


def _engines() -> list[Moteur]:
    return list(dict.fromkeys([moteur(), moteur_de_base()])) if est_reparti() else [moteur_de_base()]
