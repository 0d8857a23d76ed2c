"""The pass of the alerts: what is new in the kept searches whose hour has come, in one mail a person.

New is what answers now, that its reader may see, and that was neither there when the alert began nor told since: what
a wider diffusion or a new poste opens is new that day, what comes back is not. The mail, what it tells and the hour are
written together, so that running late, twice, or from two processes tells nothing twice. What its reader may no longer
see when the mail leaves is not in it, and is told another day if it is open to them again.
"""

import logging
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from collectivites.models import Agent
from extranet.lib.jours_ouvres import is_working_day, working_day_from
from notifications.models import Courriel, Rythme
from notifications.models.courriel import DUREE_DE_VIE
from notifications.preferences import on_pause
from search.engines.base import MoteurInjoignable
from search.enums import FrequenceAlerte
from search.gardees.listes import ListeMuette, keys_of
from search.models import Nouveaute, RechercheGardee

if TYPE_CHECKING:
    from collections.abc import Iterable

logger = logging.getLogger(__name__)

SORTE = "alertes"
# What administrators read of it: neither names nor words of the search.
SUJET = "Du nouveau dans vos recherches gardées"
ORDINAIRE = Rythme()
# Agents read at once.
LOT = 200


@dataclass
class Regard:
    """What a search answers now: its `keys`, or what keeps it from answering."""

    recherche: RechercheGardee
    keys: list[str] = field(default_factory=list)
    empechement: str = ""
    news: list[str] = field(default_factory=list)


def hour_of(frequence: str, rythme: Rythme, now: datetime) -> datetime | None:
    """The last hour at which an alert of this rhythm was due, at the hour of the mail of the day; None on days off.

    That of the week leaves at the same hour as that of the day, so that both are one mail.
    """
    today = timezone.localdate(now)
    if not is_working_day(today):
        return None
    day = today
    if frequence == FrequenceAlerte.HEBDOMADAIRE:
        day = working_day_from(today - timedelta(days=(today.isoweekday() - rythme.jour) % 7))
    hour = datetime.combine(day, time.fromisoformat(rythme.heure), tzinfo=timezone.get_default_timezone())
    return hour if hour <= now else None


def write_alerts(now: datetime | None = None) -> int:
    """Writes the mails that are due; returns how many. One person’s failure is told at the end, and stops nobody."""
    now = now or timezone.now()
    Nouveaute.objects.untold().delete()
    due, count, failure = _due(now), 0, None
    keys = sorted(due)
    for start in range(0, len(keys), LOT):
        agents = Agent.objects.in_office().filter(pk__in=keys[start : start + LOT], is_active=True, email__isnull=False)
        for agent in agents:
            try:
                count += _write(agent, due[agent.pk], now)
            except Exception as error:
                logger.exception("alertes.echec agent=%s", agent.pk)
                failure = error
    if failure is not None:
        raise failure
    return count


def _due(now: datetime) -> dict[int, list[int]]:
    """The searches whose hour has come since they were last looked at, by agent. Three queries."""
    if not is_working_day(timezone.localdate(now)):
        return {}
    rythmes = {rythme.agent_id: rythme for rythme in Rythme.objects.all()}
    silent, due = on_pause(timezone.localdate(now)), defaultdict(list)
    rows = RechercheGardee.objects.alerting().order_by("pk")
    for pk, agent_id, frequence, seen in rows.values_list("pk", "agent_id", "frequence", "verifiee_le").iterator():
        hour = hour_of(frequence, rythmes.get(agent_id, ORDINAIRE), now)
        if hour and seen < hour and agent_id not in silent:
            due[agent_id].append(pk)
    return due


def _write(agent: Agent, pks: list[int], now: datetime) -> bool:
    """One mail, if there is anything new. The lists are asked before the transaction, which only writes."""
    regards = _look(agent, RechercheGardee.objects.filter(pk__in=pks).order_by("pk"))
    with transaction.atomic():
        told = [one for one in regards if _note(one, now) and one.news]
        if not told:
            return False
        courriel = Courriel.objects.create(
            agent=agent,
            adresse=agent.email,
            sorte=SORTE,
            sujet=SUJET,
            exige_poste=True,
            expire_le=now + DUREE_DE_VIE,
        )
        Nouveaute.objects.bulk_create(
            Nouveaute(recherche=one.recherche, cle=key, courriel=courriel, created_at=now)
            for one in told
            for key in one.news
        )
        RechercheGardee.objects.filter(pk__in=[one.recherche.pk for one in told]).update(alertee_le=now)
    return True


def _look(agent: Agent, recherches: "Iterable[RechercheGardee]") -> list[Regard]:
    """Those that could be asked; a search engine that is away is asked again at the next pass."""
    recherches = list(recherches)
    known: dict[int, set[str]] = {one.pk: set(one.depart or []) for one in recherches}
    for pk, key in Nouveaute.objects.filter(recherche__in=known).order_by().values_list("recherche", "cle"):
        known[pk].add(key)
    regards = []
    for one in recherches:
        regard = Regard(one)
        try:
            regard.keys = keys_of(one.liste, one.parametres, agent)
        except ListeMuette as silence:
            regard.empechement = str(silence)
        except MoteurInjoignable:
            continue
        if one.depart is not None:
            regard.news = [key for key in dict.fromkeys(regard.keys) if key not in known[one.pk]]
        regards.append(regard)
    return regards


def _note(regard: Regard, now: datetime) -> bool:
    """Takes the search for this pass alone, by one conditional update; False when another one was faster, or when its
    owner stopped it, or began it anew, meanwhile.
    """
    one = regard.recherche
    fields = {"verifiee_le": now, "empechement": regard.empechement}
    if one.depart is None and not regard.empechement:
        fields["depart"] = sorted(regard.keys)
    return bool(RechercheGardee.objects.alerting().filter(pk=one.pk, verifiee_le=one.verifiee_le).update(**fields))
