"""The waiting list: who passes next, and why the others wait.

Served by (priority, rank). Whoever cannot pass now (quota of the commune, another training on the same half-day, gone
from the commune that asked) keeps their rank and is told why; the next one passes. Called before the end of every
transaction that frees a seat (I6).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from extranet.lib.tour import rejoue
from formations.enums import Acte, StatutInscription, Visa
from formations.models import Inscription, SessionFormation
from formations.places import delais, histoire, situation
from formations.places.delais import Regime
from formations.places.en_poste import still_there
from formations.places.verrous import lock, lock_agents, places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from formations.models import Mouvement


@dataclass(frozen=True)
class Attente:
    """Somebody who waits, and the reason: gone from their commune, its quota, taken elsewhere, or no seat."""

    inscription: Inscription
    quota: bool = False
    ailleurs: int | None = None
    partie: bool = False

    @property
    def eligible(self) -> bool:
        return not self.partie and not self.quota and self.ailleurs is None


def queue(session: SessionFormation, waiting: list[Inscription], known: situation.Situation) -> "Iterator[Attente]":
    """Each one who waits, as things stand when they are reached; `known` may change between two. One query."""
    here = still_there((one.agent_id, one.collectivite_id) for one in waiting)
    for one in waiting:
        full = not known.room_for(session, one.collectivite_id)
        gone = (one.agent_id, one.collectivite_id) not in here
        yield Attente(one, quota=full, ailleurs=known.pris.get(one.agent_id), partie=gone)


def waiting_list(session: SessionFormation) -> list[Attente]:
    """The waiting list with the reason of each, for a screen: nothing is locked."""
    waiting = list(session.inscriptions.waiting().select_related("agent", "collectivite"))
    known = situation.read(session, [one.agent_id for one in waiting])
    return list(queue(session, waiting, known))


def someone_passes(session: SessionFormation, known: situation.Situation) -> bool:
    """True when somebody who waits could have a free seat now: a newcomer stands behind them."""
    if not known.attendent or session.is_full:
        return False
    return any(one.eligible for one in waiting_list(session))


def promote(session: SessionFormation, now: datetime | None = None) -> list[Inscription]:
    """Gives the free seats to those who wait; the session is locked. Returns those who have one now."""
    now = now or timezone.now()
    lift_due_quotas(session, now)
    regime = delais.regime_of(session, now) if not session.is_full else Regime.FERME
    if regime not in (Regime.DIRECT, Regime.OFFRE):
        return []
    waiting = list(session.inscriptions.waiting())
    if not waiting:
        return []
    people = [one.agent_id for one in waiting]
    lock_agents(people)
    known = situation.read(session, people)
    served, lines, gone = [], [], []
    for rung in queue(session, waiting, known):
        if session.is_full:
            break
        if rung.partie:
            gone.append(rung.inscription.pk)
        if rung.eligible:
            lines.append(_give(session, rung.inscription, regime, now, gone))
            known.place(session, rung.inscription.collectivite_id)
            served.append(rung.inscription)
    histoire.write(lines)
    return served


def _give(
    session: SessionFormation, inscription: Inscription, regime: Regime, now: datetime, gone: list[int]
) -> "Mouvement":
    """`gone`: those passed over because they have left; the history keeps it, since postes change."""
    inscription.statut_le, inscription.tenue_jusqua = now, None
    if regime == Regime.OFFRE:
        inscription.statut = StatutInscription.OFFERTE
        inscription.tenue_jusqua = delais.offer_deadline(session, now)
    elif inscription.visa == Visa.ATTENDU:
        inscription.statut = StatutInscription.TENUE
        inscription.tenue_jusqua = delais.visa_deadline(session, now)
    else:
        inscription.statut = StatutInscription.CONFIRMEE
    inscription.save(update_fields=["statut", "statut_le", "tenue_jusqua"])
    acte = Acte.OFFERTE if regime == Regime.OFFRE else Acte.PROMUE
    said = {"rang": inscription.rang} | ({"parties": list(gone)} if gone else {})
    return histoire.line(acte, inscription, None, de=StatutInscription.ATTENTE, **said)


def lift_due_quotas(session: SessionFormation, now: datetime) -> bool:
    """Past their date, quotas weigh no more; the session is locked."""
    if session.quotas_leves or session.quota_leve_le is None or session.quota_leve_le > now:
        return False
    session.quotas_leves = True
    session.save(update_fields=["quotas_leves"])
    session.communes.exclude(quota=None).update(quota=None)
    histoire.write([histoire.session_line(Acte.QUOTAS_LEVES, session, None)])
    return True


@rejoue
def sweep(session_pk: int) -> list[Inscription]:
    """The same in a transaction of its own, for a session where somebody may have become eligible; idempotent."""
    with places():
        return promote(lock(session_pk))


def wake_after(agents: list[int], sauf: int) -> None:
    """Once this transaction is written: those who are free again may pass elsewhere. A failure there never undoes, nor
    replays, the act that is done; the hourly sweep passes again.
    """
    transaction.on_commit(lambda: wake(agents, sauf), robust=True)


def wake(agents: list[int], sauf: int) -> None:
    """One transaction a session, after that of the act.

    Full sessions too: one of them may be freeing a seat at this moment, and have read that the person was still taken.
    """
    waiting = Inscription.objects.filter(agent__in=agents, statut=StatutInscription.ATTENTE).exclude(session=sauf)
    for pk in sorted(set(waiting.values_list("session", flat=True))):
        sweep(pk)
