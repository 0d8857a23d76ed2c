"""The delays of a seat: how long it is held, how far the session is, hours in which one answers."""

from datetime import date, datetime, time, timedelta
from enum import Enum

from django.utils import timezone

from extranet.lib.jours_ouvres import is_working_day, working_day_after, working_days_until
from formations.models import ReglagesFormation, SessionFormation
from formations.refus import InscriptionRefusee

MATIN, SOIR = time(9), time(17)
# Too late for an offer to be read: somebody is called.
APPEL = timedelta(hours=24)


class Regime(Enum):
    """How a seat that is freed reaches the waiting list, from far to near."""

    DIRECT = "placée et prévenue"
    OFFRE = "proposée, et attend un oui"
    APPEL = "on appelle, dans l’ordre des rangs"
    FERME = "plus rien"


def starts_at(session: SessionFormation) -> datetime | None:
    """The first minute of the first half-day; None without dates."""
    first = session.creneaux.order_by("demi_journee").first() if session.is_dated else None
    return first.debut if first else None


def has_started(session: SessionFormation, now: datetime) -> bool:
    """From its first minute; a query on the first day and after. Never without dates."""
    if session.date_debut is None or timezone.localdate(now) < session.date_debut:
        return False
    start = starts_at(session)
    return start is None or start <= now


def check_not_started(session: SessionFormation, now: datetime) -> None:
    """Raises InscriptionRefusee once it has: the presences alone then say who had the seat."""
    if has_started(session, now):
        raise InscriptionRefusee(
            "Cette session a commencé : on n’y rend plus sa place, on n’y remplace plus personne. "
            "Qui est venu se dit aux présences."
        )


def regime_of(session: SessionFormation, now: datetime) -> Regime:
    """Without dates nobody is placed: the interested keep their rank until they are fixed."""
    if not session.is_proposed or session.date_debut is None:
        return Regime.FERME
    today = timezone.localdate(now)
    if session.date_debut - today <= timedelta(days=1):
        start = starts_at(session)
        if start is None or start <= now:
            return Regime.FERME
        if start - now < APPEL:
            return Regime.APPEL
    near = working_days_until(today, session.date_debut) <= ReglagesFormation.load().promotion_jours
    return Regime.OFFRE if near else Regime.DIRECT


def visa_deadline(session: SessionFormation, now: datetime, jours: int | None = None) -> datetime:
    """The last minute of a working day, and never after the session has begun."""
    days = ReglagesFormation.load().visa_jours if jours is None else jours
    return _before_start(session, _end_of(working_day_after(timezone.localdate(now), days)))


def offer_deadline(session: SessionFormation, now: datetime) -> datetime:
    """So many working hours (9 h to 17 h on working days) after `now`, and never after the session has begun."""
    return _before_start(session, add_working_hours(now, ReglagesFormation.load().offre_heures))


def add_working_hours(now: datetime, hours: int) -> datetime:
    left, moment = timedelta(hours=hours), timezone.localtime(now)
    while True:
        day = moment.date()
        opens, closes = _at(day, MATIN), _at(day, SOIR)
        if is_working_day(day) and moment < closes:
            begins = max(moment, opens)
            if closes - begins >= left:
                return begins + left
            left -= closes - begins
        moment = _at(day + timedelta(days=1), MATIN)


def _at(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))


def _end_of(day: date) -> datetime:
    return _at(day, time(23, 59))


def _before_start(session: SessionFormation, moment: datetime) -> datetime:
    if session.date_debut is None or timezone.localdate(moment) < session.date_debut:
        return moment
    start = starts_at(session)
    return min(moment, start) if start else moment
