"""Half-days: the unit of presences, loans and training, on dates and in the week."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time
from functools import total_ordering
from itertools import groupby
from typing import NamedTuple, Self

from django.db.models import IntegerChoices, TextChoices
from django.utils import dateformat

from extranet.lib.francais import NBSP, date_longue, jour
from extranet.lib.pliage import fold
from extranet.lib.typographie import Montrable


class Jour(IntegerChoices):
    """Days as ISO numbers them."""

    LUNDI = 1, "lundi"
    MARDI = 2, "mardi"
    MERCREDI = 3, "mercredi"
    JEUDI = 4, "jeudi"
    VENDREDI = 5, "vendredi"
    SAMEDI = 6, "samedi"
    DIMANCHE = 7, "dimanche"


class Moment(TextChoices):
    MATIN = "matin", "matin"
    APRES_MIDI = "apres_midi", "après-midi"


MIDI = time(13)


def moment_at(heure: time) -> Moment:
    """The afternoon begins at 13 h."""
    return Moment.MATIN if heure < MIDI else Moment.APRES_MIDI


class Semaine(TextChoices):
    """Weeks of a presence; parity is that of the ISO week number."""

    TOUTES = "toutes", "toutes les semaines"
    PAIRES = "paires", "semaines paires"
    IMPAIRES = "impaires", "semaines impaires"


def parity(day: date) -> Semaine:
    """Even or odd week. Weeks 53 and 1 follow one another, both odd: so ends 2026."""
    return Semaine.PAIRES if day.isocalendar().week % 2 == 0 else Semaine.IMPAIRES


@total_ordering
@dataclass(frozen=True)
class DemiJournee:
    """A morning or an afternoon of a date. `index` counts half-days, two a day, and orders them."""

    date: date
    moment: Moment

    @classmethod
    def at(cls, index: int) -> Self:
        return cls(date.fromordinal(index // 2), (Moment.MATIN, Moment.APRES_MIDI)[index % 2])

    @property
    def index(self) -> int:
        return 2 * self.date.toordinal() + (self.moment == Moment.APRES_MIDI)

    def shift(self, half_days: int) -> Self:
        """That many half-days later, or sooner when negative."""
        return self.at(self.index + half_days)

    def __lt__(self, other: "DemiJournee") -> bool:
        return self.index < other.index

    def __str__(self) -> str:
        """« lundi 12 octobre, matin »."""
        return f"{date_longue(self.date)}, {self.moment.label}"


def half_days(debut: DemiJournee, fin: DemiJournee) -> Iterator[DemiJournee]:
    """Every half-day of a period, both ends included."""
    return (DemiJournee.at(index) for index in range(debut.index, fin.index + 1))


def periode(debut: DemiJournee, fin: DemiJournee) -> str:
    """A period in words, both ends included; whole days say no moment.

    « lundi 12 octobre, matin », « lundi 12 octobre », « du 12 au 14 octobre », « du 30 septembre, après-midi, au
    2 octobre ».
    """
    if debut == fin:
        return str(debut)
    if debut.date == fin.date:
        return date_longue(debut.date)
    depart, arrivee = _without_what_follows(debut.date, fin.date), jour(fin.date)
    if debut.moment == Moment.APRES_MIDI:
        depart = f"{_without_what_follows(debut.date, fin.date, month=True)}, {debut.moment.label},"
    if fin.moment == Moment.MATIN:
        arrivee += f", {fin.moment.label}"
    return f"du {depart} au {arrivee}"


def _without_what_follows(debut: date, fin: date, *, month: bool = False) -> str:
    """The first day of a period without the month and the year that its last day is about to say."""
    if debut.year != fin.year:
        return jour(debut)
    day = "1er" if debut.day == 1 else str(debut.day)
    return day if debut.month == fin.month and not month else f"{day}{NBSP}{dateformat.format(debut, 'F')}"


class Case(NamedTuple):
    """A half-day of the ordinary week: lundi matin, samedi après-midi."""

    jour: Jour
    moment: Moment

    def __str__(self) -> str:
        return f"{self.jour.label} {self.moment.label}"


MOMENTS = (Moment.MATIN, Moment.APRES_MIDI)
GRILLE = tuple(Case(day, moment) for day in list(Jour)[:6] for moment in MOMENTS)


class SemaineIllisible(Montrable, ValueError):
    """What was typed names no half-days; the text may be shown."""


_SPAN = re.compile(r"([a-z]+)(?: (?:a|au) ([a-z]+))?(?: (matin|apres midi|journee))?")
_MOMENTS = {"matin": MOMENTS[:1], "apres midi": MOMENTS[1:]}


def parse_cases(text: str) -> frozenset[Case]:
    """Half-days of a typed week: « lundi, mardi matin, jeudi à samedi », « lun. au ven. ». An empty text gives none."""
    cases = set()
    for typed in filter(None, (part.strip() for part in re.split(r"[,;/]| et |\+", text))):
        span = _SPAN.fullmatch(fold(typed))
        first = _day_named(span[1]) if span else None
        last = _day_named(span[2]) if span and span[2] else first
        if first is None or last is None or last < first:
            example = "lundi, mardi matin, jeudi à vendredi"
            raise SemaineIllisible(f"« {typed} » ne dit pas quels jours, écrivez par exemple « {example} ».")
        cases |= {Case(Jour(n), m) for n in range(first, last + 1) for m in _MOMENTS.get(span[3], MOMENTS)}
    return frozenset(cases)


def _day_named(word: str) -> Jour | None:
    return next((day for day in Jour if len(word) >= 2 and day.label.startswith(word.removesuffix("s"))), None)


def week_summary(cases: Iterable[Case]) -> str:
    """« lun. à ven. », « lun., mar., jeu., ven. matin »: the days of a week, short, three in a row making a span."""
    moments = {}
    for case in cases:
        moments.setdefault(case.jour, set()).add(case.moment)
    days = [(day, _moment_word(moments[day])) for day in sorted(moments)]
    # Consecutive days with the same moments share the same difference between their number and their rank.
    spans = groupby(enumerate(days), key=lambda ranked: (ranked[1][0] - ranked[0], ranked[1][1]))
    words = []
    for (_, moment), group in spans:
        names = [f"{day.label[:3]}." for _, (day, _) in group]
        names = [f"{names[0]} à {names[-1]}"] if len(names) > 2 else names
        words += [f"{name}{moment}" for name in names]
    return ", ".join(words)


def _moment_word(moments: set[Moment]) -> str:
    return "" if len(moments) > 1 else f" {next(iter(moments)).label}"
