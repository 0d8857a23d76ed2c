"""Calendars that Outlook, Google Agenda and Thunderbird subscribe to (iCalendar, RFC 5545 and RFC 7986).

Hours are written in UTC: without recurrence nothing is lost, and no programme reads « Europe/Paris » in its own way.
"""

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from extranet.lib.demi_journees import DemiJournee, Moment

PARIS = ZoneInfo("Europe/Paris")
HORAIRES = {
    Moment.MATIN: (datetime.time(8), datetime.time(12)),
    Moment.APRES_MIDI: (datetime.time(13, 30), datetime.time(17, 30)),
}
RAFRAICHISSEMENT = datetime.timedelta(hours=1)
_PRODID = "-//L’Extranet des communes//Agenda//FR"
_LINE_END = re.compile("\r\n?|[\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class Contact:
    """Who convenes, or who is convened, as agendas name them."""

    nom: str
    courriel: str


@dataclass(frozen=True)
class Evenement:
    """Something that lasts from `debut` to `fin`: two days, both included, or two aware moments.

    `uid` never changes; `sequence` grows at each change, or the agendas that already have the event keep the old one.
    Raises ValueError on an empty uid, a moment without its time zone, or an end before its beginning.
    """

    uid: str
    titre: str
    debut: datetime.date | datetime.datetime
    fin: datetime.date | datetime.datetime
    lieu: str = ""
    description: str = ""
    url: str = ""
    sequence: int = 0
    annule: bool = False
    modifie_le: datetime.datetime | None = None
    # The days after the first one, each from a moment to another: one appointment on several days keeps one `uid`.
    ensuite: tuple[tuple[datetime.datetime, datetime.datetime], ...] = ()
    organisateur: Contact | None = None
    participant: Contact | None = None
    occupe: bool = False

    def __post_init__(self) -> None:
        moments = [isinstance(bound, datetime.datetime) for bound in (self.debut, self.fin)]
        if not self.uid or moments[0] != moments[1]:
            raise ValueError("Un événement a un identifiant, et deux jours ou deux moments.")
        if moments[0] and (self.debut.tzinfo is None or self.fin.tzinfo is None):
            raise ValueError("Un moment a son fuseau horaire.")
        if self.fin < self.debut:
            raise ValueError("Un événement ne finit pas avant de commencer.")

    @property
    def is_whole_days(self) -> bool:
        return not isinstance(self.debut, datetime.datetime)


def bounds(debut: DemiJournee, fin: DemiJournee) -> tuple[datetime.date, datetime.date]:
    """`debut` and `fin` of an Evenement: days when all are whole, else from 8 or 13:30 to 12 or 17:30 in Paris."""
    if (debut.moment, fin.moment) == (Moment.MATIN, Moment.APRES_MIDI):
        return debut.date, fin.date
    return (
        datetime.datetime.combine(debut.date, HORAIRES[debut.moment][0], PARIS),
        datetime.datetime.combine(fin.date, HORAIRES[fin.moment][1], PARIS),
    )


def calendar(nom: str, evenements: Iterable[Evenement], *, methode: str = "PUBLISH") -> bytes:
    """The calendar as a file; the same events, each with its `modifie_le`, give the same bytes."""
    agenda = Calendar()
    agenda.add("prodid", _PRODID)
    agenda.add("version", "2.0")
    agenda.add("calscale", "GREGORIAN")
    agenda.add("method", methode)
    for name in ("name", "x-wr-calname"):
        agenda.add(name, _written(nom))
    agenda.add("x-wr-timezone", str(PARIS))
    agenda.add("refresh-interval", RAFRAICHISSEMENT, parameters={"VALUE": "DURATION"})
    # Outlook reads only this one.
    agenda.add("x-published-ttl", "PT1H")
    for evenement in evenements:
        agenda.add_component(_component(evenement))
        for day in _other_hours(evenement):
            agenda.add_component(day)
    return agenda.to_ical()


def _component(evenement: Evenement) -> Event:
    event = Event()
    event.add("uid", _written(evenement.uid))
    event.add("dtstamp", _utc(evenement.modifie_le or datetime.datetime.now(datetime.UTC)))
    if evenement.modifie_le:
        event.add("last-modified", _utc(evenement.modifie_le))
    event.add("sequence", evenement.sequence)
    if evenement.is_whole_days:
        event.add("dtstart", evenement.debut)
        # The standard's end is the first day that is free again.
        event.add("dtend", evenement.fin + datetime.timedelta(days=1))
    else:
        event.add("dtstart", _utc(evenement.debut))
        event.add("dtend", _utc(evenement.fin))
    # Programmes that keep a cancelled event show its title only.
    event.add("summary", _written(f"Annulé\u00a0: {evenement.titre}" if evenement.annule else evenement.titre))
    event.add("status", "CANCELLED" if evenement.annule else "CONFIRMED")
    # Equipment that is away does not make a person busy; a training does.
    event.add("transp", "OPAQUE" if evenement.occupe else "TRANSPARENT")
    _add_people(event, evenement)
    _add_days(event, evenement)
    for name in ("lieu", "description", "url"):
        if value := getattr(evenement, name):
            event.add({"lieu": "location"}.get(name, name), _written(value))
    return event


def _add_people(event: Event, evenement: Evenement) -> None:
    """Without them, Outlook and Gmail take an invitation for an anonymous file."""
    for name, contact in (("organizer", evenement.organisateur), ("attendee", evenement.participant)):
        if contact is not None:
            event.add(name, f"mailto:{contact.courriel}", parameters={"CN": " ".join(_written(contact.nom).split())})


def _add_days(event: Event, evenement: Evenement) -> None:
    """Every day until the last, less those without anything: the only form that all programmes read."""
    if not evenement.ensuite:
        return
    first = _utc(evenement.debut)
    days = [
        first + datetime.timedelta(days=n)
        for n in range((_utc(evenement.ensuite[-1][0]).date() - first.date()).days + 1)
    ]
    event.add("rrule", {"freq": "daily", "count": len(days)})
    kept = {first.date(), *(_utc(start).date() for start, _ in evenement.ensuite)}
    if empty := [day for day in days if day.date() not in kept]:
        event.add("exdate", empty)


def _other_hours(evenement: Evenement) -> Iterator[Event]:
    """The days whose hours, in UTC, are not those of the first: same `uid`, named by the hour they would have had."""
    if not evenement.ensuite:
        return
    first = _utc(evenement.debut)
    for start, end in evenement.ensuite:
        expected = first + datetime.timedelta(days=(_utc(start).date() - first.date()).days)
        if (_utc(start), end - start) == (expected, evenement.fin - evenement.debut):
            continue
        day = _component(replace(evenement, debut=start, fin=end, ensuite=()))
        day.add("recurrence-id", expected)
        yield day


def _utc(moment: datetime.datetime) -> datetime.datetime:
    return moment.astimezone(datetime.UTC)


def _written(text: str) -> str:
    """Texts hold no control character but the tabulation; the library writes line feeds as the standard wants them."""
    return _CONTROL.sub("", _LINE_END.sub("\n", text))
