"""Several at once: passes of the alerts, and the same search kept twice."""

import pytest

from notifications.models import Courriel
from search.gardees import garder
from search.gardees.alertes import write_alerts
from search.gardees.garder import DejaGardee, GardeRefusee
from search.models import Nouveaute, RechercheGardee
from tests.collectivites.factories import PosteFactory
from tests.races.ensemble import together
from tests.ressources.factories import make_ressource
from tests.search.gardees import kept, morning

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]

AT_ONCE = 6


def test_passes_at_once_tell_once():
    agent = PosteFactory().agent
    kept(agent)
    for turn in range(1, 4):
        make_ressource()
        written = together([lambda day=turn: write_alerts(morning(day))] * AT_ONCE, GardeRefusee)
        assert sorted(written) == [0] * (AT_ONCE - 1) + [1]
        assert Courriel.objects.count() == Nouveaute.objects.count() == turn


def test_the_same_search_is_kept_once():
    agent = PosteFactory().agent
    answers = together([lambda: kept(agent)] * AT_ONCE, GardeRefusee)
    assert sum(isinstance(one, RechercheGardee) for one in answers) == 1
    assert sum(isinstance(one, DejaGardee) for one in answers) == AT_ONCE - 1


def test_the_limit_holds(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(garder, "AU_PLUS", 2)
    agent = PosteFactory().agent
    answers = together([lambda n=number: kept(agent, f"q=mot{n}") for number in range(AT_ONCE)], GardeRefusee)
    assert RechercheGardee.objects.count() == 2
    assert sum(isinstance(one, GardeRefusee) for one in answers) == AT_ONCE - 2
