from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extranet.lib.demi_journees import (
    GRILLE,
    Case,
    DemiJournee,
    Jour,
    Moment,
    Semaine,
    SemaineIllisible,
    half_days,
    parity,
    parse_cases,
    periode,
    week_summary,
)

MATIN, APRES_MIDI = Moment.MATIN, Moment.APRES_MIDI
YEAR = 2031
moments = st.sampled_from(Moment)
half_day = st.builds(DemiJournee, st.dates(date(2020, 1, 1), date(2040, 1, 1)), moments)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_morning_comes_before_afternoon_and_before_the_next_morning():
    matin, apres_midi = DemiJournee(date(2026, 10, 12), MATIN), DemiJournee(date(2026, 10, 12), APRES_MIDI)
    assert sorted([apres_midi, matin]) == [matin, apres_midi]
    assert matin < apres_midi < matin.shift(2)
    assert matin <= matin
    assert apres_midi.shift(1) == DemiJournee(date(2026, 10, 13), MATIN)


@given(half_day, half_day)
def test_order_is_that_of_dates_then_moments(a: DemiJournee, b: DemiJournee):
    assert (a < b) == ((a.date, a.moment == APRES_MIDI) < (b.date, b.moment == APRES_MIDI))


@given(half_day, st.integers(-2000, 2000))
def test_shift_is_undone_by_its_opposite(start: DemiJournee, half_days_later: int):
    assert start.shift(half_days_later).shift(-half_days_later) == start
    assert DemiJournee.at(start.index) == start


def test_half_days_of_a_period_include_both_ends():
    debut, fin = DemiJournee(date(2026, 10, 12), APRES_MIDI), DemiJournee(date(2026, 10, 14), MATIN)
    assert [(half.date.day, half.moment) for half in half_days(debut, fin)] == [
        (12, APRES_MIDI),
        (13, MATIN),
        (13, APRES_MIDI),
        (14, MATIN),
    ]
    assert list(half_days(fin, debut)) == []


@pytest.mark.parametrize(
    ("debut", "fin", "words"),
    [
        ((10, 13, MATIN), (10, 13, MATIN), "lundi 13 octobre 2031, matin"),
        ((10, 13, MATIN), (10, 13, APRES_MIDI), "lundi 13 octobre 2031"),
        ((10, 13, MATIN), (10, 15, APRES_MIDI), "du 13 au 15 octobre 2031"),
        ((10, 1, MATIN), (10, 3, APRES_MIDI), "du 1er au 3 octobre 2031"),
        ((9, 30, MATIN), (10, 2, APRES_MIDI), "du 30 septembre au 2 octobre 2031"),
        ((10, 13, APRES_MIDI), (10, 15, APRES_MIDI), "du 13 octobre, après-midi, au 15 octobre 2031"),
        ((10, 13, MATIN), (10, 15, MATIN), "du 13 au 15 octobre 2031, matin"),
        ((9, 30, APRES_MIDI), (10, 2, MATIN), "du 30 septembre, après-midi, au 2 octobre 2031, matin"),
    ],
)
def test_period_in_words(debut: tuple, fin: tuple, words: str):
    ends = [DemiJournee(date(YEAR, month, day), moment) for month, day, moment in (debut, fin)]
    assert plain(periode(*ends)) == words


def test_period_over_two_years_says_both():
    debut, fin = DemiJournee(date(2031, 12, 30), MATIN), DemiJournee(date(2032, 1, 2), APRES_MIDI)
    assert plain(periode(debut, fin)) == "du 30 décembre 2031 au 2 janvier 2032"


def test_parity_is_that_of_the_iso_week():
    assert parity(date(2026, 10, 5)) == Semaine.IMPAIRES
    assert parity(date(2026, 10, 11)) == Semaine.IMPAIRES
    assert parity(date(2026, 10, 12)) == Semaine.PAIRES


def test_weeks_53_and_1_are_both_odd():
    assert [parity(date(2026, 12, 28)), parity(date(2027, 1, 3)), parity(date(2027, 1, 4))] == [Semaine.IMPAIRES] * 3


def test_grid_goes_from_monday_morning_to_saturday_afternoon():
    assert len(GRILLE) == 12
    assert (str(GRILLE[0]), str(GRILLE[-1])) == ("lundi matin", "samedi après-midi")


def cases(*names: str) -> frozenset[Case]:
    return frozenset(case for case in GRILLE if str(case) in names or case.jour.label in names)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("lundi, mardi, jeudi", cases("lundi", "mardi", "jeudi")),
        ("Lundi matin et jeudi après-midi", cases("lundi matin", "jeudi après-midi")),
        ("lun. au ven.", cases("lundi", "mardi", "mercredi", "jeudi", "vendredi")),
        ("LUN; mer à jeu matin", cases("lundi", "mercredi matin", "jeudi matin")),
        ("lundis, samedi matin", cases("lundi", "samedi matin")),
        ("mardi journée", cases("mardi")),
        ("", frozenset()),
    ],
)
def test_typed_week_is_read(typed: str, expected: frozenset[Case]):
    assert parse_cases(typed) == expected


@pytest.mark.parametrize("typed", ["demain", "lundi, mardy", "vendredi à lundi", "l", "12/10/2026", "lundi à midi"])
def test_what_names_no_day_is_refused_in_a_sentence(typed: str):
    with pytest.raises(SemaineIllisible, match="ne dit pas quels jours, écrivez par exemple"):
        parse_cases(typed)


@pytest.mark.parametrize(
    ("typed", "summary"),
    [
        ("lundi à vendredi", "lun. à ven."),
        ("lundi, mardi, jeudi, vendredi matin", "lun., mar., jeu., ven. matin"),
        ("lundi à mercredi matin, samedi matin", "lun. à mer. matin, sam. matin"),
        ("lundi, mardi après-midi", "lun., mar. après-midi"),
        ("", ""),
    ],
)
def test_week_is_summed_up(typed: str, summary: str):
    assert week_summary(parse_cases(typed)) == summary


@given(st.frozensets(st.sampled_from(GRILLE)))
def test_summary_of_a_week_reads_back_as_the_same_week(week: frozenset[Case]):
    assert parse_cases(week_summary(week)) == week


def test_sunday_can_be_worked():
    assert parse_cases("dimanche matin") == {Case(Jour.DIMANCHE, MATIN)}
