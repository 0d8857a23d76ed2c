import pytest
from hypothesis import given
from hypothesis import strategies as st

from extranet.lib.distances import distance_km

DOLE, TAVAUX, PARIS, LYON = (47.0922, 5.4897), (47.0351, 5.4062), (48.8566, 2.3522), (45.7640, 4.8357)
places = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@pytest.mark.parametrize(("a", "b", "km"), [(PARIS, LYON, 391.5), (DOLE, TAVAUX, 8.97), (DOLE, DOLE, 0)])
def test_distance_as_the_crow_flies(a: tuple, b: tuple, km: float):
    assert distance_km(a, b) == pytest.approx(km, abs=0.1)


def test_a_degree_of_latitude_is_a_hundred_and_eleven_kilometres():
    assert distance_km((46, 5), (47, 5)) == pytest.approx(111.2, abs=0.05)


@given(places, places)
def test_distance_is_symmetric_and_at_most_half_the_earth(a: tuple, b: tuple):
    assert distance_km(a, b) == pytest.approx(distance_km(b, a), abs=1e-6)
    assert 0 <= distance_km(a, b) <= 20016


@given(st.floats(-90, 90), st.floats(-180, 0))
def test_antipodes_are_half_the_earth_apart(latitude: float, longitude: float):
    assert distance_km((latitude, longitude), (-latitude, longitude + 180)) == pytest.approx(20015, abs=1)
