"""What is left of a thing that is not free: a part of the period, the day when it comes back."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.db.models import F
from django.utils import timezone

from extranet.lib.demi_journees import DemiJournee, Moment
from materiel.models import Materiel, Occupation
from materiel.registre.disponibilite import Lecture, last_days
from materiel.registre.regles import blocked, first_day, obstacle_of_conditions

AUTOUR = timedelta(days=75)
# Buffers of five open days go over two week-ends and a bridge.
MARGE = timedelta(days=15)


@dataclass(frozen=True)
class Repli:
    """What is left of a thing that is not free on the whole period: part of it, and when it comes back."""

    debut: DemiJournee | None = None
    fin: DemiJournee | None = None
    des: date | None = None


def fallbacks(
    materiels: Iterable[Materiel],
    debut: DemiJournee,
    fin: DemiJournee,
    quantite: int,
    derniers: dict[int, date | None] | None = None,
) -> dict[int, Repli]:
    """For things that are not free on a period. `derniers` are the last days that their papers allow, read here when
    they are not known: two queries at most, whatever their number.
    """
    materiels, today = list(materiels), timezone.localdate()
    if not materiels:
        return {}
    first = DemiJournee(debut.date - MARGE, Moment.MATIN).index
    last = DemiJournee(fin.date + AUTOUR + MARGE, Moment.APRES_MIDI).index
    rows = Occupation.objects.filter(materiel__in=materiels, stock__lt=F("pris") + F("retard") + quantite)
    rows = rows.between(first, last).order_by().values_list("materiel", "creneau")
    short: dict[int, set[int]] = {}
    for pk, creneau in rows:
        short.setdefault(pk, set()).add(creneau)
    ends, found = last_days(materiels) if derniers is None else derniers, {}
    for one in materiels:
        lacks, end = short.get(one.pk, set()), ends.get(one.pk) or date.max
        part = _free_part(one, lacks, debut, fin, quantite, today)
        found[one.pk] = Repli(*part, _first_day(one, lacks, debut.date, fin.date, quantite, end))
    return found


def _first_day(
    materiel: Materiel, short: Container[int], debut: date, fin: date, quantite: int, dernier: date
) -> date | None:
    """From which day a period as long may be asked for, whole days, its papers valid until `dernier`."""
    today, length = timezone.localdate(), fin - debut
    start = max(debut, first_day(materiel, today))
    for day in (start + timedelta(days=n) for n in range((fin + AUTOUR - start - length).days)):
        one = DemiJournee(day, Moment.MATIN), DemiJournee(day + length, Moment.APRES_MIDI)
        if one[1].date > dernier:
            return None
        if obstacle_of_conditions(materiel, *one, quantite, today):
            continue
        first, last = blocked(materiel, *one)
        if not any(creneau in short for creneau in range(first, last + 1)):
            return day
    return None


def _free_part(
    materiel: Materiel, short: set[int], debut: DemiJournee, fin: DemiJournee, quantite: int, today: date
) -> tuple[DemiJournee | None, DemiJournee | None]:
    """The longest run of the period that may be asked for by itself."""
    best: tuple[DemiJournee | None, DemiJournee | None] = (None, None)
    longest = 0
    for is_short, run in groupby(range(debut.index, fin.index + 1), key=short.__contains__):
        creneaux = list(run)
        if is_short or len(creneaux) <= longest:
            continue
        one = DemiJournee.at(creneaux[0]), DemiJournee.at(creneaux[-1])
        first, last = blocked(materiel, *one)
        if short.isdisjoint(range(first, last + 1)) and not obstacle_of_conditions(materiel, *one, quantite, today):
            best, longest = one, len(creneaux)
    return best


def first_free(materiels: Iterable[Materiel]) -> dict[int, date | None]:
    """The first whole day that each of them may be asked for; None when it is beyond the reading. Two queries."""
    materiels, today = list(materiels), timezone.localdate()
    day = DemiJournee(today, Moment.MATIN), DemiJournee(today, Moment.APRES_MIDI)
    return {pk: repli.des for pk, repli in fallbacks(materiels, *day, 1).items()}


def first_free_of(lecture: Lecture) -> date | None:
    """The same for one thing, from what is read of it."""
    today, materiel = timezone.localdate(), lecture.materiel
    short = {creneau for creneau, taken in lecture.pris.items() if taken >= materiel.stock}
    return _first_day(materiel, short, today, today, 1, lecture.dernier or date.max)
