"""What is left of a thing that is not free: a part of the period, the day when it comes back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.db.models import F
from django.utils import timezone

from extranet.lib.demi_journees import DemiJournee, Moment
from materiel.models import Materiel, Occupation
from materiel.regles import blocked, first_day, obstacle_of_conditions

AUTOUR = timedelta(days=75)
# Buffers of five open days go over two week-ends and a bridge.
MARGE = timedelta(days=15)


@dataclass(frozen=True)
class Repli:
    """What is left of a thing that is not free on the whole period: part of it, and when it comes back."""

    debut: DemiJournee | None = None
    fin: DemiJournee | None = None
    des: date | None = None


def fallbacks(materiels: Iterable[Materiel], debut: DemiJournee, fin: DemiJournee, quantite: int) -> dict[int, Repli]:
    """For things that are not free on a period: one query, whatever their number."""
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
    return {one.pk: _fallback(one, short.get(one.pk, set()), debut, fin, quantite, today) for one in materiels}


def _fallback(
    materiel: Materiel, short: set[int], debut: DemiJournee, fin: DemiJournee, quantite: int, today: date
) -> Repli:
    part = _free_part(materiel, short, debut, fin, quantite, today)
    length = (fin.date - debut.date).days
    start = max(debut.date, first_day(materiel, today))
    for day in (start + timedelta(days=n) for n in range((fin.date + AUTOUR - start).days - length)):
        one = DemiJournee(day, Moment.MATIN), DemiJournee(day + timedelta(days=length), Moment.APRES_MIDI)
        if obstacle_of_conditions(materiel, *one, quantite, today):
            continue
        first, last = blocked(materiel, *one)
        if short.isdisjoint(range(first, last + 1)):
            return Repli(*part, day)
    return Repli(*part)


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
    """The first whole day that each of them may be asked for; None when it is beyond the reading. One query."""
    materiels, today = list(materiels), timezone.localdate()
    day = DemiJournee(today, Moment.MATIN), DemiJournee(today, Moment.APRES_MIDI)
    return {pk: repli.des for pk, repli in fallbacks(materiels, *day, 1).items()}
