"""Working days: Monday to Friday, public holidays out (Code du travail, L3133-1; the two of Alsace-Moselle are not)."""

from datetime import date, timedelta
from functools import cache

FIXES = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))


def easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (Butcher's method)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    j = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * j) // 451
    month, day = divmod(h + j - 7 * m + 114, 31)
    return date(year, month, day + 1)


@cache
def holidays(year: int) -> frozenset[date]:
    """The eleven public holidays of the year."""
    paques = easter(year)
    mobiles = {paques + timedelta(days=days) for days in (1, 39, 50)}
    return frozenset(mobiles | {date(year, month, day) for month, day in FIXES})


def is_working_day(day: date) -> bool:
    return day.isoweekday() <= 5 and day not in holidays(day.year)


def working_day_from(day: date) -> date:
    """That day, or the first working day after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def working_day_before(day: date, count: int) -> date:
    """The `count`-th working day before that day; the day itself for 0."""
    while count:
        day -= timedelta(days=1)
        count -= is_working_day(day)
    return day


def working_day_after(day: date, count: int) -> date:
    """The `count`-th working day after that day; the day itself for 0."""
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def working_days_until(start: date, day: date) -> int:
    """Working days between two days, neither of them counted: the notice that one gives."""
    return sum(is_working_day(start + timedelta(days=n)) for n in range(1, (day - start).days))
