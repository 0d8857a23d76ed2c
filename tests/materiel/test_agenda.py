"""The calendar: each day from the ledger, in colour and in words."""

from datetime import date, datetime, timedelta
from unittest.mock import patch

import pytest
from django.test import Client
from django.utils import timezone

from extranet.lib.demi_journees import DemiJournee, Moment
from materiel.enums import Nature, TypePapier
from materiel.models import Engagement, Materiel, Papier
from materiel.prets.alternatives import nearest_days
from materiel.registre import RESERVABLE, close_expired, mark_late
from materiel.registre.disponibilite import availability, read
from materiel.registre.regles import first_day
from materiel.suivi.etat_demande import state_of
from materiel.vitrine.agenda import Jour, month_asked, months
from tests.distribution import Distribution
from tests.materiel.factories import EngagementFactory, PretFactory, half, make_materiel, monday
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
LUNDI = monday()
MATIN, SOIR = Moment.MATIN, Moment.APRES_MIDI


def days_of(materiel: Materiel, first: date = LUNDI) -> dict[date, Jour]:
    found = months(read(materiel), first, None, materiel.page.adresse)
    return {day.date: day for month in found.mois for week in month.semaines for day in week if day}


def loan(materiel: Materiel, **fields: object) -> Engagement:
    return EngagementFactory(materiel=materiel, nature=Nature.PRET, pret=PretFactory(materiel=materiel), **fields)


def test_each_day_by_its_half_days() -> None:
    thing = make_materiel()
    days = [LUNDI + timedelta(days=n) for n in range(5)]
    loan(thing, debut=half(days[0], SOIR), fin=half(days[1]))
    EngagementFactory(materiel=thing, debut=half(days[2]), fin=half(days[2], SOIR))
    EngagementFactory(materiel=thing, nature=Nature.ENTRETIEN, debut=half(days[3]), fin=half(days[3], SOIR))
    found = days_of(thing)
    assert [(found[day].classe, found[day].mot) for day in days] == [
        ("is-part", "matin"),
        ("is-part", "ap.-m."),
        ("is-own", "mairie"),
        ("is-taken", "atelier"),
        ("is-free", "libre"),
    ]
    assert [found[day].lu for day in days] == [
        "matin libre",
        "après-midi libre",
        "gardé par la commune propriétaire",
        "en entretien",
        "libre",
    ]
    assert [bool(found[day].url) for day in days] == [True, True, False, False, True]


def test_a_lot_counts_what_is_left() -> None:
    lot = make_materiel("Barrières", stock=80)
    EngagementFactory(materiel=lot, quantite=35, debut=half(LUNDI), fin=half(LUNDI))
    EngagementFactory(materiel=lot, quantite=79, debut=half(LUNDI) + 2, fin=half(LUNDI) + 3)
    EngagementFactory(materiel=lot, quantite=80, debut=half(LUNDI) + 4, fin=half(LUNDI) + 4)
    found = days_of(lot)
    words = [(found[LUNDI + timedelta(days=n)].mot, found[LUNDI + timedelta(days=n)].lu) for n in range(4)]
    assert words == [
        ("45", "45 libres sur 80"),
        ("1", "1 libre sur 80"),
        ("ap.-m.", "après-midi libre, 80 sur 80"),
        ("80", "80 libres sur 80"),
    ]


def test_what_is_feared_late_is_not_free() -> None:
    thing = make_materiel()
    held = loan(thing, debut=half(LUNDI), fin=half(LUNDI, SOIR))
    mark_late(held, 1, half(LUNDI) + 2, half(LUNDI) + 3)
    day = days_of(thing)[LUNDI + timedelta(days=1)]
    assert (day.mot, day.lu) == ("retard", "pas encore rendu")


def test_the_past_is_neither_free_nor_taken() -> None:
    thing = make_materiel()
    today = timezone.localdate()
    found = days_of(thing, today)
    assert all(found[day].classe == "is-past" for day in found if day < today)
    assert all(not found[day].url for day in found if day < today)


def test_days_that_the_notice_forbids_are_not_offered() -> None:
    thing = make_materiel(preavis_jours=5)
    today = timezone.localdate()
    first = first_day(thing, today)
    found = days_of(thing, today) | days_of(thing, first)
    before = [found[today + timedelta(days=n)] for n in range((first - today).days)]
    assert {(day.mot, day.lu, day.url) for day in before} == {("délai", "à demander plus tôt", "")}
    assert found[first].url
    assert months(read(thing), today, None, thing.page.adresse).plages[0].periode.startswith("du ")


def test_this_morning_is_gone_in_the_afternoon() -> None:
    thing = make_materiel()
    today = timezone.localdate()
    evening = timezone.make_aware(datetime.combine(today, datetime.min.time().replace(hour=15)))
    with patch("django.utils.timezone.now", return_value=evening):
        assert days_of(thing, today)[today].mot == "ap.-m."
    morning = evening.replace(hour=8)
    with patch("django.utils.timezone.now", return_value=morning):
        assert days_of(thing, today)[today].mot == "libre"


def test_the_plain_list_says_the_same_as_the_cells() -> None:
    thing = make_materiel()
    EngagementFactory(materiel=thing, debut=half(LUNDI), fin=half(LUNDI) + 3)
    found = months(read(thing), LUNDI, None, "")
    kept = [plage for plage in found.plages if not plage.libre]
    assert [plage.etat for plage in kept] == ["gardé par la commune propriétaire"]
    assert kept[0].periode.startswith("du ")
    assert [plage.libre for plage in found.plages] == [True, False, True]


@pytest.mark.parametrize(("avant", "apres"), [(0, 0), (1, 2)], ids=["no buffer", "buffers"])
def test_a_half_day_is_free_in_the_calendar_when_it_may_be_asked(avant: int, apres: int) -> None:
    """Loans, a late one, and after the end of a paper, the days that the ledger leaves open for what comes before."""
    lot = make_materiel("Barrières", stock=10, tampon_avant=avant, tampon_apres=apres)
    for n, quantity in enumerate((3, 7, 10, 1)):
        EngagementFactory(materiel=lot, quantite=quantity, debut=half(LUNDI) + 4 * n, fin=half(LUNDI) + 4 * n + 2)
    end = LUNDI + timedelta(days=18)
    Papier.objects.create(materiel=lot, type=TypePapier.VGP, bloquant=True, valable_jusqu_au=end)
    close_expired(lot)
    reading, found = read(lot), days_of(lot)
    for creneau in range(half(LUNDI) - 20, half(LUNDI) + 60):
        one = DemiJournee.at(creneau)
        asked = availability([lot], one, one, 1)[lot.pk]
        assert reading.dispo(one, one, 1) == asked
        assert (reading.demandable(creneau) > 0) == asked.suffit(1), one
        if asked.suffit(1):
            assert reading.demandable(creneau) == asked.libre
    for day in [LUNDI + timedelta(days=n) for n in range(-5, 30) if LUNDI + timedelta(days=n) in found]:
        whole = availability([lot], DemiJournee(day, MATIN), DemiJournee(day, SOIR), 1)[lot.pk]
        assert (found[day].classe in {"is-free", "is-part"} and found[day].mot not in {"matin", "ap.-m."}) == (
            whole.suffit(1)
        ), day


def test_the_days_after_a_paper_are_closed_though_the_ledger_leaves_them_open() -> None:
    """It ends on a Friday: with an open day kept after each loan, the ledger is closed from Tuesday on."""
    friday = LUNDI + timedelta(days=4)
    thing = make_materiel(tampon_apres=1)
    Papier.objects.create(materiel=thing, type=TypePapier.VGP, bloquant=True, valable_jusqu_au=friday)
    close_expired(thing)
    found = days_of(thing)
    said = [(found[friday + timedelta(days=n)].mot, bool(found[friday + timedelta(days=n)].url)) for n in range(5)]
    assert said == [("libre", True)] + [("papier", False)] * 4
    runs = months(read(thing), LUNDI, None, thing.page.adresse).plages
    assert [(plage.libre, plage.etat) for plage in runs] == [(True, "libre"), (False, "un papier est à renouveler")]
    saturday = friday + timedelta(days=1)
    day = DemiJournee(saturday, MATIN), DemiJournee(saturday, SOIR)
    assert all(one.fin.date <= friday for one in nearest_days(thing, *day, 1, count=3))
    assert all(one.fin.date <= friday for one in state_of(read(thing), None, None, *day, 1).jours)
    # Its owner keeps days without asking: the ledger as it is.
    kept = {
        day.date: day
        for month in months(read(thing), LUNDI, None, "").mois
        for week in month.semaines
        for day in week
        if day
    }
    assert kept[saturday].mot == "libre"


def test_the_months_stay_within_what_may_be_asked(distribution: Distribution) -> None:
    thing = make_materiel()
    today = timezone.localdate().replace(day=1)
    for value in ("", "2019-01", "zzz", "9999-12", "2026-13", "2026-1"):
        first = month_asked(value)
        assert first >= today
        found = months(read(thing), first, None, "")
        assert len(found.mois) == 2
    assert months(read(thing), month_asked("9999-12"), None, "").apres == ""
    assert months(read(thing), today, None, "").avant == ""
    client = open_session(distribution.gestionnaire_a)
    answer = client.get(
        f"{thing.page.adresse}?mois={month_asked('9999-12'):%Y-%m}",
        headers={"HX-Request": "true", "HX-Target": "agenda"},
    )
    assert "Mois précédent" in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_nearest_dates_keep_the_half_days_asked_for() -> None:
    thing = make_materiel(tampon_apres=1)
    EngagementFactory(materiel=thing, debut=half(LUNDI), fin=half(LUNDI) + 9)
    found = nearest_days(thing, DemiJournee(LUNDI, SOIR), DemiJournee(LUNDI + timedelta(days=1), MATIN), 1, count=3)
    assert len(found) == 3
    assert {(one.debut.moment, one.fin.moment) for one in found} == {(SOIR, MATIN)}
    for one in found:
        assert availability([thing], one.debut, one.fin, 1)[thing.pk].suffit(1)


def test_dates_that_no_day_can_hold_have_no_neighbours(distribution: Distribution) -> None:
    thing = make_materiel(duree_max_jours=2)
    long = DemiJournee(LUNDI, MATIN), DemiJournee(LUNDI + timedelta(days=9), SOIR)
    assert state_of(read(thing), None, None, *long, 1).jours == []
    assert state_of(read(thing), None, None, long[0], long[0], 4).jours == []


def test_no_neighbour_is_beyond_what_may_be_reserved() -> None:
    thing = make_materiel()
    last = timezone.localdate() + RESERVABLE
    EngagementFactory(materiel=thing, debut=half(last), fin=half(last) + 1)
    day = DemiJournee(last, MATIN), DemiJournee(last, SOIR)
    assert [one.fin.date <= last for one in nearest_days(thing, *day, 1, count=3)] == [True] * 3


def test_asked_dates_are_marked(distribution: Distribution) -> None:
    thing = make_materiel(collectivite=distribution.b)
    page = open_session(distribution.gestionnaire_a).get(f"{thing.page.adresse}?du={LUNDI}&au={LUNDI}")
    html = page.content.decode()
    assert html.count("is-picked") == 1
    assert f"?du={LUNDI}&amp;au={LUNDI + timedelta(days=1)}#demander" in html  # a later day ends the period
    assert "libre, dates demandées" in html


def test_a_client_reads_without_writing(client: Client, distribution: Distribution) -> None:
    thing = make_materiel(collectivite=distribution.b)
    before = Engagement.objects.count()
    open_session(distribution.gestionnaire_a).get(f"{thing.page.adresse}?du={LUNDI}")
    assert Engagement.objects.count() == before
