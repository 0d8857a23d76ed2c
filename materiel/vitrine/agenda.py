"""The calendar of a thing, day by day and in words, from one reading of the ledger (`materiel.disponibilite`).

A half-day is free there when asking for it alone would be: buffers, papers and notice included.
"""

from calendar import Calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.utils import dateformat, timezone

from extranet.lib.demi_journees import DemiJournee, Moment, periode
from materiel.adresses import period_query
from materiel.enums import Nature
from materiel.models import Materiel
from materiel.registre import RESERVABLE, now_index
from materiel.registre.disponibilite import Lecture
from materiel.registre.regles import blocked, first_day

LIBRE, PARTIE, PRIS, MAIRIE, PASSE = "is-free", "is-part", "is-taken", "is-own", "is-past"
RETARD = "retard"
# What is said of a half-day that is not free, in a cell and aloud; the first of them that holds is told.
RAISONS: dict[str, tuple[str, str]] = {
    Nature.PAPIER: ("papier", "un papier est à renouveler"),
    Nature.USAGE: ("mairie", "gardé par la commune propriétaire"),
    Nature.ENTRETIEN: ("atelier", "en entretien"),
    Nature.HORS_SERVICE: ("panne", "hors service"),
    Nature.PRET: ("pris", "pris par une autre commune"),
    Nature.OPTION: ("pris", "retenu pour une autre commune"),
    RETARD: ("retard", "pas encore rendu"),
}
MOMENTS = {Moment.MATIN: ("matin", "matin libre"), Moment.APRES_MIDI: ("ap.-m.", "après-midi libre")}


@dataclass(frozen=True)
class Vue:
    """What one reader sees of a half-day: what may be asked of it, or for its owner, what the ledger holds."""

    lecture: Lecture
    demande: bool

    @property
    def materiel(self) -> Materiel:
        return self.lecture.materiel

    def libre(self, creneau: int) -> int:
        return self.lecture.demandable(creneau) if self.demande else self.lecture.libre(creneau, creneau)

    def raison(self, creneau: int) -> str:
        """Why not all of it is free then; empty when it is."""
        if self.libre(creneau) == self.materiel.stock:
            return ""
        day = DemiJournee.at(creneau)
        if self.demande and self.lecture.is_closed(day.date):
            return Nature.PAPIER
        around = blocked(self.materiel, day, day) if self.demande else (creneau, creneau)
        held = self.lecture.natures(*around)
        return next((nature for nature in RAISONS if nature in held), RETARD)


@dataclass(frozen=True)
class Jour:
    """A day of the calendar: its colour, its word, what is read aloud, and whether it is among the dates asked for."""

    date: date
    classe: str
    mot: str = ""
    lu: str = "date passée"
    url: str = ""
    choisi: bool = False


@dataclass(frozen=True)
class Mois:
    titre: str
    semaines: list[list[Jour | None]]


@dataclass(frozen=True)
class Plage:
    """A run of half-days that are alike, in words."""

    periode: str
    etat: str
    libre: bool


@dataclass(frozen=True)
class Agenda:
    """Two months; `avant` and `apres` name those before and after in an address, empty when there are none."""

    mois: list[Mois]
    plages: list[Plage]
    avant: str
    apres: str
    presents: frozenset[str]


def months(lecture: Lecture, premier: date, choisis: tuple[DemiJournee, DemiJournee] | None, url: str) -> Agenda:
    """From the first of `premier`'s month; a free day leads to `url` with that day asked for.

    Without `url` nothing may be asked: for the owner, whom its notice, its papers and its buffers do not bind.
    """
    materiel, reading = lecture.materiel, Vue(lecture, bool(url))
    first = premier.replace(day=1)
    second, after = _next_month(first), _next_month(_next_month(first))
    today = timezone.localdate()
    since = max(first, first_day(materiel) if url else today)
    until = min(after - timedelta(days=1), today + RESERVABLE)
    pages = [Mois(_title(month), _weeks(reading, month, choisis, url)) for month in (first, second)]
    days = [day for month in pages for week in month.semaines for day in week if day]
    return Agenda(
        mois=pages,
        plages=list(_runs(reading, since, until)),
        avant=_month_name(_month_before(first)) if first > today.replace(day=1) else "",
        apres=_month_name(second) if after <= today + RESERVABLE else "",
        presents=frozenset(day.classe for day in days) | (frozenset(["choisi"]) if choisis else frozenset()),
    )


def month_asked(value: str) -> date:
    """The first of « 2026-10 », within what may be asked for; this month for anything else."""
    today = timezone.localdate()
    try:
        asked = date.fromisoformat(f"{value[:7]}-01")
    except ValueError:
        return today.replace(day=1)
    return min(max(asked, today.replace(day=1)), _month_before((today + RESERVABLE).replace(day=1)))


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _month_before(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)


def _month_name(first: date) -> str:
    return f"{first:%Y-%m}"


def _title(first: date) -> str:
    return dateformat.format(first, "F Y").capitalize()


def _weeks(
    reading: Vue, first: date, choisis: tuple[DemiJournee, DemiJournee] | None, url: str
) -> list[list[Jour | None]]:
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    return [[_day(reading, day, choisis, url) if day.month == first.month else None for day in week] for week in weeks]


def _day(reading: Vue, day: date, choisis: tuple[DemiJournee, DemiJournee] | None, url: str) -> Jour:
    chosen = choisis is not None and choisis[0].date <= day <= choisis[1].date
    today = timezone.localdate()
    if day < today:
        return Jour(day, PASSE, choisi=chosen)
    if day > today + RESERVABLE:
        return Jour(day, PASSE, lu="trop loin pour être réservé", choisi=chosen)
    morning = DemiJournee(day, Moment.MATIN).index
    now = now_index()
    # This morning is gone once it is the afternoon: it is no more free than yesterday.
    units = [reading.libre(creneau) if creneau >= now else 0 for creneau in (morning, morning + 1)]
    if any(units) and url and day < first_day(reading.materiel):
        return Jour(day, PASSE, "délai", "à demander plus tôt", choisi=chosen)
    classe, word, spoken = _said(reading, morning, units)
    if chosen:
        spoken += ", dates demandées"
    address = _choice(day, choisis, url) if any(units) and url else ""
    return Jour(day, classe, word, spoken, address, chosen)


def _choice(day: date, choisis: tuple[DemiJournee, DemiJournee] | None, url: str) -> str:
    """Without JavaScript, a day begins a period, and a later one ends it."""
    begun = choisis is not None and choisis[0].date == choisis[1].date < day
    query = period_query(choisis[0], DemiJournee(day, Moment.APRES_MIDI)) if begun else f"du={day.isoformat()}"
    return f"{url}?{query}#demander"


def _said(reading: Vue, morning: int, units: list[int]) -> tuple[str, str, str]:
    """Colour, word of the cell, words read aloud."""
    stock = reading.materiel.stock
    if not any(units):
        reason = reading.raison(morning + 1) or reading.raison(morning)
        if not reason:
            return PASSE, "", "plus aujourd’hui"
        classe = MAIRIE if reason == Nature.USAGE else PRIS
        return classe, *RAISONS[reason]
    if not all(units):
        word, spoken = MOMENTS[Moment.MATIN if units[0] else Moment.APRES_MIDI]
        return PARTIE, word, spoken if stock == 1 else f"{spoken}, {max(units)} sur {stock}"
    left = min(units)
    if stock == 1:
        return LIBRE, "libre", "libre"
    return LIBRE if left == stock else PARTIE, str(left), f"{left} libre{'s' if left > 1 else ''} sur {stock}"


def _runs(reading: Vue, depuis: date, jusqu_au: date) -> Iterator[Plage]:
    """These days in words, from the first half-day that is not gone."""
    start = max(now_index(), DemiJournee(depuis, Moment.MATIN).index)
    creneaux = range(start, DemiJournee(jusqu_au, Moment.APRES_MIDI).index + 1)
    alike = groupby(creneaux, key=lambda creneau: (reading.libre(creneau), reading.raison(creneau)))
    for (left, reason), run in alike:
        found = list(run)
        words = periode(DemiJournee.at(found[0]), DemiJournee.at(found[-1]))
        yield Plage(words, _state(reading.materiel, left, reason), libre=left > 0)


def _state(materiel: Materiel, left: int, reason: str) -> str:
    if materiel.stock == 1 or left == 0:
        return RAISONS[reason][1] if reason and left == 0 else "libre"
    return f"{left} libre{'s' if left > 1 else ''} sur {materiel.stock}"
