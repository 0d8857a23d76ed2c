"""Everything that `verification` recounts, read at one instant: no act is seen half-way, and none waits."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import QuerySet

from collectivites.models import Poste
from formations.enums import Acte
from formations.models import Creneau, DemiJourneePrise, Inscription, Mouvement, SessionCommune, SessionFormation

if TYPE_CHECKING:
    from datetime import datetime

# What moves an inscription from a state to another, or gives it its visa; the other lines only tell.
CHANGENT = frozenset(
    {
        *(Acte.INSCRITE, Acte.RANGEE, Acte.PROMUE, Acte.OFFERTE, Acte.OFFRE_PRISE, Acte.VISEE, Acte.REFUSEE),
        *(Acte.DESISTEE, Acte.REMPLACEE, Acte.EXPIREE, Acte.CONCLUE, Acte.SESSION_ANNULEE),
    }
)


@dataclass(frozen=True)
class Ligne:
    """A line of the history."""

    pk: int
    session: int
    inscription: int | None
    acte: str
    de: str
    vers: str
    le: "datetime"
    champs: tuple[str, ...]
    parties: tuple[int, ...]


@dataclass
class Releve:
    """Rows by their keys. `halves`: session → half-days; `taken`: (agent, half-day) → inscription; `here`: (agent,
    collectivité) of the postes that have not ended.
    """

    sessions: dict[int, SessionFormation]
    inscriptions: dict[int, Inscription]
    communes: dict[tuple[int, int], SessionCommune]
    halves: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    taken: dict[tuple[int, int], int] = field(default_factory=dict)
    here: set[tuple[int, int]] = field(default_factory=set)
    told: dict[int, list[Ligne]] = field(default_factory=lambda: defaultdict(list))
    of_session: dict[int, list[Ligne]] = field(default_factory=lambda: defaultdict(list))

    def in_session(self) -> dict[int, list[Inscription]]:
        found = defaultdict(list)
        for one in self.inscriptions.values():
            found[one.session_id].append(one)
        return found


def read() -> Releve:
    with _instant():
        rows = SessionCommune.objects.select_related("collectivite").order_by()
        found = Releve(
            {one.pk: one for one in SessionFormation.objects.order_by()},
            {one.pk: one for one in _inscriptions()},
            {(one.session_id, one.collectivite_id): one for one in rows},
        )
        for session, demi in Creneau.objects.order_by().values_list("session", "demi_journee"):
            found.halves[session].add(demi)
        for agent, demi, inscription in DemiJourneePrise.objects.values_list("agent", "demi_journee", "inscription"):
            found.taken[agent, demi] = inscription
        found.here.update(Poste.objects.not_ended().order_by().values_list("agent", "collectivite"))
        for line in _lines():
            found.of_session[line.session].append(line)
            if line.inscription is not None:
                found.told[line.inscription].append(line)
        return found


def _inscriptions() -> "QuerySet[Inscription]":
    rows = Inscription.objects.order_by("pk")
    return rows.only("session", "agent", "collectivite", "statut", "rang", "priorite", "tenue_jusqua")


def _lines() -> Iterator[Ligne]:
    """In the order in which they were written: under the lock of their session, that of their keys."""
    fields = ("pk", "session", "inscription", "acte", "de", "vers", "created_at", "donnees")
    for *row, said in Mouvement.objects.order_by("pk").values_list(*fields).iterator():
        said = said if isinstance(said, dict) else {}
        yield Ligne(*row, tuple(said.get("champs", ())), tuple(said.get("parties", ())))


@contextmanager
def _instant() -> Iterator[None]:
    """One snapshot for all that follows, which locks nobody out. Inside a transaction, that of its owner."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(durable=True):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
