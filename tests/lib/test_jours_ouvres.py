"""Working days."""

from datetime import date

import pytest

from extranet.lib.jours_ouvres import easter, holidays, is_working_day, working_day_from


# Source: tables of the Bureau des longitudes.
@pytest.mark.parametrize(
    ("year", "day"),
    [(1961, (4, 2)), (2000, (4, 23)), (2008, (3, 23)), (2024, (3, 31)), (2027, (3, 28)), (2038, (4, 25))],
)
def test_easter(year: int, day: tuple[int, int]):
    assert easter(year) == date(year, *day)


def test_there_are_eleven_holidays():
    assert len(holidays(2026)) == 11
    assert {date(2026, 4, 6), date(2026, 5, 14), date(2026, 5, 25)} <= holidays(2026)


def test_days_off():
    assert is_working_day(date(2026, 10, 12))
    assert not is_working_day(date(2026, 10, 11))
    assert not is_working_day(date(2026, 7, 14))


def test_the_first_working_day_from_a_day():
    assert working_day_from(date(2026, 4, 6)) == date(2026, 4, 7)
    assert working_day_from(date(2027, 12, 25)) == date(2027, 12, 27)
    assert working_day_from(date(2026, 10, 12)) == date(2026, 10, 12)
