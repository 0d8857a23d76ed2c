"""The timetable of `veille`: which timed act is due, who takes it, what came of it.

The last run is a row in the database. An act is taken by one conditional update, so that two veilles run it once; it is
taken again when the veille that held it died before the end: every act may therefore be run twice without harm.
"""

import logging
import traceback
from datetime import datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from extranet.lib.apports import Echeance, collect
from notifications.models import Passage, Veille

logger = logging.getLogger(__name__)

# An act that failed is tried again before its next hour.
APRES_ECHEC = timedelta(minutes=10)


def timetable() -> list[Echeance]:
    """The timed acts of all installed apps."""
    return collect("echeances")


def run_due(veille: str, now: datetime | None = None) -> list[str]:
    """Runs, one after the other, the acts that are due; one that fails does not stop the others. Returns names."""
    ran = []
    passages = {passage.nom: passage for passage in Passage.objects.all()}
    for echeance in timetable():
        moment = now or timezone.now()
        passage = passages.get(echeance.nom) or _first_seen(echeance, moment)
        if is_due(echeance, passage, moment, veille) and _take(passage, veille, moment):
            _run(echeance, passage)
            ran.append(echeance.nom)
    return ran


def is_due(echeance: Echeance, passage: Passage, now: datetime, veille: str) -> bool:
    """Its time has come since the last run, the last run failed a while ago, or it died on the way.

    A veille runs its acts one by one: an unfinished one of its own is one whose end could not be written.
    """
    began = passage.commence_le
    if began is None:
        return True
    if passage.fini_le is None or passage.fini_le < began:
        return passage.veille == veille or not Veille.objects.alive().filter(pk=passage.veille).exists()
    if passage.echecs and began + min(APRES_ECHEC, echeance.every or APRES_ECHEC) <= now:
        return True
    if echeance.every is not None:
        return began + echeance.every <= now
    return began < last_occurrence(echeance.heure or "00:00", now)


def last_occurrence(heure: str, now: datetime) -> datetime:
    """The last time that clocks in Paris showed `heure` ("7:30")."""
    hour, minute = heure.split(":")
    zone = timezone.get_default_timezone()
    today = datetime.combine(timezone.localdate(now, zone), time(int(hour), int(minute)), tzinfo=zone)
    return today if today <= now else datetime.combine(today.date() - timedelta(days=1), today.time(), tzinfo=zone)


def _first_seen(echeance: Echeance, now: datetime) -> Passage:
    """An act of a fixed hour that was never run waits for that hour; another one is due at once."""
    ran = None if echeance.every is not None else now
    return Passage.objects.get_or_create(nom=echeance.nom, defaults={"commence_le": ran, "fini_le": ran})[0]


def _take(passage: Passage, veille: str, now: datetime) -> bool:
    same = Q(commence_le=passage.commence_le, fini_le=passage.fini_le, veille=passage.veille)
    taken = Passage.objects.filter(same, pk=passage.pk).update(commence_le=now, veille=veille)
    passage.commence_le, passage.veille = now, veille
    return bool(taken)


def _run(echeance: Echeance, passage: Passage) -> None:
    mine = Passage.objects.filter(pk=passage.pk, commence_le=passage.commence_le, veille=passage.veille)
    try:
        echeance.act()
    except Exception:
        logger.exception("echeance.echouee nom=%s", echeance.nom)
        error = traceback.format_exc()[-4000:]
        mine.update(fini_le=timezone.now(), echecs=passage.echecs + 1, erreur=error)
    else:
        now = timezone.now()
        mine.update(fini_le=now, reussi_le=now, echecs=0, erreur="")
