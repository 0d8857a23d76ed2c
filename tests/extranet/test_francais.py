"""Dates, numbers and telephone numbers as they are read on the screens."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from unittest import mock

import pytest
from django.template import Context, Template

from extranet.lib import francais

TODAY = date(2026, 10, 8)


@pytest.fixture(autouse=True)
def _today():
    with mock.patch.object(francais.timezone, "localdate", return_value=TODAY):
        yield


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(2026, 10, 12), "lundi 12\u00a0octobre"),
        (date(2026, 10, 1), "jeudi 1er\u00a0octobre"),
        (date(2027, 3, 1), "lundi 1er\u00a0mars\u00a02027"),
        (datetime(2026, 10, 12, 22, 30, tzinfo=UTC), "mardi 13\u00a0octobre"),  # half past midnight in Paris
        (None, ""),
        ("2026-10-12", ""),
    ],
)
def test_long_date(value, expected):
    assert francais.date_longue(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (TODAY, "aujourd’hui"),
        (date(2026, 10, 7), "hier"),
        (date(2026, 10, 9), "demain"),
        (date(2026, 10, 6), "mardi 6\u00a0octobre"),
        (None, ""),
    ],
)
def test_relative_date(value, expected):
    assert francais.date_relative(value) == expected


def test_short_date_and_month():
    assert francais.date_courte(date(2026, 8, 2)) == "dim.\u00a02\u00a0août"
    assert francais.mois_court(date(2026, 5, 2)) == "mai"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (time(8, 0), "8\u00a0h"),
        (time(8, 5), "8\u00a0h\u00a005"),
        (datetime(2026, 10, 8, 15, 12, tzinfo=UTC), "17\u00a0h\u00a012"),
        (None, ""),
    ],
)
def test_time(value, expected):
    assert francais.heure(value) == expected


def test_moment_joins_relative_day_and_time():
    assert francais.moment(datetime(2026, 10, 7, 15, 12, tzinfo=UTC)) == "hier, 17\u00a0h\u00a012"


@pytest.mark.parametrize(
    ("value", "spaced", "link"),
    [
        ("0353010000", "03\u00a053\u00a001\u00a000\u00a000", "+33353010000"),
        ("03.53.01.00.00", "03\u00a053\u00a001\u00a000\u00a000", "+33353010000"),
        ("+33 3 53 01 00 00", "03\u00a053\u00a001\u00a000\u00a000", "+33353010000"),
        ("+33 (0)3 53 01 00 00", "03\u00a053\u00a001\u00a000\u00a000", "+33353010000"),
        ("0033353010000", "03\u00a053\u00a001\u00a000\u00a000", "+33353010000"),
        ("3919", "3919", "3919"),
        ("+41 22 730 51 11", "+41 22 730 51 11", "+41227305111"),
        (None, "", ""),
    ],
)
def test_telephone(value, spaced, link):
    assert francais.telephone(value) == spaced
    assert francais.tel(value) == link


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (6180, "6\u202f180"),
        (999, "999"),
        (1234567, "1\u202f234\u202f567"),
        (Decimal("1234.50"), "1\u202f234,50"),
        (Decimal("6180.00"), "6\u202f180"),
        (-1500, "-1\u202f500"),
        (None, ""),
    ],
)
def test_thousands(value, expected):
    assert francais.milliers(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (6180, "6\u202f180\u00a0€"),
        (Decimal("12.5"), "12,50\u00a0€"),
        (Decimal("1234.567"), "1\u202f234,57\u00a0€"),
        (0, "0\u00a0€"),
        ("", ""),
    ],
)
def test_euros(value, expected):
    assert francais.euros(value) == expected


@pytest.mark.parametrize(
    ("value", "genre", "expected"),
    [(1, "m", "un"), (1, "f", "une"), (2, "f", "deux"), (16, "m", "seize"), (17, "m", "17"), (1200, "m", "1\u202f200")],
)
def test_in_words(value, genre, expected):
    assert francais.en_lettres(value, genre) == expected


def test_filters_are_registered():
    page = Template("{% load francais %}{{ jour|date_longue }}, {{ heure|typo }}, {{ tel|telephone }}")
    assert page.render(Context({"jour": TODAY, "heure": "8 h 30", "tel": "0353010000"})) == (
        "jeudi 8\u00a0octobre, 8\u00a0h\u00a030, 03\u00a053\u00a001\u00a000\u00a000"
    )
