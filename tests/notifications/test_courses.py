"""Two processes at the same instant: one mail, one line. Each race is first shown without what prevents it."""

import threading
from collections.abc import Callable

import pytest
from django.db import OperationalError, connection, connections

from notifications import envoi
from notifications.enums import StatutCourriel
from notifications.envoi import notify
from notifications.models import Courriel, Notification
from tests.collectivites.factories import AgentFactory, PosteFactory
from tests.notifications.factories import CourrielFactory

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]

THREADS = 6


def together(act: Callable[[], object]) -> list[object]:
    """What `act` gives to each of THREADS threads that begin at once, each with its own connection."""
    start, results = threading.Barrier(THREADS), []

    def run() -> None:
        try:
            start.wait(timeout=20)
            results.append(act())
        except Exception as error:
            results.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def test_one_sender_takes_a_mail():
    courriel = CourrielFactory()
    taken = together(lambda: Courriel.objects.get(pk=courriel.pk).take())
    assert sorted(taken) == [False] * (THREADS - 1) + [True]


def test_reading_then_writing_would_give_it_to_several():
    courriel = CourrielFactory()
    seen = threading.Barrier(THREADS)

    def take_without_condition() -> bool:
        mine = Courriel.objects.get(pk=courriel.pk)
        seen.wait(timeout=20)
        if mine.statut != StatutCourriel.EN_ATTENTE:
            return False
        Courriel.objects.filter(pk=mine.pk).update(tentatives=mine.tentatives + 1)
        return True

    assert together(take_without_condition).count(True) == THREADS


def test_the_same_thing_is_told_once():
    agent = PosteFactory().agent
    told = together(lambda: notify([agent], "essai", "Une fois", cle="un"))
    assert sorted(told) == [0] * (THREADS - 1) + [1]
    assert Notification.objects.count() == Courriel.objects.count() == 1


def test_without_a_key_it_would_be_told_as_many_times():
    agent = PosteFactory().agent
    together(lambda: notify([agent], "essai", "Autant de fois"))
    assert Notification.objects.count() == THREADS


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite n’écrit qu’un à la fois : la course n’y existe pas")
def test_the_loser_of_the_race_looks_again(monkeypatch: pytest.MonkeyPatch):
    """Both have looked before either has written."""
    agent, looked = AgentFactory(), threading.Barrier(THREADS)
    newcomers, first = envoi._newcomers, threading.local()

    def look_together(*args: object) -> list:
        found = newcomers(*args)
        if not getattr(first, "done", False):
            first.done = True
            looked.wait(timeout=20)
        return found

    monkeypatch.setattr(envoi, "_newcomers", look_together)
    told = together(lambda: notify([agent], "essai", "Une fois", cle="un"))
    assert not [error for error in told if isinstance(error, OperationalError)]
    assert sorted(told) == [0] * (THREADS - 1) + [1]
