from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extranet.lib.horaires import HoraireIllisible, parse_heure, parse_plage, plage


@pytest.mark.parametrize("typed", ["8 h 30", "8h30", "08:30", " 8 H 30 ", "8.30", "8\u00a0h\u00a030", "8 h 30 min"])
def test_time_is_read_as_people_type_it(typed: str):
    assert parse_heure(typed) == time(8, 30)


@pytest.mark.parametrize("typed", ["8", "8h", "08:00", "8 h"])
def test_hour_alone_is_enough(typed: str):
    assert parse_heure(typed) == time(8)


@pytest.mark.parametrize("typed", ["", "h", "25 h", "8 h 75", "8 h 3", "midi", "8 h 30 45", "-8 h"])
def test_what_is_not_a_time_is_refused_in_a_sentence(typed: str):
    with pytest.raises(HoraireIllisible, match="n’est pas une heure, écrivez par exemple «.8.h.30.»"):
        parse_heure(typed)


@pytest.mark.parametrize("typed", ["8 h 30 à 12 h", "8h30-12h", "de 8:30 à 12:00", "8h30 – 12h", "8 h 30 a 12"])
def test_opening_hours_are_read(typed: str):
    assert parse_plage(typed) == (time(8, 30), time(12))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("8 h 30", "n’est pas un horaire"),
        ("8 h à 10 h à 12 h", "n’est pas un horaire"),
        ("12 h à 8 h", "finit avant d’avoir commencé"),
        ("8 h à 8 h", "finit avant d’avoir commencé"),
        ("8 h à midi", "«.midi.» n’est pas une heure"),
    ],
)
def test_what_is_not_opening_hours_is_refused_in_a_sentence(typed: str, words: str):
    with pytest.raises(HoraireIllisible, match=words):
        parse_plage(typed)


def test_opening_hours_are_written():
    assert plage(time(8, 30), time(12)).replace("\u00a0", " ") == "8 h 30 à 12 h"


times = st.builds(time, st.integers(0, 23), st.integers(0, 59))


@given(times, times)
def test_what_is_written_is_read_back(a: time, b: time):
    if a < b:
        assert parse_plage(plage(a, b)) == (a, b)
