"""Where people are today, and whether the doors are open: week-ends, holidays, even weeks, half-day absences."""

from datetime import date, datetime, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collectivites.models import Absence, PlageOuverture, Poste, Presence
from collectivites.presence import Situation, ouverture, situations
from extranet.lib.demi_journees import Jour, Moment, Semaine
from tests.collectivites.factories import CollectiviteFactory, PosteFactory

pytestmark = pytest.mark.django_db

MATIN, APRES_MIDI = Moment.MATIN, Moment.APRES_MIDI
# In 2026: Thursday 8 October is in week 41 (odd), Thursday 15 in week 42 (even).
LUNDI, JEUDI, JEUDI_PAIR, DIMANCHE = date(2026, 10, 5), date(2026, 10, 8), date(2026, 10, 15), date(2026, 10, 11)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


@pytest.fixture
def poste() -> Poste:
    return PosteFactory()


def works(poste: Poste, jour: Jour, moment: Moment, hours: tuple | None = None, semaine: str = Semaine.TOUTES) -> None:
    debut, fin = hours or (None, None)
    Presence.objects.create(poste=poste, jour=jour, moment=moment, heure_debut=debut, heure_fin=fin, semaine=semaine)


def away(poste: Poste, debut: date, fin: date, moments: tuple = (MATIN, APRES_MIDI)) -> None:
    Absence.objects.create(
        agent=poste.agent, date_debut=debut, date_fin=fin, moment_debut=moments[0], moment_fin=moments[1]
    )


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def now(poste: Poste, day: date, hour: int, minute: int = 0) -> tuple[bool, str] | None:
    found = situations([poste], at(day, hour, minute)).get(poste.pk)
    return found and (found.la, plain(found.texte))


def test_nothing_is_said_of_days_that_nobody_told(poste: Poste) -> None:
    assert now(poste, JEUDI, 10) is None


@pytest.mark.parametrize(
    ("hour", "minute", "expected"),
    [
        (7, 0, (True, "à partir de 8 h 30")),
        (8, 30, (True, "jusqu’à 17 h")),
        (12, 30, (True, "à partir de 13 h 30")),
        (16, 59, (True, "jusqu’à 17 h")),
        (17, 0, (False, "journée finie")),
    ],
)
def test_a_day_whose_hours_are_known(poste: Poste, hour: int, minute: int, expected: tuple) -> None:
    works(poste, Jour.JEUDI, MATIN, (time(8, 30), time(12)))
    works(poste, Jour.JEUDI, APRES_MIDI, (time(13, 30), time(17)))
    assert now(poste, JEUDI, hour, minute) == expected


@pytest.mark.parametrize(
    ("moments", "hour", "expected"),
    [
        ([MATIN, APRES_MIDI], 9, (True, "toute la journée")),
        ([MATIN, APRES_MIDI], 15, (True, "cet après-midi")),
        ([MATIN], 9, (True, "ce matin")),
        ([MATIN], 14, (False, "le matin seulement")),
        ([APRES_MIDI], 9, (True, "cet après-midi")),
        ([APRES_MIDI], 19, (False, "journée finie")),
    ],
)
def test_a_day_whose_hours_are_not(poste: Poste, moments: list, hour: int, expected: tuple) -> None:
    for moment in moments:
        works(poste, Jour.JEUDI, moment)
    assert now(poste, JEUDI, hour) == expected


def test_right_now_or_later_today(poste: Poste) -> None:
    works(poste, Jour.JEUDI, APRES_MIDI, (time(14), time(17)))
    assert situations([poste], at(JEUDI, 9))[poste.pk].ici is False
    assert situations([poste], at(JEUDI, 15))[poste.pk].ici is True


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 10, 7), "de retour demain"),
        (LUNDI, "de retour jeudi"),
        (date(2026, 10, 9), "de retour jeudi"),
    ],
)
def test_the_next_day_they_come(poste: Poste, day: date, expected: str) -> None:
    works(poste, Jour.JEUDI, MATIN)
    assert now(poste, day, 10) == (False, expected)


def test_even_weeks(poste: Poste) -> None:
    works(poste, Jour.JEUDI, MATIN, semaine=Semaine.PAIRES)
    assert now(poste, JEUDI, 9) == (False, "de retour jeudi 15 octobre")
    assert now(poste, JEUDI_PAIR, 9) == (True, "ce matin")


def test_odd_weeks_follow_one_another_at_the_end_of_2026(poste: Poste) -> None:
    """Week 53 then week 1: ISO numbers them so, and a calendar on the wall says the same."""
    works(poste, Jour.LUNDI, MATIN, semaine=Semaine.IMPAIRES)
    assert now(poste, date(2026, 12, 28), 9) == (True, "ce matin")
    assert now(poste, date(2027, 1, 4), 9) == (True, "ce matin")
    assert now(poste, date(2027, 1, 11), 9)[0] is False


def test_a_public_holiday(poste: Poste) -> None:
    for jour in (Jour.MERCREDI, Jour.JEUDI):
        works(poste, jour, MATIN)
    assert now(poste, date(2026, 11, 11), 9) == (False, "férié, de retour demain")


@pytest.mark.parametrize(
    ("fin", "moments", "hour", "expected"),
    [
        (date(2026, 10, 12), (MATIN, APRES_MIDI), 9, (False, "absence jusqu’au 12 octobre")),
        (JEUDI, (MATIN, APRES_MIDI), 9, (False, "absence aujourd’hui")),
        (JEUDI, (MATIN, MATIN), 9, (False, "absence ce matin")),
        (JEUDI, (MATIN, MATIN), 14, (True, "cet après-midi")),
        (JEUDI, (APRES_MIDI, APRES_MIDI), 9, (True, "ce matin")),
        (JEUDI, (APRES_MIDI, APRES_MIDI), 14, (False, "absence aujourd’hui")),
    ],
)
def test_absences_by_half_day(poste: Poste, fin: date, moments: tuple, hour: int, expected: tuple) -> None:
    works(poste, Jour.JEUDI, MATIN)
    works(poste, Jour.JEUDI, APRES_MIDI)
    away(poste, JEUDI, fin, moments)
    assert now(poste, JEUDI, hour) == expected


def test_back_after_an_absence_that_follows(poste: Poste) -> None:
    works(poste, Jour.JEUDI, MATIN)
    away(poste, date(2026, 10, 12), date(2026, 10, 17))
    assert now(poste, date(2026, 10, 9), 9) == (False, "de retour jeudi 22 octobre")


def test_an_absence_is_told_even_when_no_day_is(poste: Poste) -> None:
    away(poste, JEUDI, JEUDI)
    assert now(poste, JEUDI, 9) == (False, "absence aujourd’hui")


def test_nobody_comes_back(poste: Poste) -> None:
    works(poste, Jour.JEUDI, MATIN)
    away(poste, date(2026, 10, 9), date(2027, 3, 1))
    assert now(poste, JEUDI, 14) == (False, "le matin seulement")
    assert now(poste, date(2026, 10, 8), 9) == (True, "ce matin")


def test_an_absence_is_of_the_person_and_days_are_of_the_poste(poste: Poste) -> None:
    other = PosteFactory(agent=poste.agent)
    works(poste, Jour.JEUDI, MATIN)
    works(other, Jour.JEUDI, APRES_MIDI)
    assert now(poste, JEUDI, 9) == (True, "ce matin")
    assert now(other, JEUDI, 9) == (True, "cet après-midi")
    away(poste, JEUDI, JEUDI)
    assert now(other, JEUDI, 9) == (False, "absence aujourd’hui")


def test_two_queries_for_a_hundred_postes() -> None:
    postes = [PosteFactory() for _ in range(30)]
    for poste in postes:
        works(poste, Jour.JEUDI, MATIN)
    with CaptureQueriesContext(connection) as queries:
        found = situations(postes, at(JEUDI, 9))
    assert len(queries) == 2
    assert set(found.values()) == {Situation(True, "ce matin", ici=True)}


@pytest.fixture
def plages() -> list[PlageOuverture]:
    place = CollectiviteFactory()
    hours = [(Jour.LUNDI, 9, 12), (Jour.JEUDI, 13, 18), (Jour.JEUDI, 8, 12), (Jour.SAMEDI, 10, 12)]
    return [
        PlageOuverture.objects.create(collectivite=place, jour=jour, ouverture=time(debut), fermeture=time(fin))
        for jour, debut, fin in hours
    ]


@pytest.mark.parametrize(
    ("day", "hour", "expected"),
    [
        (JEUDI, 7, (False, "fermée, ouvre à 8 h")),
        (JEUDI, 8, (True, "ouverte jusqu’à 12 h")),
        (JEUDI, 12, (False, "fermée, ouvre à 13 h")),
        (JEUDI, 17, (True, "ouverte jusqu’à 18 h")),
        (JEUDI, 18, (False, "fermée, ouvre samedi à 10 h")),
        (date(2026, 10, 9), 10, (False, "fermée, ouvre demain à 10 h")),
        (DIMANCHE, 10, (False, "fermée, ouvre demain à 9 h")),
        (date(2026, 5, 14), 10, (False, "fermée, ouvre samedi à 10 h")),
    ],
)
def test_doors(plages: list, day: date, hour: int, expected: tuple) -> None:
    found = ouverture(plages, at=at(day, hour))
    assert (found.ouverte, plain(found.texte)) == expected


def test_doors_that_agree_with_their_word(plages: list) -> None:
    assert plain(ouverture(plages, feminin=False, at=at(JEUDI, 9)).texte) == "ouvert jusqu’à 12 h"
    assert plain(ouverture(plages, feminin=False, at=at(JEUDI, 12)).texte) == "fermé, ouvre à 13 h"


def test_doors_without_hours() -> None:
    assert ouverture([]) is None
