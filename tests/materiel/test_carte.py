"""The map of the things: whose each dot is."""

import pytest

from collectivites.models import Collectivite
from tests.distribution import Distribution
from tests.materiel.factories import make_materiel
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


def test_every_dot_is_named_nearest_first_and_the_intercommunalite_has_a_seat(distribution: Distribution) -> None:
    for place, (latitude, longitude) in ((distribution.a, (47.09, 5.49)), (distribution.b, (47.04, 5.43))):
        Collectivite.objects.filter(pk=place.pk).update(latitude=latitude, longitude=longitude)
    Collectivite.objects.filter(pk=distribution.epci.pk).update(ville=distribution.b.nom, latitude=None, longitude=None)
    for place in (distribution.epci, distribution.b, distribution.a):
        make_materiel("Nacelle", collectivite=place)
    response = open_session(distribution.gestionnaire_a).get("/materiel/carte/")
    nearest = [distribution.a.nom, distribution.b.nom, distribution.epci.nom]
    assert [row[0].nom for row in response.context["lieux"]] == nearest
    for plan, _ in response.context["plans"]:
        assert {lieu.collectivite.nom for lieu in plan.lieux} == set(nearest)
    assert response.content.decode().count(f'aria-label="{distribution.epci.nom}, 1 matériel"') == 2
