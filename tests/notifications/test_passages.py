"""The timetable: neither skipped, nor repeated, and one failure stops nobody else."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from extranet.lib.apports import Echeance
from notifications import passages
from notifications.models import Passage, Veille
from notifications.passages import last_occurrence, run_due

pytestmark = pytest.mark.django_db

PARIS = ZoneInfo("Europe/Paris")
MIDI = datetime(2026, 10, 12, 12, 0, tzinfo=PARIS)
HEURE = timedelta(hours=1)


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What ran, for a timetable of one hourly act, one of 7:30 and one that always fails."""
    ran: list[str] = []

    def fail() -> None:
        ran.append("echec")
        raise OSError("disque plein")

    acts = [
        Echeance("echec", fail, every=HEURE),
        Echeance("horaire", lambda: ran.append("horaire"), every=HEURE),
        Echeance("matin", lambda: ran.append("matin"), heure="7:30"),
    ]
    monkeypatch.setattr(passages, "timetable", lambda: acts)
    Veille.objects.create(identifiant="v1")
    return ran


def test_acts_run_when_their_time_has_come(ran: list[str]):
    run_due("v1", MIDI)
    run_due("v1", MIDI + timedelta(minutes=5))
    assert ran == ["echec", "horaire"]
    run_due("v1", MIDI + HEURE)
    assert ran.count("horaire") == 2


def test_an_act_of_a_fixed_hour_runs_once_a_day_and_catches_up(ran: list[str]):
    for hours in (0, 19, 20, 21, 44):
        run_due("v1", MIDI + timedelta(hours=hours))
    assert ran.count("matin") == 2


def test_a_failure_is_kept_shown_and_tried_again(ran: list[str]):
    run_due("v1", MIDI)
    failed = Passage.objects.get(pk="echec")
    assert failed.echecs == 1
    assert "disque plein" in failed.erreur
    run_due("v1", MIDI + timedelta(minutes=11))
    assert ran.count("echec") == 2
    assert Passage.objects.get(pk="echec").echecs == 2


def test_a_success_forgets_the_failures(ran: list[str]):
    Passage.objects.create(nom="horaire", commence_le=MIDI - HEURE, fini_le=MIDI - HEURE, echecs=3, erreur="…")
    run_due("v1", MIDI)
    horaire = Passage.objects.get(pk="horaire")
    assert (horaire.echecs, horaire.erreur) == (0, "")


def test_two_veilles_run_it_once(ran: list[str], monkeypatch: pytest.MonkeyPatch):
    """Both read the row before either writes it."""
    Veille.objects.create(identifiant="v2")
    run_due("v1", MIDI)
    ran.clear()
    stale = {passage.pk: passage for passage in Passage.objects.all()}
    run_due("v1", MIDI + HEURE)
    monkeypatch.setattr(Passage.objects, "all", lambda: stale.values())
    run_due("v2", MIDI + HEURE)
    assert ran.count("horaire") == 1


def test_an_act_that_runs_elsewhere_is_left_alone_until_its_veille_dies(ran: list[str]):
    Veille.objects.create(identifiant="v2")
    now = timezone.now()
    Passage.objects.create(nom="horaire", commence_le=now - HEURE * 2, fini_le=None, veille="v2")
    run_due("v1")
    assert "horaire" not in ran
    Veille.objects.filter(pk="v2").update(battement_le=now - HEURE)
    run_due("v1")
    assert ran.count("horaire") == 1


def test_an_act_whose_end_could_not_be_written_runs_again(ran: list[str]):
    Passage.objects.create(nom="horaire", commence_le=timezone.now(), fini_le=None, veille="v1")
    run_due("v1")
    assert "horaire" in ran


def test_hours_are_those_of_paris_through_the_year():
    assert last_occurrence("7:30", datetime(2026, 10, 25, 9, tzinfo=PARIS)) == datetime(
        2026, 10, 25, 7, 30, tzinfo=PARIS
    )
    assert last_occurrence("7:30", datetime(2026, 3, 29, 7, tzinfo=PARIS)) == datetime(2026, 3, 28, 7, 30, tzinfo=PARIS)
    assert last_occurrence("2:30", datetime(2026, 3, 29, 12, tzinfo=PARIS)).astimezone(PARIS).day == 29


def test_every_declared_act_has_a_name_of_its_own_and_a_time():
    acts = passages.timetable()
    assert len({act.nom for act in acts}) == len(acts) > 5
    assert all((act.every is None) != (act.heure is None) for act in acts)


@pytest.mark.parametrize("act", passages.timetable(), ids=lambda act: act.nom)
def test_every_declared_act_may_be_run_twice(act: Echeance):
    act.act()
    act.act()
