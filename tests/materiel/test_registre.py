"""The ledger: what is taken, given back, moved and counted anew."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from extranet.lib.demi_journees import DemiJournee
from materiel.enums import Nature
from materiel.models import Engagement, Occupation
from materiel.refus import PlusAssez, PlusRetenu, StockPromis, TropLoin
from materiel.registre import (
    change,
    change_stock,
    extend,
    free,
    horizon_index,
    mark_late,
    now_index,
    purge,
    reduce,
    release,
    take,
)
from tests.materiel.factories import EngagementFactory, PretFactory, half, make_materiel, monday

pytestmark = pytest.mark.django_db


def taken(materiel):
    return dict(Occupation.objects.filter(materiel=materiel).values_list("creneau", "pris"))


def test_what_is_taken_is_on_every_half_day_and_nowhere_else():
    lot = make_materiel("Barrières", stock=80)
    first = half(monday())
    EngagementFactory(materiel=lot, quantite=30, debut=first, fin=first + 3)
    EngagementFactory(materiel=lot, quantite=20, debut=first + 2, fin=first + 5)
    assert taken(lot) == {first: 30, first + 1: 30, first + 2: 50, first + 3: 50, first + 4: 20, first + 5: 20}
    assert free([lot.pk], first, first + 5) == {lot.pk: 30}
    assert free([lot.pk], first + 6, first + 9) == {}


def test_the_third_of_three_overlapping_eighties_is_refused_and_says_what_is_left():
    lot = make_materiel("Barrières", stock=200)
    first = half(monday())
    for _ in range(2):
        EngagementFactory(materiel=lot, quantite=80, debut=first, fin=first + 3)
    with pytest.raises(PlusAssez) as refused:
        EngagementFactory(materiel=lot, quantite=80, debut=first + 1, fin=first + 6)
    assert (refused.value.premiere.index, refused.value.libre) == (first + 1, 40)
    assert Engagement.objects.count() == 2
    assert taken(lot) == dict.fromkeys(range(first, first + 4), 160)
    EngagementFactory(materiel=lot, quantite=40, debut=first + 1, fin=first + 6)


def test_end_is_the_day_before_the_next_start():
    thing = make_materiel()
    first = half(monday())
    EngagementFactory(materiel=thing, debut=first, fin=first + 1)
    EngagementFactory(materiel=thing, debut=first + 2, fin=first + 3)
    assert taken(thing) == dict.fromkeys(range(first, first + 4), 1)


def test_release_gives_back_all_and_leaves_no_row():
    thing = make_materiel()
    one = EngagementFactory(materiel=thing)
    release(one)
    release(one)
    assert taken(thing) == {}
    assert not one.tenu


def test_the_past_is_never_written():
    thing = make_materiel()
    now = now_index()
    one = EngagementFactory(materiel=thing, debut=now - 10, fin=now + 1)
    assert taken(thing) == {now: 1, now + 1: 1}
    release(one)
    assert taken(thing) == {}
    assert (one.debut, one.fin) == (now - 10, now - 1)


def test_reduce_splits_what_was_held_and_what_goes_on():
    lot = make_materiel("Chaises", stock=10)
    first = half(monday())
    one = EngagementFactory(materiel=lot, quantite=8, debut=first, fin=first + 3)
    rest = reduce(one, 3, first + 2)
    assert taken(lot) == {first: 8, first + 1: 8, first + 2: 3, first + 3: 3}
    assert (one.fin, rest.debut, rest.fin, rest.quantite) == (first + 1, first + 2, first + 3, 3)
    assert reduce(rest, 0) is None
    assert taken(lot) == {first: 8, first + 1: 8}


def test_change_moves_within_its_own_days_and_all_or_nothing():
    thing = make_materiel()
    first = half(monday())
    one = EngagementFactory(materiel=thing, debut=first, fin=first + 3)
    change(one, debut=first + 2, fin=first + 7, quantite=1)
    assert taken(thing) == dict.fromkeys(range(first + 2, first + 8), 1)
    EngagementFactory(materiel=thing, debut=first + 8, fin=first + 9)
    with pytest.raises(PlusAssez):
        change(one, debut=first + 2, fin=first + 8, quantite=1)
    one.refresh_from_db()
    assert (one.debut, one.fin) == (first + 2, first + 7)
    assert taken(thing) == dict.fromkeys(range(first + 2, first + 10), 1)


def test_change_takes_another_thing_instead():
    thing, other = make_materiel(), make_materiel("Autre")
    first = half(monday())
    one = EngagementFactory(materiel=thing, debut=first, fin=first + 1)
    change(one, debut=first, fin=first + 1, quantite=1, materiel=other)
    assert (taken(thing), taken(other)) == ({}, {first: 1, first + 1: 1})


def test_stock_cannot_go_below_what_is_promised():
    lot = make_materiel("Barrières", stock=80)
    first = half(monday())
    EngagementFactory(materiel=lot, quantite=60, debut=first, fin=first + 1)
    with pytest.raises(StockPromis) as refused:
        change_stock(lot, 50)
    assert refused.value.pris == 60
    lot.refresh_from_db()
    assert lot.stock == 80
    change_stock(lot, 60)
    assert set(Occupation.objects.values_list("stock", flat=True)) == {60}
    with pytest.raises(PlusAssez):
        EngagementFactory(materiel=lot, quantite=1, debut=first, fin=first)


@pytest.mark.parametrize(("pris", "retard"), [(81, 0), (-1, 0), (0, -1)])
def test_the_database_refuses_what_nothing_asked(pris, retard):
    lot = make_materiel("Barrières", stock=80)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO materiel_occupation (materiel_id, creneau, pris, retard, stock) VALUES (%s, %s, %s, %s, 80)",
            [lot.pk, half(monday()), pris, retard],
        )


def test_late_units_are_feared_not_promised():
    lot = make_materiel("Chaises", stock=10)
    first = half(monday())
    pret = PretFactory(materiel=lot, quantite=6)
    one = take(Engagement(materiel=lot, nature=Nature.PRET, pret=pret, quantite=6, debut=first, fin=first + 1))
    mark_late(one, 6, first + 2, first + 5)
    assert free([lot.pk], first + 2, first + 5) == {lot.pk: 4}
    EngagementFactory(materiel=lot, quantite=9, debut=first + 4, fin=first + 5)
    assert free([lot.pk], first + 4, first + 5) == {lot.pk: 0}
    mark_late(one, 6, first + 4, first + 7)
    assert Occupation.objects.filter(creneau=first + 2).exists() is False
    release(one)
    assert taken(lot) == {first + 4: 9, first + 5: 9}
    assert not Occupation.objects.exclude(retard=0).exists()


def test_purge_forgets_the_days_before_today():
    lot = make_materiel("Chaises", stock=10)
    now = now_index()
    Occupation.objects.create(materiel=lot, creneau=now - 2, pris=1, stock=10)
    Occupation.objects.create(materiel=lot, creneau=now + 2, pris=1, stock=10)
    assert purge() == 1
    assert DemiJournee.at(now).date == timezone.localdate()


def lent(materiel, first, last, quantite=1):
    pret = PretFactory(materiel=materiel, quantite=quantite)
    return take(Engagement(materiel=materiel, nature=Nature.PRET, pret=pret, quantite=quantite, debut=first, fin=last))


def test_what_was_moved_meanwhile_is_given_back_where_it_is():
    """An old copy of the engagement still names the first thing, on which somebody else counts now."""
    thing, other = make_materiel(), make_materiel("Autre")
    first = half(monday())
    one = lent(thing, first, first + 1)
    old = Engagement.objects.get(pk=one.pk)
    change(one, debut=first, fin=first + 1, quantite=1, materiel=other)
    EngagementFactory(materiel=thing, debut=first, fin=first + 1)
    release(old)
    assert (taken(thing), taken(other)) == ({first: 1, first + 1: 1}, {})


def test_what_was_given_back_cannot_be_moved():
    thing = make_materiel()
    first = half(monday())
    one = lent(thing, first, first + 1)
    old = Engagement.objects.get(pk=one.pk)
    release(one)
    EngagementFactory(materiel=thing, debut=first, fin=first + 1)
    with pytest.raises(PlusRetenu):
        change(old, debut=first + 4, fin=first + 5, quantite=1)
    assert reduce(old, 0) is None
    assert taken(thing) == {first: 1, first + 1: 1}


def test_nothing_is_written_beyond_the_horizon():
    thing = make_materiel()
    with pytest.raises(TropLoin):
        EngagementFactory(materiel=thing, debut=half(monday()), fin=horizon_index() + 1)
    one = EngagementFactory(materiel=thing)
    with pytest.raises(TropLoin):
        change(one, debut=one.debut, fin=10_000_000, quantite=1)
    assert len(taken(thing)) == 4


def test_more_than_there_is_names_the_first_half_day_asked():
    lot = make_materiel("Chaises", stock=10)
    first = half(monday())
    EngagementFactory(materiel=lot, quantite=4, debut=first + 2, fin=first + 3)
    with pytest.raises(PlusAssez) as refused:
        EngagementFactory(materiel=lot, quantite=11, debut=first, fin=first + 3)
    assert (refused.value.premiere.index, refused.value.libre) == (first, 10)


def test_units_brought_back_late_are_feared_no_more():
    lot = make_materiel("Chaises", stock=10)
    now = now_index()
    one = lent(lot, now - 6, now - 1, 8)
    mark_late(one, 8, now, now + 3)
    assert reduce(one, 3).pk == one.pk
    assert free([lot.pk], now, now + 3) == {lot.pk: 7}
    assert one.quantite == 8
    assert reduce(one, 0) is None
    assert not Occupation.objects.exists()


def test_late_without_units_or_days_says_nothing():
    lot = make_materiel("Chaises", stock=10)
    now = now_index()
    one = lent(lot, now - 6, now - 1, 8)
    mark_late(one, 0, now, now + 3)
    mark_late(one, 8, now + 3, now)
    assert not Occupation.objects.exists()


def test_what_was_promised_behind_an_end_that_was_not_kept_ahead_stays_promised(caplog):
    """`veille` was stopped for weeks."""
    thing = make_materiel()
    far = half(timezone.localdate() + timedelta(days=520))
    endless = EngagementFactory(materiel=thing, nature=Nature.HORS_SERVICE, fin=far, sans_fin=True)
    EngagementFactory(materiel=thing, debut=far + 3, fin=far + 4)
    extend()
    endless.refresh_from_db()
    assert endless.fin == far
    assert "non prolongé" in caplog.text
