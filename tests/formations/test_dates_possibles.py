"""Dates and quotas of a session that cannot be: refused where they are typed, brought back when the session moves."""

from datetime import datetime, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from extranet.lib.demi_journees import DemiJournee, Moment
from formations.enums import StatutSession
from formations.forms.session import MOMENT
from formations.models import SessionFormation
from formations.places import dates
from formations.refus import InscriptionRefusee
from tests.distribution import Distribution
from tests.formations.factories import day, fresh, make_formation, make_session, monday
from tests.formations.formulaires import manage, post, said, write
from tests.formations.test_deux_onglets import WORDS, whole_day
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
NOUVELLE = "/formations/organiser/nouvelle/"


@pytest.fixture
def client(distribution: Distribution) -> Client:
    return open_session(distribution.responsable)


def typed(days: int, hour: int = 8) -> str:
    """So many days after the first one."""
    return datetime.combine(monday() + timedelta(days=days), time(hour)).strftime(MOMENT)


AFTER = [
    ({"cloture": typed(1)}, "les inscriptions finissent avant"),
    ({"cloture": typed(0, 9)}, ""),
    ({"ouverture": typed(0, 9)}, "les inscriptions ouvrent avant"),
    ({"limite_desistement": (monday() + timedelta(days=1)).isoformat()}, "on se retire avant"),
    ({"quota_commune": 2, "quota_leve_le": typed(1)}, "le quota est levé avant"),
    ({"quota_commune": 13}, "La session a 12 places : une commune n’en a pas plus."),
    ({"cloture": "0001-01-01T00:00"}, "vérifiez l’année"),
    ({"ouverture": "9999-12-31T23:59"}, "vérifiez l’année"),
    ({"limite_desistement": "0001-01-01"}, "vérifiez l’année"),
    ({"quota_commune": 2, "quota_leve_le": "9999-12-31T23:59"}, "vérifiez l’année"),
]


@pytest.mark.parametrize(("given", "sentence"), AFTER)
def test_with_its_half_days_just_typed(client: Client, given: dict[str, object], sentence: str) -> None:
    new = {"formation": make_formation().pk, "r-jours": 1, "r-rythme": "suite", **WORDS, **whole_day(monday())}
    answer = post(client, NOUVELLE, **new, **given, action="ouvrir")
    assert answer.status_code == (422 if sentence else 302)
    assert sentence in said(answer)
    assert SessionFormation.objects.exists() is not bool(sentence)


@pytest.mark.parametrize(("given", "sentence"), AFTER)
def test_with_those_that_it_has(client: Client, given: dict[str, object], sentence: str) -> None:
    answer = write(client, manage(make_session(), "modifier/"), **{**WORDS, **given})
    assert answer.status_code == (422 if sentence else 302)
    assert sentence in said(answer)


def test_a_session_whose_registrations_are_over_is_not_opened(client: Client) -> None:
    yesterday = timezone.now() - timedelta(days=1)
    new = {"formation": make_formation().pk, **WORDS, "cloture": timezone.localtime(yesterday).strftime(MOMENT)}
    assert "personne ne pourrait s’inscrire" in said(post(client, NOUVELLE, **new, nb_jours=1, action="ouvrir"))
    session = make_session(ouverte=False, cloture=yesterday)
    post(client, manage(session, "ouvrir/"))
    assert fresh(session).statut == StatutSession.PROJET
    assert "changez d’abord cette date" in said(client.get(manage(session)))


def test_nothing_is_said_open_that_is_not(client: Client) -> None:
    new = {"formation": make_formation().pk, **WORDS, **whole_day(monday()), "r-jours": 1, "ouverture": typed(-7)}
    told = said(client.get(post(client, NOUVELLE, **new, action="ouvrir")["Location"]))
    assert "Les inscriptions ouvrent" in told
    assert "Elle est ouverte aux inscriptions" not in told


def test_moved_nearer_its_limits_come_back(client: Client) -> None:
    ends = timezone.make_aware(datetime.combine(monday() - timedelta(days=2), time(18)))
    session = make_session(cloture=ends, limite_desistement=monday() - timedelta(days=2))
    write(client, manage(session, "dates/"), **whole_day(monday(4)))
    moved = fresh(session)
    assert timezone.localtime(moved.cloture).replace(tzinfo=None) == datetime.combine(monday(4), time(9))
    assert moved.limite_desistement < monday(4)
    told = said(client.get(manage(session)))
    assert "Les inscriptions finissent à son début" in told
    assert "On se retire sans frais jusqu’au" in told
    assert "inscriptions jusqu’au :" in said(client.get(manage(session, "journal/")))


def test_moved_before_its_registrations_open(client: Client) -> None:
    opens = timezone.make_aware(datetime.combine(monday(5), time(18)))
    session = make_session(ouverture=opens)
    answer = write(client, manage(session, "dates/"), **whole_day(monday(4)))
    assert (answer.status_code, fresh(session).date_debut) == (422, monday())
    assert "changez d’abord cette date" in said(answer)


def test_a_half_day_that_is_over_is_not_given(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    session = make_session(datee=False)
    today = timezone.localdate()
    afternoon = timezone.make_aware(datetime.combine(today, time(15)))
    monkeypatch.setattr(timezone, "now", lambda: afternoon)
    with pytest.raises(InscriptionRefusee, match="est déjà fini"):
        dates.fixer(session.pk, day(today, Moment.MATIN), None)
    late = [dates.Horaire(DemiJournee(today, Moment.APRES_MIDI), time(16), time(18))]
    assert dates.fixer(session.pk, late, None).session.date_debut == today


def test_a_number_of_days_with_thousands_of_digits(client: Client) -> None:
    new = {"formation": make_formation().pk, **WORDS, "nb_jours": "9" * 5000}
    assert post(client, NOUVELLE, **new, action="projet").status_code == 302
