"""Many at once on one ledger: acceptances of what is left, stock lowered meanwhile, things moved both ways.

The control comes first: the same acceptances, by whoever reads what is free then writes, do promise too much.
"""

import threading
import time

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from materiel.enums import Nature
from materiel.models import Engagement, Materiel, Occupation
from materiel.refus import PretRefuse
from materiel.registre import change, change_stock, free, lock, mark_late, now_index, reduce, release, take
from materiel.registre.verification import differences
from tests.materiel.factories import EngagementFactory, PretFactory, half, make_materiel, monday
from tests.races.ensemble import together

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]

AT_ONCE = 8


def engagement(materiel: Materiel, quantite: int, first: int, length: int = 3) -> Engagement:
    return Engagement(
        materiel=materiel, nature=Nature.USAGE, quantite=quantite, debut=first, fin=first + length, tenu=True
    )


def most_taken(materiel: Materiel, first: int, last: int) -> int:
    """The peak of what is held, counted from the engagements alone."""
    held = Engagement.objects.filter(materiel=materiel, tenu=True)
    return max(sum(one.quantite for one in held if one.debut <= day <= one.fin) for day in range(first, last + 1))


def test_whoever_reads_then_writes_promises_too_much():
    """Without lock nor CHECK: what the ten systems studied do."""
    thing, first = make_materiel(), half(monday())
    read = threading.Barrier(AT_ONCE)

    def accept() -> None:
        left = free([thing.pk], first, first + 3).get(thing.pk, 1)
        read.wait()
        if left:
            engagement(thing, 1, first).save()

    together([accept] * AT_ONCE, PretRefuse)
    assert most_taken(thing, first, first + 3) == AT_ONCE


def test_the_last_unit_is_granted_once():
    thing, first = make_materiel(), half(monday())
    answers = together([lambda n=n: take(engagement(thing, 1, first + n % 3)) for n in range(AT_ONCE)], PretRefuse)
    assert sum(isinstance(one, Engagement) for one in answers) == 1
    assert most_taken(thing, first, first + 6) == 1
    assert differences() == []


def test_a_lot_is_granted_up_to_its_number():
    lot, first = make_materiel("Barrières", stock=80), half(monday())
    answers = together([lambda n=n: take(engagement(lot, 30, first + n % 4)) for n in range(AT_ONCE)], PretRefuse)
    assert sum(isinstance(one, Engagement) for one in answers) == 2
    assert differences() == []


@pytest.mark.postgres
def test_stock_read_without_a_lock_is_the_one_hole_of_the_check():
    """Rows written with the old number while the owner lowers it; on SQLite one transaction alone writes at a time."""
    lot, first = make_materiel("Barrières", stock=80), half(monday())
    writing, lowered = threading.Event(), threading.Event()

    def accept() -> None:
        with transaction.atomic():
            Occupation.objects.bulk_create([Occupation(materiel=lot, creneau=first, pris=70, stock=80)])
            writing.set()
            lowered.wait(timeout=60)

    def lower() -> None:
        writing.wait(timeout=60)
        Materiel.objects.filter(pk=lot.pk).update(stock=50)
        Occupation.objects.filter(materiel=lot).update(stock=50)
        lowered.set()

    together([accept, lower], PretRefuse)
    row = Occupation.objects.get()
    assert (row.pris, row.stock, Materiel.objects.get().stock) == (70, 80, 50)


def test_stock_lowered_while_units_are_granted():
    for turn in range(6):
        lot, first = make_materiel(f"Barrières {turn}", stock=80), half(monday())
        wait = 0.004 * turn

        def accept(lot=lot, first=first, rank=0) -> Engagement:
            return take(engagement(lot, 10, first + rank))

        def lower(lot=lot, wait=wait) -> None:
            time.sleep(wait)
            change_stock(lot, 50)

        together([*(lambda n=n, accept=accept: accept(rank=n) for n in range(AT_ONCE - 1)), lower], PretRefuse)
        stock = Materiel.objects.get(pk=lot.pk).stock
        assert most_taken(lot, first, first + 12) <= stock
        assert set(Occupation.objects.filter(materiel=lot).values_list("stock", flat=True)) == {stock}
    assert differences() == []


def test_things_moved_both_ways_do_not_wait_for_one_another():
    """Each engagement goes to the other thing, all at once: locks are taken in one order."""
    things, first = [make_materiel("Tentes", stock=20), make_materiel("Chaises", stock=20)], half(monday())
    held = [EngagementFactory(materiel=things[n % 2], debut=first, fin=first + 3) for n in range(AT_ONCE)]

    def swap(rank: int) -> Engagement:
        other = things[1 - rank % 2]
        return change(held[rank], debut=first + 1, fin=first + 4, quantite=2, materiel=other)

    answers = together([lambda n=n: swap(n) for n in range(AT_ONCE)], PretRefuse)
    assert all(isinstance(one, Engagement) for one in answers)
    assert differences() == []


def test_several_things_in_one_act_are_locked_together():
    """A batch that does not say all its things first may wait for another for ever; `lock` is for that."""
    things, first = [make_materiel("Tentes", stock=99), make_materiel("Chaises", stock=99)], half(monday())

    def batch(rank: int) -> None:
        with transaction.atomic():
            lock(*[one.pk for one in things])
            for one in things if rank % 2 else reversed(things):
                take(engagement(one, 1, first))
                time.sleep(0.01)

    assert together([lambda n=n: batch(n) for n in range(AT_ONCE)], PretRefuse) == [None] * AT_ONCE
    assert differences() == []


def test_the_same_engagement_given_back_moved_and_reduced_at_once():
    """Each act reads what the one before it has left: nothing is given back twice."""
    for turn in range(5):
        lot, first = make_materiel(f"Chaises {turn}", stock=10), half(monday())
        one = EngagementFactory(materiel=lot, quantite=8, debut=first, fin=first + 5)
        other = EngagementFactory(materiel=lot, quantite=2, debut=first, fin=first + 5)

        def copy(pk: int = one.pk) -> Engagement:
            return Engagement.objects.get(pk=pk)

        together(
            [
                lambda copy=copy: release(copy()),
                lambda copy=copy: release(copy()),
                lambda copy=copy: reduce(copy(), 3),
                lambda copy=copy, first=first: change(copy(), debut=first + 1, fin=first + 8, quantite=4),
                lambda copy=copy: mark_late(copy(), 5, now_index(), now_index() + 3),
            ],
            PretRefuse,
        )
        other.refresh_from_db()
        assert other.tenu
        assert not Engagement.objects.get(pk=one.pk).tenu
    assert differences() == []


def test_two_loans_of_one_thing_are_accepted_by_two_people():
    """The real shape of an acceptance: the loan is locked, then the ledger."""
    thing, first = make_materiel(), half(monday())
    prets = [PretFactory(materiel=thing) for _ in range(AT_ONCE)]

    def accept(pret) -> Engagement:
        with transaction.atomic():
            type(pret).objects.select_for_update(of=("self",)).get(pk=pret.pk)
            loan = Engagement(materiel=thing, nature=Nature.PRET, pret=pret, quantite=1, debut=first, fin=first + 3)
            return take(loan)

    answers = together([lambda one=one: accept(one) for one in prets], PretRefuse)
    assert sum(isinstance(one, Engagement) for one in answers) == 1
    refused = [str(one) for one in answers if isinstance(one, PretRefuse)]
    assert all("il est déjà pris" in sentence for sentence in refused)


def test_writing_by_hand_at_once_is_refused_too():
    """Straight SQL, from as many connections: the CHECK alone."""
    thing, first = make_materiel(), half(monday())

    def insert() -> bool:
        sql = (
            "INSERT INTO materiel_occupation (materiel_id, creneau, pris, retard, stock) VALUES (%s, %s, 1, 0, 1) "
            "ON CONFLICT (materiel_id, creneau) DO UPDATE SET pris = materiel_occupation.pris + 1"
        )
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql, [thing.pk, first])
        except (IntegrityError, OperationalError):
            return False
        return True

    assert sum(together([insert] * AT_ONCE, PretRefuse)) == 1
    assert Occupation.objects.get().pris == 1
