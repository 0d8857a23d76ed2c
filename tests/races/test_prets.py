"""Loans at once: the last unit is lent to one, numbers are given once, what is freed wakes one."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from materiel.enums import StatutPret
from materiel.models import Engagement, Materiel, Occupation, Pret
from materiel.prets import modifications, reponses
from materiel.refus import PretRefuse
from tests.materiel.factories import make_materiel
from tests.materiel.prets import ask, commune, fresh, keeper, lend

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
TOGETHER = 6


def at_once(acts: list[Callable[[], object]]) -> list[object]:
    """Each in its own thread, all released at the same moment; a refusal is its answer."""
    start = threading.Barrier(len(acts))

    def play(act: Callable[[], object]) -> object:
        start.wait()
        try:
            return act()
        except PretRefuse as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(play, acts))


@pytest.fixture
def thing() -> Materiel:
    return make_materiel("Nacelle", collectivite=commune("Tavaux"))


def test_the_last_unit_is_lent_once(thing: Materiel) -> None:
    boss = keeper(thing.collectivite)
    wanted = [ask(thing, commune(f"Commune {n}")) for n in range(TOGETHER)]
    answers = at_once([lambda pret=pret: reponses.accept(pret, boss) for pret in wanted])
    assert sum(isinstance(one, Pret) for one in answers) == 1
    assert Pret.objects.filter(statut=StatutPret.ACCEPTE).count() == 1
    assert Engagement.objects.held().count() == 1
    assert set(Occupation.objects.values_list("pris", flat=True)) == {1}


def test_one_request_accepted_and_cancelled_at_once_ends_in_one_of_both(thing: Materiel) -> None:
    pret = ask(thing, commune("Gevry"))
    boss, borrower = keeper(thing.collectivite), keeper(pret.emprunteur)
    at_once([lambda: reponses.accept(pret, boss), lambda: modifications.cancel(pret, borrower, "Reporté")])
    pret = fresh(pret)
    # Accepted then cancelled, or cancelled first: nothing is left on the ledger either way.
    assert pret.statut == StatutPret.ANNULE
    assert not Occupation.objects.exists()


def test_a_double_click_answers_once(thing: Materiel) -> None:
    pret, boss = ask(thing, commune("Gevry")), keeper(thing.collectivite)
    answers = at_once([lambda: reponses.accept(pret, boss)] * 3)
    assert sum(isinstance(one, Pret) for one in answers) == 1
    assert Engagement.objects.count() == 1


def test_numbers_are_given_once() -> None:
    lot = make_materiel("Chaises", collectivite=commune("Tavaux"), stock=500)
    places = [commune(f"Commune {n}") for n in range(TOGETHER)]
    at_once([lambda place=place: ask(lot, place) for place in places])
    numbers = sorted(int(one.split("-")[1]) for one in Pret.objects.values_list("numero", flat=True))
    assert numbers == list(range(1, TOGETHER + 1))


def test_what_is_freed_wakes_one_of_those_who_wait(thing: Materiel) -> None:
    out = lend(thing, commune("Gevry"))
    first, *_ = [ask(thing, commune(f"Commune {n}"), attente=True) for n in range(3)]
    borrower = keeper(out.emprunteur)
    at_once([lambda: modifications.cancel(out, borrower, "Reporté")] * 3)
    assert fresh(first).statut == StatutPret.DEMANDE
    assert Pret.objects.filter(statut=StatutPret.ATTENTE).count() == 2
    assert Engagement.objects.held().get().pret == first


def test_the_turn_of_who_waits_is_not_taken_by_an_acceptance_at_the_same_moment(thing: Materiel) -> None:
    """One is accepted while what it needs is being given back to another: never both."""
    boss = keeper(thing.collectivite)
    other = ask(thing, commune("Jouhe"))
    out = lend(thing, commune("Gevry"))
    ask(thing, commune("Choisey"), attente=True)
    borrower = keeper(out.emprunteur)
    at_once([lambda: modifications.cancel(out, borrower, "Reporté"), lambda: reponses.accept(other, boss)])
    assert Engagement.objects.held().count() == 1
    assert set(Occupation.objects.values_list("pris", flat=True)) == {1}
