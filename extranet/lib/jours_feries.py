"""Public holidays of metropolitan France (Code du travail, article L3133-1), without those of Alsace-Moselle."""

from datetime import date, timedelta
from functools import cache

FIXES = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
# Days after Easter Sunday: lundi de Pâques, Ascension, lundi de Pentecôte.
APRES_PAQUES = (1, 39, 50)


def is_ferie(day: date) -> bool:
    return day in jours_feries(day.year)


@cache
def jours_feries(year: int) -> frozenset[date]:
    """The eleven public holidays of that year; ten when two fall on the same day."""
    easter = paques(year)
    return frozenset(
        [date(year, month, day) for month, day in FIXES] + [easter + timedelta(days=n) for n in APRES_PAQUES]
    )


def paques(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by the « anonymous » computus (Nature, 1876)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)
