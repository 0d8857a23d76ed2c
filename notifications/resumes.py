"""Digests: what is new since the last one, in one mail a day or a week, repeating nothing sent or read.

The mail of the day leaves on working days at the hour that the agent chose, that of the week on its day or on the
first working day after it. Each holds what was received before its hour: running late, or twice, changes nothing.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from collectivites.models import Agent
from extranet.lib.jours_ouvres import is_working_day, working_day_from
from notifications.composition import SORTE_RESUME, digest_title, visible_lines
from notifications.enums import Envoi, Frequence, HeureResume
from notifications.models import Courriel, Notification, Preference, Rythme
from notifications.models.courriel import DUREE_DE_VIE
from notifications.preferences import on_pause, sorte_of

if TYPE_CHECKING:
    from collections.abc import Mapping

HEURE_HEBDOMADAIRE, SEMAINE = HeureResume.MATIN, timedelta(days=7)
# Agents read at once.
LOT = 500
ORDINAIRE = Rythme()


@dataclass(frozen=True)
class Parution:
    """One issue of a digest: its day names it, and it holds what was received before `avant`."""

    frequence: Frequence
    jour: date
    avant: datetime

    def key(self, agent_id: int) -> str:
        return f"resume:{self.frequence}:{agent_id}:{self.jour:%Y-%m-%d}"


def issue_of(frequence: Frequence, rythme: Rythme, now: datetime) -> Parution | None:
    """The issue that is out at `now` for this rhythm; None before its hour, and on days off."""
    today = timezone.localdate(now)
    if not is_working_day(today):
        return None
    if frequence == Frequence.QUOTIDIEN:
        issue = Parution(frequence, today, _at(today, rythme.heure))
    else:
        nominal = today - timedelta(days=(today.isoweekday() - rythme.jour) % 7)
        issue = Parution(frequence, nominal, _at(working_day_from(nominal), HEURE_HEBDOMADAIRE))
    return issue if issue.avant <= now else None


def _at(day: date, heure: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(heure), tzinfo=timezone.get_default_timezone())


def write_digests(now: datetime | None = None) -> int:
    """Writes the digests that are out and not written yet; returns how many. Each in its own short transaction."""
    now = now or timezone.now()
    if not is_working_day(timezone.localdate(now)):
        return 0
    waiting = list(_waiting(now))
    written = _written(now) if waiting else frozenset()
    to_write = [one for one in waiting if one[1].key(one[0]) not in written]
    count = 0
    for start in range(0, len(to_write), LOT):
        some = to_write[start : start + LOT]
        agents = Agent.objects.in_bulk({agent_id for agent_id, _, _ in some})
        count += sum(_write(agents[agent_id], issue, ids) for agent_id, issue, ids in some)
    return count


def _written(now: datetime) -> frozenset[str]:
    """Keys of the digests of the last days. One query."""
    recent = Courriel.objects.filter(sorte__in=SORTE_RESUME.values(), created_at__gte=now - 2 * SEMAINE)
    return frozenset(recent.values_list("cle", flat=True))


def _waiting(now: datetime) -> Iterator[tuple[int, Parution, list[int]]]:
    """For each agent, each issue that is out and what would be in it. Four queries, whatever the number of agents."""
    rythmes = {rythme.agent_id: rythme for rythme in Rythme.objects.all()}
    chosen = dict(_preferences())
    silent = on_pause(timezone.localdate(now))
    waiting: dict[tuple[int, Parution], list[int]] = defaultdict(list)
    rows = Notification.objects.awaiting_digest().filter(created_at__lt=now).order_by("created_at", "pk")
    for pk, agent_id, sorte, created_at in rows.values_list("pk", "destinataire_id", "sorte", "created_at").iterator():
        frequence = _frequence(sorte, agent_id, chosen)
        if frequence is None or agent_id in silent:
            continue
        issue = issue_of(frequence, rythmes.get(agent_id, ORDINAIRE), now)
        if issue and created_at < issue.avant:
            waiting[agent_id, issue].append(pk)
    for (agent_id, issue), ids in waiting.items():
        yield agent_id, issue, ids


def _preferences() -> Iterator[tuple[tuple[int, str], str]]:
    for agent_id, sorte, frequence in Preference.objects.values_list("agent_id", "sorte", "frequence"):
        yield (agent_id, sorte), frequence


def _frequence(sorte: str, agent_id: int, chosen: "Mapping[tuple[int, str], str]") -> Frequence | None:
    """As the agent wants it today; what waited for a digest when « tout de suite » was chosen leaves with the next."""
    frequence = Frequence(chosen.get((agent_id, sorte), sorte_of(sorte).frequence))
    if frequence == Frequence.JAMAIS:
        return None
    return Frequence.HEBDOMADAIRE if frequence == Frequence.HEBDOMADAIRE else Frequence.QUOTIDIEN


def _write(agent: Agent, issue: Parution, ids: list[int]) -> bool:
    """One digest, its row and what it carries together; False when there is nothing to say or it is written."""
    pending = Notification.objects.awaiting_digest().filter(pk__in=ids)
    lines = visible_lines(pending, agent) if agent.email and agent.is_active else []
    told = [line.pk for line in lines]
    if len(told) < len(ids):
        # What its reader may no longer see will not be mailed, and is not looked at again every ten minutes.
        pending.exclude(pk__in=told).update(envoi=Envoi.AUCUN)
    if not told:
        return False
    try:
        with transaction.atomic():
            courriel = Courriel.objects.create(
                agent=agent,
                adresse=agent.email,
                sorte=SORTE_RESUME[issue.frequence],
                sujet=digest_title(len(told), issue.frequence),
                cle=issue.key(agent.pk),
                expire_le=timezone.now() + DUREE_DE_VIE,
            )
            Notification.objects.awaiting_digest().filter(pk__in=told).update(
                resume=courriel, resumee_le=timezone.now()
            )
    except IntegrityError:
        return False
    return True
