"""The distributed engine, with that of the database behind it.

A reader never waits for a cluster that is away: two short tries, the answer of the database in its place, then half a
minute without asking again. What the cluster does not know yet (the outbox) is left out of what it finds, by key, so
that a change of diffusion counts at once; when that is too much, the database answers.
"""

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import TypeVar

from elasticsearch import ApiError

from search.engines.base import Demande, Ecarts, Etat, Groupe, Moteur, MoteurInjoignable, Texte, Trouvailles
from search.engines.elastic import ElasticMoteur
from search.models import SearchEntry, SearchOutbox

logger = logging.getLogger(__name__)

# Seconds without asking a cluster that did not answer.
REPOS = 30.0
# Entries left out of a question; beyond, it would cost more than the answer of the database.
LAISSEES = 1_000
T = TypeVar("T")


class Disjoncteur:
    """Open while the cluster is left alone. The first question after REPOS tries for all the others."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until = 0.0
        self.error = ""

    def allows(self) -> bool:
        with self._lock:
            now = time.monotonic()
            if now < self._until:
                return False
            if self._until:
                self._until = now + REPOS
            return True

    def open(self, error: Exception) -> None:
        with self._lock:
            self._until, self.error = time.monotonic() + REPOS, str(error)

    def close(self) -> None:
        with self._lock:
            self._until, self.error = 0.0, ""


class Repli:
    """The port over both engines. Writing is for the database's; `search/envoi.py` tells the other."""

    def __init__(self, reparti: ElasticMoteur, base: Moteur) -> None:
        self.reparti, self.base = reparti, base
        self.nom = reparti.nom
        self.disjoncteur = Disjoncteur()

    def search(self, demande: Demande) -> Trouvailles:
        found = self._ask(lambda sans: self.reparti.search(replace(demande, sans=demande.sans | sans)))
        if found is None:
            return replace(self.base.search(demande), simplifiee=True)
        if len(found.rangs) < min(found.total, demande.limite):
            # More keys than the cluster gives at once: all of them stand in the database.
            return self.base.search(demande)
        kept = _readable([key for key, _ in found.rangs], demande.audiences)
        if len(kept) == len(found.rangs):
            return found
        rangs = [one for one in found.rangs if one[0] in kept]
        return replace(found, rangs=rangs, total=found.total - len(found.rangs) + len(rangs))

    def suggest(
        self, debuts: tuple[Groupe, ...], audiences: frozenset[int], sans: frozenset[int], nombre: int
    ) -> list[int]:
        found = self._ask(lambda waiting: self.reparti.suggest(debuts, audiences, sans | waiting, nombre))
        return self.base.suggest(debuts, audiences, sans, nombre) if found is None else found

    def count(self, demande: Demande, au_plus: int) -> int:
        counted = self._ask(lambda sans: self.reparti.count(replace(demande, sans=demande.sans | sans), au_plus))
        return self.base.count(demande, au_plus) if counted is None else counted

    def counts(self, demandes: list[Demande], au_plus: int) -> list[int]:
        counted = self._ask(
            lambda sans: self.reparti.counts([replace(one, sans=one.sans | sans) for one in demandes], au_plus)
        )
        return self.base.counts(demandes, au_plus) if counted is None else counted

    def _ask(self, question: Callable[[frozenset[int]], T]) -> T | None:
        """The answer of the cluster to a question that leaves out the keys it is given; None when it has none."""
        waiting = frozenset(SearchOutbox.objects.order_by().values_list("entree", flat=True)[: LAISSEES + 1])
        if len(waiting) > LAISSEES or not self.disjoncteur.allows():
            return None
        try:
            answer = question(waiting)
        except MoteurInjoignable as error:
            logger.warning("recherche.grappe_injoignable %s", error)
            self.disjoncteur.open(error)
            return None
        except ApiError:
            logger.exception("recherche.question_refusee")
            return None
        self.disjoncteur.close()
        return answer

    def index(self, textes: Iterable[Texte]) -> None:
        self.base.index(textes)

    def remove(self, keys: Collection[int]) -> None:
        self.base.remove(keys)

    def check(self) -> Ecarts:
        return self.reparti.check()

    def rebuild(self, textes: Callable[..., Iterable[Texte]], avance: Callable[[int], None]) -> None:
        self.reparti.rebuild(textes, avance)

    def health(self) -> Etat:
        return self.reparti.health()


def _readable(keys: list[int], audiences: frozenset[int]) -> set[int]:
    """Those that the table gives to these audiences now: a node cut off from the others may answer with what was."""
    held = SearchEntry.objects.filter(pk__in=keys).order_by().values_list("pk", "audience_id")
    return {pk for pk, audience in held if audience in audiences}
