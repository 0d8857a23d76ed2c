"""Straight SQL, past every act: the database refuses what must never be, on both engines."""

import pytest
from django.db import DatabaseError, connection, transaction

from formations.enums import StatutInscription, Visa
from formations.models import DemiJourneePrise, Inscription, SessionCommune, SessionFormation
from formations.places.verification import check
from tests.formations.factories import book, fresh, make_formation, make_session, worker

pytestmark = pytest.mark.django_db
S = StatutInscription
TABLE = "formations_inscription"


@pytest.fixture
def session() -> SessionFormation:
    """Two seats, one a commune; both taken, one waits. Somebody is elsewhere on the same day."""
    session = make_session(capacite=2, quota_commune=1)
    for _ in range(3):
        book(session, worker())
    return session


def refused(sql: str, *params: object) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, params)
    except DatabaseError:
        return True
    return False


REFUSES = {
    "promoted by hand in a full session": f"UPDATE {TABLE} SET statut = 'confirmee' WHERE session_id = %s AND rang = 1",
    "fewer seats than are taken": "UPDATE formations_sessionformation SET capacite = 1 WHERE id = %s",
    "a counter beyond the seats": "UPDATE formations_sessionformation SET occupees = 3 WHERE id = %s",
    "no seat at all": "UPDATE formations_sessionformation SET capacite = 0, occupees = 0 WHERE id = %s",
    "a quota under what is taken": "UPDATE formations_sessioncommune SET quota = 0 WHERE session_id = %s",
    "a rank changed": f"UPDATE {TABLE} SET rang = 9 WHERE session_id = %s AND rang = 1",
    "a rank taken back": f"UPDATE {TABLE} SET statut = 'expiree', rang = NULL WHERE session_id = %s AND rang = 1",
    "waiting without a rank": f"UPDATE {TABLE} SET statut = 'attente' WHERE session_id = %s AND rang IS NULL",
    "held for ever": f"UPDATE {TABLE} SET statut = 'tenue' WHERE session_id = %s AND rang IS NULL",
    "confirmed, and its visa awaited": f"UPDATE {TABLE} SET visa = 'attendu' WHERE session_id = %s AND rang IS NULL",
    "withdrawn without a reason": f"UPDATE {TABLE} SET statut = 'desistee' WHERE session_id = %s AND rang IS NULL",
    "the history emptied": "DELETE FROM formations_mouvement WHERE session_id = %s",
    "the history rewritten": "UPDATE formations_mouvement SET vers = 'absente' WHERE session_id = %s",
    "a line given to another": "UPDATE formations_mouvement SET inscription_id = NULL WHERE session_id = %s "
    "AND inscription_id IS NOT NULL",
    "cancelled without a reason": "UPDATE formations_sessionformation SET statut = 'annulee' WHERE id = %s",
}


@pytest.mark.parametrize("fault", REFUSES)
def test_it_is_refused(session: SessionFormation, fault: str) -> None:
    assert refused(REFUSES[fault], session.pk)
    assert check().ecarts == []


def test_one_more_seat_is_refused_to_a_full_commune(session: SessionFormation) -> None:
    """There is room in the session, not for this commune."""
    SessionFormation.objects.filter(pk=session.pk).update(capacite=5)
    place = session.inscriptions.placed().first().collectivite
    with pytest.raises(DatabaseError), transaction.atomic():
        Inscription.objects.create(session=session, agent=worker(place), collectivite=place, statut=S.CONFIRMEE)
    assert max(SessionCommune.objects.filter(session=session).values_list("occupees", flat=True)) == 1


def test_the_same_person_twice_is_refused(session: SessionFormation) -> None:
    first = session.inscriptions.first()
    with pytest.raises(DatabaseError), transaction.atomic():
        Inscription.objects.create(
            session=session, agent=first.agent, collectivite=first.collectivite, statut=S.ATTENTE, rang=8
        )


def test_dates_that_put_somebody_in_two_places_are_refused(session: SessionFormation) -> None:
    seat = session.inscriptions.placed().first()
    other = make_session(make_formation("Ailleurs"), datee=False)
    Inscription.objects.create(
        session=other, agent=seat.agent, collectivite=seat.collectivite, statut=S.CONFIRMEE, visa=Visa.NON_REQUIS
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        other.creneaux.create(
            demi_journee=session.creneaux.first().demi_journee, heure_debut="09:00", heure_fin="12:00"
        )


def test_what_is_moved_or_erased_by_hand_is_counted_too(session: SessionFormation) -> None:
    """Another commune, another person, another session, gone: the counters and the half-days follow."""
    seat = session.inscriptions.placed().first()
    somebody, other = worker(), make_session(make_formation("Ailleurs"))
    for change in (
        {"collectivite": somebody.postes_en_cours[0].collectivite},
        {"agent": somebody},
        {"session": other},
    ):
        Inscription.objects.filter(pk=seat.pk).update(**change)
        assert {one.invariant for one in check().ecarts} <= {"I6", "I7"}
    assert (fresh(session).occupees, fresh(other).occupees) == (1, 1)
    assert DemiJourneePrise.objects.filter(inscription=seat, agent=somebody).count() == 2
