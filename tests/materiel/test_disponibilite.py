"""What is free, and why the rest is not: three queries, and no day that the ledger cannot count."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from extranet.lib.demi_journees import DemiJournee, Moment
from extranet.lib.jours_ouvres import working_days_until
from materiel.enums import Nature, StatutMateriel, TypePapier
from materiel.models import Engagement, Materiel, Papier
from materiel.registre import change_stock, mark_late, now_index, take
from materiel.registre.disponibilite import availability, only_free
from materiel.registre.regles import (
    DUREE,
    ENTRETIEN,
    LOIN,
    MAIRIE,
    ORDRE,
    PAPIER,
    PART,
    PASSE,
    PREAVIS,
    PRIS,
    RETARD,
    RETIRE,
    first_day,
    notice,
    obstacles,
)
from tests.materiel.factories import EngagementFactory, PretFactory, half, make_materiel, monday

pytestmark = pytest.mark.django_db


def days(debut: date, fin: date | None = None) -> tuple[DemiJournee, DemiJournee]:
    return DemiJournee(debut, Moment.MATIN), DemiJournee(fin or debut, Moment.APRES_MIDI)


def codes(materiel: Materiel, debut: date, fin: date | None = None, quantite: int = 1) -> list[str]:
    found = availability([materiel], *days(debut, fin), quantite)[materiel.pk]
    assert only_free(Materiel.objects.all(), *days(debut, fin), quantite).filter(pk=materiel.pk).exists() == (
        found.suffit(quantite)
    )
    return [one.code for one in found.obstacles]


def test_three_queries_whatever_the_number_and_the_buffers(django_assert_num_queries):
    things = [
        make_materiel(f"Matériel {n}", tampon_avant=n % 6, tampon_apres=n // 3, preavis_jours=n) for n in range(12)
    ]
    things = list(Materiel.objects.filter(pk__in=[one.pk for one in things]).for_list())
    with django_assert_num_queries(3):
        found = availability(things, *days(monday()), 1)
    assert set(found) == {one.pk for one in things}
    with django_assert_num_queries(0):
        assert availability([], *days(monday(), monday(1)), 1) == {}


@pytest.mark.parametrize(
    ("debut", "fin", "code"),
    [
        (date(9999, 12, 31), date(9999, 12, 31), LOIN),
        (date(1, 1, 1), date(1, 1, 2), PASSE),
        (date(2020, 1, 1), date(9999, 12, 31), PASSE),
        (date(9999, 12, 31), date(1, 1, 1), ORDRE),
    ],
)
def test_days_out_of_reach_are_said_and_never_counted(django_assert_num_queries, debut, fin, code):
    thing = make_materiel(tampon_avant=5, tampon_apres=5)
    with django_assert_num_queries(0):
        found = availability([thing], *days(debut, fin), 1)[thing.pk]
        assert [one.code for one in obstacles(thing, *days(debut, fin), 1)] == [code]
        assert not only_free(Materiel.objects.all(), *days(debut, fin), 1)
    assert [one.code for one in found.obstacles] == [code]


def test_each_reason_is_told():
    day = monday()
    first = half(day)
    thing = make_materiel(duree_max_jours=4)
    assert codes(thing, day) == []
    assert codes(thing, day, day + timedelta(days=4)) == [DUREE]
    assert codes(thing, day, quantite=2) == [PART]
    EngagementFactory(materiel=thing, debut=first, fin=first + 1)
    assert codes(thing, day) == [MAIRIE]
    assert codes(thing, day + timedelta(days=1)) == []
    other = make_materiel("Nacelle")
    EngagementFactory(materiel=other, nature=Nature.ENTRETIEN, debut=first, fin=first + 1)
    assert codes(other, day) == [ENTRETIEN]
    lot = make_materiel("Barrières", stock=80, part_max=50)
    lent = Engagement(materiel=lot, nature=Nature.PRET, quantite=60, debut=first, fin=first + 1)
    lent.pret = PretFactory(materiel=lot, quantite=60)
    take(lent)
    assert codes(lot, day, quantite=20) == []
    assert codes(lot, day, quantite=30) == [PRIS]
    assert codes(lot, day + timedelta(days=1), quantite=41) == [PART]
    lot.statut = StatutMateriel.RETIRE
    lot.save()
    assert codes(lot, day, quantite=20) == [RETIRE]


def test_a_buffer_is_kept_for_whoever_keeps_one():
    day = monday()
    thing = make_materiel(tampon_avant=1, tampon_apres=2)
    EngagementFactory(materiel=thing, debut=half(day), fin=half(day) + 1)
    monday_after, friday_before = day + timedelta(days=7), day - timedelta(days=3)
    assert codes(thing, day + timedelta(days=1)) == [MAIRIE]
    assert codes(thing, day + timedelta(days=2)) == []
    assert codes(thing, friday_before) == [MAIRIE]
    assert codes(thing, friday_before - timedelta(days=2)) == []
    assert codes(thing, monday_after) == []
    plain = make_materiel("Autre")
    EngagementFactory(materiel=plain, debut=half(day), fin=half(day) + 1)
    assert codes(plain, friday_before) == []


def test_a_paper_is_told_by_its_name_even_before_the_ledger_is_closed():
    day = monday()
    thing = make_materiel()
    Papier.objects.create(materiel=thing, type=TypePapier.VGP, valable_jusqu_au=day, bloquant=True)
    assert codes(thing, day) == []
    assert codes(thing, day, day + timedelta(days=1)) == [PAPIER]
    found = availability([thing], *days(day + timedelta(days=1)), 1)[thing.pk]
    assert found.obstacles[0].phrase.startswith("Vérification périodique")


def test_what_is_not_back_is_not_free():
    thing = make_materiel()
    now = now_index()
    pret = PretFactory(materiel=thing)
    one = take(Engagement(materiel=thing, nature=Nature.PRET, pret=pret, quantite=1, debut=now - 8, fin=now - 1))
    mark_late(one, 1, now, now + 13)
    tomorrow = timezone.localdate() + timedelta(days=2)
    assert codes(thing, tomorrow) == [RETARD]


def test_a_lot_of_which_nothing_is_left_says_so():
    thing = make_materiel()
    change_stock(thing, 0)
    assert codes(thing, monday()) == [PART]


@pytest.mark.parametrize("preavis", [0, 1, 2, 7, 30, 32_000])
def test_the_first_day_is_the_soonest_that_the_notice_allows(preavis):
    today = timezone.localdate()
    day = first_day(make_materiel(preavis_jours=preavis), today)
    if preavis < 1000:
        assert notice(today, day) >= preavis
        assert not preavis or notice(today, day - timedelta(days=1)) < preavis
        assert working_days_until(today - timedelta(days=1), day) == notice(today, day)
    assert day >= today


def test_a_notice_not_given_is_told_with_the_first_day():
    thing = make_materiel(preavis_jours=40)
    assert codes(thing, monday()) == [PREAVIS]
