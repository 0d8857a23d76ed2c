"""The seats told again from the rows and the history, by other means than the triggers: what differs is wrong.

I1 to I7 are the promises of the training. Nothing of the acts serves here but the rules of the calendar (`delais`).
"""

import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from django.utils import timezone

from extranet.lib.demi_journees import DemiJournee
from formations.enums import ACTIVES, PLACEES, PROPOSEES, StatutInscription
from formations.models import Inscription
from formations.places import delais, releve
from formations.places.passages import unfair
from formations.places.releve import CHANGENT, Releve

# `veille` passes every ten minutes: what is due has had time to happen.
DELAI = timedelta(hours=1)
# Who gives back a seat here wakes the other sessions right after its transaction (I6).
REVEIL = 3.0

INVARIANTS = {
    "I1": "pas plus de places données que la session n’en a",
    "I2": "pas plus de places par commune que son quota",
    "I3": "une personne, une fois dans une session",
    "I4": "personne à deux endroits la même demi-journée",
    "I5": "un rang donné une fois, servi à son tour",
    "I6": "pas de place libre quand quelqu’un peut la prendre",
    "I7": "l’historique et les dates disent l’état",
}


@dataclass(frozen=True, order=True)
class Ecart:
    """A fault, in words, of which promise and in which session."""

    invariant: str
    session: str
    phrase: str

    def __str__(self) -> str:
        return f"{self.invariant}  {self.session} : {self.phrase}"


@dataclass
class Bilan:
    """What was looked at, and the faults."""

    sessions: int
    inscriptions: int
    mouvements: int
    ecarts: list[Ecart]


def check(*, reveil: float = 0) -> Bilan:
    """All the faults, in the order of the promises; reads only. With `reveil`, seconds, a seat seen free while somebody
    may take it is looked at twice: on a site in use, the transaction that gives it may be the next one.
    """
    found = _look()
    if reveil and any(one.invariant == "I6" for one in found.ecarts):
        time.sleep(reveil)
        again = set(_look().ecarts)
        found.ecarts = [one for one in found.ecarts if one.invariant != "I6" or one in again]
    return found


def _look() -> Bilan:
    known = releve.read()
    rules = (_capacity, _quotas, _once, _half_days, _ranks, _free_seats, _history)
    found = sorted(one for rule in rules for one in rule(known))
    return Bilan(len(known.sessions), len(known.inscriptions), sum(map(len, known.of_session.values())), found)


def _capacity(known: Releve) -> Iterator[Ecart]:
    held = Counter(one.session_id for one in known.inscriptions.values() if one.statut in PLACEES)
    for pk, session in known.sessions.items():
        if held[pk] > session.capacite:
            yield Ecart("I1", session.numero, f"{held[pk]} places données, elle en a {session.capacite}.")
        if held[pk] != session.occupees:
            yield Ecart("I1", session.numero, f"elle dit {session.occupees} places prises, il y en a {held[pk]}.")


def _quotas(known: Releve) -> Iterator[Ecart]:
    held = Counter((i.session_id, i.collectivite_id) for i in known.inscriptions.values() if i.statut in PLACEES)
    for key in held.keys() | known.communes.keys():
        session, row = known.sessions[key[0]], known.communes.get(key)
        name = row.collectivite.nom if row else f"la collectivité {key[1]}"
        if held[key] != (row.occupees if row else 0):
            said = row.occupees if row else 0
            yield Ecart("I2", session.numero, f"{name} a {held[key]} places, et il en est compté {said}.")
        if row and row.quota is not None and held[key] > row.quota:
            yield Ecart("I2", session.numero, f"{name} a {held[key]} places pour un quota de {row.quota}.")
        limited = session.quota_commune is not None and not session.quotas_leves
        if row and (row.quota is not None) != limited:
            yield Ecart("I2", session.numero, f"le quota de {name} ne suit pas celui de la session.")


def _once(known: Releve) -> Iterator[Ecart]:
    times = Counter((i.session_id, i.agent_id) for i in known.inscriptions.values() if i.statut in ACTIVES)
    for (session, agent), number in times.items():
        if number > 1:
            yield Ecart("I3", known.sessions[session].numero, f"la personne {agent} y est {number} fois.")


def _half_days(known: Releve) -> Iterator[Ecart]:
    due: dict[tuple[int, int], list[Inscription]] = defaultdict(list)
    for one in known.inscriptions.values():
        if one.statut in PLACEES:
            for demi in known.halves[one.session_id]:
                due[one.agent_id, demi].append(one)
    for (agent, _), seats in due.items():
        if len(seats) > 1:
            numbers = sorted(known.sessions[seat.session_id].numero for seat in seats)
            yield Ecart("I4", numbers[0], f"la personne {agent} est aussi dans {', '.join(numbers[1:])} à ce moment.")
    wrong = Counter()
    for key in due.keys() | known.taken.keys():
        holders = {one.pk for one in due.get(key, ())}
        written = known.taken.get(key)
        if written not in holders and (holders or written is not None):
            wrong[min(holders) if holders else written] += 1
    for pk, number in wrong.items():
        session = known.sessions[known.inscriptions[pk].session_id]
        yield Ecart("I4", session.numero, f"l’inscription {pk} occupe mal {number} demi-journée(s).")


def _ranks(known: Releve) -> Iterator[Ecart]:
    for pk, seats in known.in_session().items():
        session, ranks = known.sessions[pk], Counter(one.rang for one in seats if one.rang is not None)
        for rank, number in ranks.items():
            if number > 1:
                yield Ecart("I5", session.numero, f"le rang {rank} est donné {number} fois.")
        if ranks and max(ranks) > session.dernier_rang:
            yield Ecart("I5", session.numero, f"le rang {max(ranks)} dépasse le dernier donné, {session.dernier_rang}.")
        for one in seats:
            if one.rang is None and one.statut in (StatutInscription.ATTENTE, StatutInscription.OFFERTE):
                yield Ecart("I5", session.numero, f"l’inscription {one.pk} attend sans rang.")
    for passage in unfair(known):
        yield Ecart("I5", known.sessions[passage.session].numero, passage.phrase)


def _free_seats(known: Releve) -> Iterator[Ecart]:
    now = timezone.now()
    late = now - DELAI
    for pk, seats in known.in_session().items():
        session = known.sessions[pk]
        overdue = [one.pk for one in seats if one.statut in _TENUES and one.tenue_jusqua and one.tenue_jusqua < late]
        if overdue:
            yield Ecart("I6", session.numero, f"{len(overdue)} place(s) tenue(s) au-delà du délai.")
        due = session.quota_leve_le is not None and session.quota_leve_le < late and not session.quotas_leves
        if due and session.statut in PROPOSEES:
            yield Ecart("I6", session.numero, "ses quotas devaient être levés.")
        first = next((one for one in _in_turn(seats) if _may_pass(known, one, seats)), None)
        if first is not None and delais.regime_of(session, now) in (delais.Regime.DIRECT, delais.Regime.OFFRE):
            yield Ecart("I6", session.numero, f"une place est libre et le rang {first.rang} attend.")


_TENUES = (StatutInscription.TENUE, StatutInscription.OFFERTE)


def _in_turn(seats: list[Inscription]) -> list[Inscription]:
    waiting = [one for one in seats if one.statut == StatutInscription.ATTENTE]
    return sorted(waiting, key=lambda one: (-one.priorite, one.rang or 0))


def _may_pass(known: Releve, one: Inscription, seats: list[Inscription]) -> bool:
    """A seat, the quota of their commune, their half-days: counted here, from the inscriptions; and still there."""
    session = known.sessions[one.session_id]
    if (one.agent_id, one.collectivite_id) not in known.here:
        return False
    held = [other for other in seats if other.statut in PLACEES]
    if len(held) >= session.capacite:
        return False
    quota = None if session.quotas_leves else session.quota_commune
    mine = sum(other.collectivite_id == one.collectivite_id for other in held)
    if quota is not None and mine >= quota:
        return False
    return not any((one.agent_id, demi) in known.taken for demi in known.halves[one.session_id])


def _history(known: Releve) -> Iterator[Ecart]:
    for pk, one in known.inscriptions.items():
        session = known.sessions[one.session_id]
        moves = [line for line in known.told.get(pk, ()) if line.acte in CHANGENT]
        if not moves:
            yield Ecart("I7", session.numero, f"l’inscription {pk} n’a pas d’historique.")
            continue
        if moves[-1].vers != one.statut:
            said = f"l’historique la dit « {moves[-1].vers} »"
            yield Ecart("I7", session.numero, f"l’inscription {pk} est « {one.statut} », {said}.")
        if any(after.de != before.vers for before, after in pairwise(moves)):
            yield Ecart("I7", session.numero, f"l’historique de l’inscription {pk} a un trou.")
    for pk, session in known.sessions.items():
        halves = [DemiJournee.at(demi).date for demi in known.halves[pk]]
        span = (min(halves), max(halves)) if halves else (None, None)
        if (session.date_debut, session.date_fin) != span:
            yield Ecart("I7", session.numero, "ses dates ne sont pas celles de ses demi-journées.")
        told = [line.vers for line in known.of_session.get(pk, ()) if line.inscription is None]
        if not told or told[-1] != session.statut:
            yield Ecart("I7", session.numero, f"elle est « {session.statut} », son historique ne le dit pas.")
