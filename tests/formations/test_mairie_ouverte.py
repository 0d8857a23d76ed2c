"""« Mairie ouverte »: told when a booking empties a town hall, or leaves it without a rescuer; never a refusal."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collectivites.models import Absence, Agent, Collectivite, Habilitation, Presence, TypeHabilitation
from extranet.lib.demi_journees import Moment
from formations.inscrire.mairie_ouverte import warnings
from formations.models import Inscription, SessionFormation
from tests.collectivites.factories import CollectiviteFactory, FonctionFactory
from tests.formations.envois import keeper, key_of, send
from tests.formations.factories import book, day, fresh, make_formation, make_session, monday, worker
from tests.materiel.formulaires import text
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Collectivite:
    return CollectiviteFactory(nom="Foucherans")


@pytest.fixture
def session() -> SessionFormation:
    return make_session(horaires=day(monday(), Moment.MATIN))


def said(session: SessionFormation, place: Collectivite, *leaving: Agent) -> list[str]:
    found = warnings(session, {place: [one.pk for one in leaving]})
    return [one.phrase.replace("\u00a0", " ") for one in found]


def rescuer(agent: Agent, ends: int = 365) -> Agent:
    today = timezone.localdate()
    Habilitation.objects.create(
        agent=agent,
        type=TypeHabilitation.objects.get(code="sst"),
        obtenue_le=today - timedelta(days=300),
        valable_jusqu_au=today + timedelta(days=ends),
    )
    return agent


def test_nobody_would_be_left(place, session):
    one, other = worker(place), worker(place)
    assert said(session, place, one) == []
    (phrase,) = said(session, place, one, other)
    assert phrase.startswith("Il n’y aurait plus personne à Foucherans le ")
    assert phrase.endswith("(matin).")


def test_the_week_the_absences_and_other_trainings_count(place, session):
    one, weekly, away, busy = (worker(place) for _ in range(4))
    Presence.objects.create(poste=weekly.postes_en_cours[0], jour=2, moment=Moment.MATIN)
    Absence.objects.create(agent=away, date_debut=monday(), date_fin=monday())
    book(make_session(make_formation("Ailleurs"), horaires=day(monday(), Moment.MATIN)), busy)
    assert "plus personne" in said(session, place, one)[0]
    Presence.objects.create(poste=weekly.postes_en_cours[0], jour=1, moment=Moment.MATIN)
    assert said(session, place, one) == []


def test_elus_do_not_keep_the_door_and_an_empty_hall_is_not_news(place, session):
    one = worker(place)
    worker(place, fonction=FonctionFactory(code="essai-maire", famille="elus"))
    assert "plus personne" in said(session, place, one)[0]
    Absence.objects.create(agent=one, date_debut=monday(), date_fin=monday())
    assert said(session, place, one) == []


def test_no_rescuer_would_be_left(place, session):
    one = rescuer(worker(place))
    worker(place)
    assert "plus de sauveteur secouriste à Foucherans" in said(session, place, one)[0]
    rescuer(worker(place), ends=1)  # no longer on that day
    assert "plus de sauveteur secouriste" in said(session, place, one)[0]
    rescuer(worker(place))
    assert said(session, place, one) == []


def test_the_other_session_that_leaves_somebody_is_suggested(place, session):
    one, other = worker(place), worker(place)
    Absence.objects.create(agent=other, date_debut=monday(), date_fin=monday())
    full = make_session(session.formation, on=monday(7), capacite=1)
    book(full, worker())
    free = make_session(session.formation, on=monday(8))
    (alert,) = warnings(session, {place: [one.pk]}, [fresh(full), free])
    assert alert.autre == free
    (alone,) = warnings(session, {place: [one.pk, other.pk]}, [free])
    assert alone.autre is None


def test_it_warns_on_the_sheet_and_never_blocks(place):
    odile, session = keeper(place), make_session()
    browser = open_session(odile)
    response = browser.post(
        f"{session.formation.adresse}recapitulatif/",
        {"session": session.numero, "personnes": [key_of(odile, place)]},
        headers={"HX-Request": "true", "HX-Target": "recap"},
    )
    assert "Mairie ouverte." in text(response)
    assert send(browser, session, key_of(odile, place)).status_code == 302
    assert Inscription.objects.get().is_placed


def test_the_same_number_of_queries_for_many_people_and_sessions(place, session):
    def measured(others: list[SessionFormation]) -> int:
        people = {town: [poste.agent_id for poste in town.postes.all()] for town in Collectivite.objects.communes()}
        list(session.creneaux.all())
        with CaptureQueriesContext(connection) as seen:
            warnings(session, people, others)
        return len(seen) - 1 - len(others)  # their half-days, read beforehand on a page

    worker(place)
    few = measured([])
    for week in range(7, 10):
        rescuer(worker(place)), worker()
        make_session(session.formation, on=monday(week))
    assert measured(list(SessionFormation.objects.exclude(pk=session.pk))) == few <= 6
