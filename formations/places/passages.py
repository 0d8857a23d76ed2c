"""Who passed before whom, as the history tells it: the order of promotions is that of (priority, rank).

Whoever was passed over had a reason then: their commune at its quota, a seat elsewhere on the same half-day, or gone
from that commune, as the line that passed over them says. What the history does not keep (quotas changed, half-days
moved, a priority given later) is not held against anybody.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from formations.enums import PLACEES, Acte, StatutInscription
from formations.places.releve import CHANGENT, Ligne, Releve

PASSENT = (Acte.PROMUE, Acte.OFFERTE)
# A seat being given back elsewhere counted until its transaction ended: it waits three seconds at most for a lock.
TRANSACTION = timedelta(seconds=15)
ATTENTE = StatutInscription.ATTENTE


@dataclass(frozen=True)
class Passage:
    """A promotion before its turn."""

    session: int
    phrase: str


def unfair(known: Releve) -> Iterator[Passage]:
    """Each promotion that passed before somebody who could have had the seat."""
    elsewhere = _Ailleurs(known)
    for pk, lines in known.of_session.items():
        yield from _of_session(known, pk, lines, elsewhere)


def _of_session(known: Releve, pk: int, lines: list[Ligne], elsewhere: "_Ailleurs") -> Iterator[Passage]:
    """Played again line by line: those of one act are written in the order in which they passed."""
    session, states, held = known.sessions[pk], {}, Counter()
    unsure = any(line.acte == Acte.SESSION_MODIFIEE for line in lines)
    moved = {line.inscription for line in lines if line.acte == Acte.PRIORITE}
    for line in lines:
        if line.inscription is None or line.acte not in CHANGENT:
            continue
        one = known.inscriptions[line.inscription]
        if line.acte in PASSENT and one.pk not in moved:
            for other in (known.inscriptions[key] for key, state in states.items() if state == ATTENTE):
                first = other.pk not in moved and (-other.priorite, other.rang) < (-one.priorite, one.rang)
                full = _at_quota(session, held[other.collectivite_id], line, lines, unsure=unsure)
                gone = other.pk in line.parties
                if first and not full and not gone and not elsewhere.at(other.agent_id, pk, line.le):
                    yield Passage(pk, f"le rang {one.rang} est passé avant le rang {other.rang}.")
        before, after = states.get(one.pk, ""), line.vers
        held[one.collectivite_id] += (after in PLACEES) - (before in PLACEES)
        states[one.pk] = after


def _at_quota(session: object, seats: int, line: Ligne, lines: list[Ligne], *, unsure: bool) -> bool:
    """With the quota of today when it never changed; else any seat of the commune may have been at it."""
    lifted = any(one.acte == Acte.QUOTAS_LEVES and one.pk < line.pk for one in lines)
    if unsure:
        return seats > 0
    return session.quota_commune is not None and not lifted and seats >= session.quota_commune


class _Ailleurs:
    """When each person held a seat in another session on one of the same half-days."""

    def __init__(self, known: Releve) -> None:
        self.known, self.held = known, {}
        for pk, lines in known.told.items():
            one = known.inscriptions[pk]
            moves = [line for line in lines if line.acte in CHANGENT]
            if any(line.vers in PLACEES for line in moves):
                self.held.setdefault(one.agent_id, []).append((one.session_id, moves))
        self.moved = {
            pk for pk, lines in known.of_session.items() if any(line.acte == Acte.SESSION_REPORTEE for line in lines)
        }
        self.overlap = cache(self._overlap)

    def at(self, agent: int, session: int, when: datetime) -> bool:
        return any(
            other != session and self.overlap(session, other) and _was_placed(moves, when)
            for other, moves in self.held.get(agent, ())
        )

    def _overlap(self, one: int, other: int) -> bool:
        if one in self.moved or other in self.moved:
            return True
        return bool(self.known.halves[one] & self.known.halves[other])


def _was_placed(moves: list[Ligne], when: datetime) -> bool:
    """At that moment, or until just before."""
    until = bisect_right(moves, when, key=lambda line: line.le)
    recent = [
        line.vers for n, line in enumerate(moves[:until]) if n == until - 1 or moves[n + 1].le > when - TRANSACTION
    ]
    return any(state in PLACEES for state in recent)
