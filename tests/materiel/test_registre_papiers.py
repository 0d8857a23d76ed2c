"""Papers on the ledger: an overdue one closes what is not lent, and opens it again when it is renewed."""

from datetime import timedelta

import pytest
from django.db.models import ProtectedError
from django.utils import timezone

from materiel.enums import Nature, TypePapier
from materiel.models import Engagement, Occupation, Papier
from materiel.refus import PlusAssez
from materiel.registre import change, change_stock, close_expired, extend, free, horizon_index, release
from tests.materiel.factories import EngagementFactory, half, make_materiel, monday
from tests.materiel.test_registre import lent, taken

pytestmark = pytest.mark.django_db


def blocking_paper(materiel, day):
    paper = Papier.objects.create(materiel=materiel, type=TypePapier.VGP, valable_jusqu_au=day, bloquant=True)
    close_expired(materiel)
    return paper


def test_an_overdue_paper_closes_what_is_not_lent():
    lot = make_materiel("Nacelles", stock=3)
    day = monday()
    first = half(day)
    lent = EngagementFactory(materiel=lot, quantite=2, debut=first + 4, fin=first + 5)
    paper = Papier.objects.create(materiel=lot, type=TypePapier.VGP, valable_jusqu_au=day, bloquant=True)
    close_expired(lot)
    assert free([lot.pk], first, first + 1) == {}
    assert free([lot.pk], first + 2, first + 2) == {lot.pk: 0}
    assert set(taken(lot).values()) == {3}
    assert max(taken(lot)) == horizon_index()
    release(lent)
    assert set(taken(lot).values()) == {3}
    EngagementFactory(materiel=lot, quantite=1, debut=first + 4, fin=first + 5)
    change_stock(lot, 4)
    assert set(taken(lot).values()) == {4}
    paper.valable_jusqu_au = None
    paper.save()
    close_expired(lot)
    assert taken(lot) == {first + 4: 1, first + 5: 1}


def test_a_loan_may_end_on_the_last_day_of_a_paper_whatever_is_kept_after():
    """The open day kept for cleaning is after the paper, and no loan."""
    day = monday() + timedelta(days=2)
    thing = make_materiel(tampon_apres=1)
    blocking_paper(thing, day)
    last = half(day) + 1
    one = lent(thing, last - 1, last + 2)
    with pytest.raises(PlusAssez):
        lent(thing, last + 1, last + 4)
    release(one)
    assert free([thing.pk], last + 1, last + 2) == {}
    assert free([thing.pk], last + 3, last + 3) == {thing.pk: 0}


def test_the_owner_moves_its_own_use_over_days_that_a_paper_closes():
    day = monday()
    thing = make_materiel()
    blocking_paper(thing, day)
    first = half(day)
    use = EngagementFactory(materiel=thing, debut=first, fin=first + 1)
    change(use, debut=first, fin=first + 5, quantite=1)
    assert set(taken(thing)) == set(range(first, horizon_index() + 1))
    assert set(taken(thing).values()) == {1}


def test_what_has_no_end_and_what_is_closed_keep_ahead():
    thing, other = make_materiel(), make_materiel("Nacelle")
    first, far = half(monday()), half(timezone.localdate() + timedelta(days=550))
    endless = EngagementFactory(materiel=thing, nature=Nature.HORS_SERVICE, debut=first, fin=far, sans_fin=True)
    paper = blocking_paper(other, monday())
    Engagement.objects.filter(papier=paper).update(fin=far)
    Occupation.objects.filter(materiel=other, creneau__gt=far).delete()
    extend()
    endless.refresh_from_db()
    assert endless.fin == max(taken(thing)) == max(taken(other)) == horizon_index()
    assert [one.fin for one in Engagement.objects.filter(papier=paper)] == [horizon_index()]


def test_a_paper_that_holds_days_is_not_deleted_under_them():
    paper = blocking_paper(make_materiel(), monday())
    with pytest.raises(ProtectedError):
        paper.delete()
