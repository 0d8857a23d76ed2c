"""Sessions that are being held: today, their people, their hours."""

from datetime import date, datetime, time

from django.utils import timezone

from collectivites.models import Agent
from extranet.lib.demi_journees import Moment
from formations.enums import Presence
from formations.models import Creneau, Inscription, SessionFormation
from formations.seances import cloture, presences
from formations.seances.presences import Saisie
from tests.formations.factories import book, day, fresh, make_session, worker


def at(on: date, hour: int, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(on, time(hour, minute)))


def half_days(session: SessionFormation) -> list[Creneau]:
    return list(session.creneaux.order_by("demi_journee"))


def held(count: int = 2, *, formation=None, on: date | None = None, **fields: object) -> tuple[SessionFormation, list]:
    """A session of a whole day with `count` people, everybody booked before its first hour."""
    session = make_session(formation, on=on, **fields)
    return session, [book(session, worker()) for _ in range(count)]


def attend(
    session: SessionFormation, auteur: Agent, said: dict[Inscription, list[Saisie]], *, close: bool = True
) -> None:
    """`said`: one Saisie a half-day; entered at its first minute, closed at its last."""
    for rank, creneau in enumerate(half_days(session)):
        entries = {one.pk: rows[rank] for one, rows in said.items()}
        presences.noter(creneau.pk, entries, auteur, now=creneau.debut)
        if close:
            presences.clore(creneau.pk, auteur, now=creneau.fin)


def there(minutes: int | None = None, note: str = "") -> Saisie:
    return Saisie(Presence.PRESENT, minutes, note, precise=True)


ABSENT, EXCUSE = Saisie(Presence.ABSENT), Saisie(Presence.EXCUSE)


def finish(session: SessionFormation, auteur: Agent, said: dict[Inscription, list[Saisie]], **options: object):
    """The presences, then the end; the closing is dated from the last minute."""
    attend(session, auteur, said)
    return cloture.clore(session.pk, auteur, now=half_days(fresh(session))[-1].fin, **options)


def morning(on: date) -> list:
    return day(on, Moment.MATIN)
