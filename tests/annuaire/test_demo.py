"""The directory of the demo, on whatever day it is made."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from annuaire.demo import load
from annuaire.fiche.relecture import is_stale
from annuaire.models import AnnuairePage, Astreinte
from collectivites.demo import execution
from collectivites.demo.execution import make_demo
from collectivites.models import Agent
from tests.collectivites.test_demo import FICTION
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("day", [date(2026, 11, 23), date(2026, 11, 29)], ids=["lundi", "dimanche"])
def test_the_directory_of_the_demo(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    monkeypatch.setattr(execution, "contributions", lambda name: (load,))
    make_demo(day)
    services = AnnuairePage.objects.get().services
    numbers = [one.telephone for one in Astreinte.objects.all()] + [one.value["telephone"] for one in services]
    assert len(numbers) >= 25
    assert [number for number in numbers if not FICTION.fullmatch(number)] == []
    for one in services:
        one.block.clean(one.value)
    stale = [is_stale(agent) for agent in Agent.objects.in_office()]
    assert 0 < sum(stale) < len(stale) / 4
    assert not Agent.objects.filter(confirmee_le__gt=timezone.now()).exists() or day > timezone.localdate()
    shown = open_session(Agent.objects.get(slug="odile-vuillermet"), Client()).get("/annuaire/numeros/")
    page = shown.content.decode()
    for words in (
        "À Foucherans",
        "Déneigement, de novembre à mars",
        "Centre de gestion",
        "06\u00a039\u00a098\u00a009\u00a030",
    ):
        assert words in page
