"""Seats at once: the last one, one person in two places, a quota, two withdrawals, a replacement, a smaller session.

Each race is run three times. Without the locks and without the guard of the database, it does what the systems studied
do: promise twice. With the guard alone the database refuses the second one; with the locks, everybody has an answer.
"""

import threading
from collections.abc import Callable
from contextlib import nullcontext, suppress
from functools import wraps

import pytest
from django.db import DatabaseError, connection
from django.db.models import Model, QuerySet

from extranet.lib import declencheurs
from formations.enums import StatutInscription, Visa
from formations.models import DemiJourneePrise, Inscription, SessionCommune, SessionFormation
from formations.places import promotion, remplacement, reserver, retraits, sessions, situation, verrous
from formations.places.verification import check
from formations.refus import InscriptionRefusee
from tests.collectivites.factories import CollectiviteFactory
from tests.formations.factories import book, fresh, make_formation, make_session, reread, worker
from tests.races.ensemble import together

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
S = StatutInscription
AT_ONCE = 6
NUE, GARDES, VERROUS = "sans rien", "la base seule", "les verrous"


def drop(*guards: tuple[type[Model], str]) -> None:
    """The constraints of the database go; the test gives the database back as it was."""
    declencheurs.drop_all(connection)
    for model, name in guards:
        initial = model._meta.constraints
        model._meta.constraints = [one for one in initial if one.name != name]
        try:
            with connection.schema_editor() as editor:
                editor.remove_constraint(model, next(one for one in initial if one.name == name))
        finally:
            model._meta.constraints = initial
    declencheurs.create_all(connection)


@pytest.fixture(params=[NUE, GARDES, VERROUS])
def how(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Without locks every act is in autocommit and reads its rows as they are."""
    if request.param != VERROUS:
        monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **options: self.all())
        monkeypatch.setattr(verrous, "tour", nullcontext)
        monkeypatch.setattr(verrous, "told_as", lambda *args: nullcontext())
    return request.param


@pytest.fixture
def meet(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """After this reading, everybody waits for the others; behind a lock nobody comes, and one goes on."""

    def install(number: int, *places: tuple[object, str]) -> None:
        barrier = threading.Barrier(number)
        for module, name in places:
            monkeypatch.setattr(module, name, _then_wait(getattr(module, name), barrier))

    return install


def _then_wait(read: Callable, barrier: threading.Barrier) -> Callable:
    @wraps(read)
    def waited(*args: object, **options: object) -> object:
        found = read(*args, **options)
        with suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=1)
        return found

    return waited


def ask(session: SessionFormation, agent: object) -> object:
    """As a form does: who asks, for which commune."""
    place = agent.postes_en_cours[0].collectivite
    answer = reserver.reserver(session.pk, [reserver.Demande(agent, place)], None)
    if answer.refus:
        raise InscriptionRefusee(*answer.refus.values())
    return answer.inscriptions[0]


def placed(*asked: SessionFormation) -> int:
    return Inscription.objects.placed().filter(session__in=asked).count()


CAPACITE = (SessionFormation, "session_jamais_au_dela_des_places")
QUOTA = (SessionCommune, "sessioncommune_jamais_au_dela_du_quota")
AILLEURS = (DemiJourneePrise, "demijourneeprise_nulle_part_ailleurs")
RANG = (Inscription, "inscription_rang_unique")


def test_the_last_seat(how: str, meet: Callable) -> None:
    session = make_session(capacite=1)
    people = [worker() for _ in range(AT_ONCE)]
    if how == NUE:
        drop(CAPACITE)
    meet(AT_ONCE, (situation, "read"))
    answers = together([lambda one=one: ask(session, one) for one in people], InscriptionRefusee, DatabaseError)
    if how == NUE:
        assert placed(session) == AT_ONCE
        return
    assert placed(session) == 1
    assert sum(isinstance(one, DatabaseError) for one in answers) == (AT_ONCE - 1 if how == GARDES else 0)
    if how == VERROUS:
        ranks = sorted(one.rang for one in answers if one.is_waiting)
        assert ranks == list(range(1, AT_ONCE))
        assert check().ecarts == []


def test_one_person_on_two_sessions_of_the_same_day(how: str, meet: Callable) -> None:
    one, other, agent = make_session(), make_session(make_formation("Ailleurs")), worker()
    if how == NUE:
        drop(AILLEURS)
    meet(2, (situation, "read"))
    answers = together([lambda s=session: ask(s, agent) for session in (one, other)], InscriptionRefusee, DatabaseError)
    if how == NUE:
        assert placed(one, other) == 2
        return
    assert sum(isinstance(answer, Inscription) for answer in answers) == 1
    if how == VERROUS:
        assert placed(one, other) == 1
        (refusal,) = [answer for answer in answers if not isinstance(answer, Inscription)]
        assert "suit déjà" in str(refusal)
        assert check().ecarts == []


def test_the_quota_of_a_commune(how: str, meet: Callable) -> None:
    session, place = make_session(quota_commune=2), CollectiviteFactory()
    people = [worker(place) for _ in range(AT_ONCE)]
    if how == NUE:
        drop(QUOTA)
    meet(AT_ONCE, (situation, "read"))
    together([lambda one=one: ask(session, one) for one in people], InscriptionRefusee, DatabaseError)
    assert placed(session) == (AT_ONCE if how == NUE else 2)
    if how == VERROUS:
        assert session.inscriptions.waiting().count() == AT_ONCE - 2
        assert check().ecarts == []


def test_one_withdrawal_played_twice_frees_one_seat(how: str, meet: Callable) -> None:
    session = make_session(capacite=1)
    seat, *waiting = [book(session, worker()) for _ in range(3)]
    if how == NUE:
        drop(CAPACITE)
    meet(2, (retraits, "reread"), (promotion, "_give"))
    answers = together([lambda: retraits.desister(seat, None, "Malade")] * 2, InscriptionRefusee, DatabaseError)
    if how == NUE:
        # Told twice; and as many as were « freed » may have passed.
        assert {one.invariant for one in check().ecarts} & {"I1", "I7"}
        return
    if how == VERROUS:
        assert [reread(one).statut for one in waiting] == [S.CONFIRMEE, S.ATTENTE]
        assert sum(isinstance(one, Inscription) for one in answers) == 1
        assert check().ecarts == []
    assert placed(session) == 1


def test_a_replacement_and_a_withdrawal_of_one_seat(how: str, meet: Callable) -> None:
    session, place, boss = make_session(capacite=1), CollectiviteFactory(), worker()
    seat, colleague, waiting = book(session, worker(place)), worker(place), book(session, worker())
    if how == NUE:
        drop(CAPACITE)
    meet(2, (retraits, "reread"), (remplacement, "reread"))
    answers = together(
        [
            lambda: retraits.desister(seat, None, "Malade"),
            lambda: remplacement.remplacer(seat, colleague, boss, Visa.ACCORDE),
        ],
        InscriptionRefusee,
        DatabaseError,
    )
    if how == NUE:
        assert placed(session) == 2
        return
    assert placed(session) <= 1
    if how == VERROUS:
        assert sum(isinstance(one, Inscription) for one in answers) == 1
        assert (reread(waiting).statut == S.CONFIRMEE) == (reread(seat).statut == S.DESISTEE)
        assert check().ecarts == []


def test_fewer_seats_while_one_is_booked(how: str, meet: Callable) -> None:
    session, agent = make_session(capacite=2), worker()
    book(session, worker())
    if how == NUE:
        drop(CAPACITE)
    meet(2, (situation, "read"), (sessions, "_check_seats"))
    together(
        [lambda: ask(session, agent), lambda: sessions.modifier(session.pk, None, capacite=1)],
        InscriptionRefusee,
        DatabaseError,
    )
    session = fresh(session)
    if how == NUE:
        assert placed(session) > session.capacite
        return
    assert placed(session) <= session.capacite
    if how == VERROUS:
        assert check().ecarts == []


def test_a_person_booked_twice_by_two_clicks(how: str, meet: Callable) -> None:
    """Two keys, two tabs: the partial unique constraint is the guard (I3)."""
    session, agent = make_session(), worker()
    if how == NUE:
        drop((Inscription, "inscription_une_par_personne"), AILLEURS)
    meet(2, (situation, "read"))
    together([lambda: ask(session, agent)] * 2, InscriptionRefusee, DatabaseError)
    assert placed(session) == (2 if how == NUE else 1)
    if how == NUE:
        assert "I3" in {one.invariant for one in check().ecarts}
    if how == VERROUS:
        assert check().ecarts == []


def test_ranks_are_given_once(how: str, meet: Callable) -> None:
    session = make_session(capacite=1)
    book(session, worker())
    people = [worker() for _ in range(AT_ONCE)]
    if how == NUE:
        drop(RANG)
    meet(AT_ONCE, (situation, "read"))
    together([lambda one=one: ask(session, one) for one in people], InscriptionRefusee, DatabaseError)
    ranks = sorted(session.inscriptions.waiting().values_list("rang", flat=True))
    if how == NUE:
        assert len(ranks) > len(set(ranks))
        return
    assert ranks == list(range(1, len(ranks) + 1))
    if how == VERROUS:
        assert (len(ranks), check().ecarts) == (AT_ONCE, [])


def test_who_is_free_again_passes_elsewhere() -> None:
    """The turn of the other session is taken while that of the first is still held."""
    agent, other = worker(), worker()
    full, first = make_session(make_formation("Complète"), capacite=1), make_session(capacite=1)
    blocking = book(full, other)
    waits, seat = book(full, agent), book(first, agent)
    retraits.desister(blocking, other, "Malade")
    assert reread(waits).statut == S.ATTENTE
    (done,) = together([lambda: retraits.desister(seat, agent, "Malade")], InscriptionRefusee, DatabaseError)
    assert isinstance(done, Inscription)
    assert reread(waits).statut == S.CONFIRMEE
    assert check().ecarts == []


@pytest.mark.postgres
def test_a_seat_freed_while_its_next_person_is_still_taken_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read as taken by one transaction, free for the other a moment later: whoever wakes the session waits for it."""
    agent, other = worker(), worker()
    full, first = make_session(make_formation("Complète"), capacite=1), make_session(capacite=1)
    blocking = book(full, other)
    waits, seat = book(full, agent), book(first, agent)
    read, written = threading.Event(), threading.Event()
    look, wake = situation.read, promotion.wake

    def slow(session: SessionFormation, agents: object) -> object:
        found = look(session, agents)
        if session.pk == full.pk and not read.is_set():
            read.set()
            written.wait(timeout=2)
        return found

    def told(*args: object) -> None:
        written.set()
        wake(*args)

    monkeypatch.setattr(situation, "read", slow)
    monkeypatch.setattr(promotion, "wake", told)

    def withdraw() -> Inscription:
        read.wait(timeout=10)
        return retraits.desister(seat, agent, "Malade")

    together([lambda: retraits.desister(blocking, other, "Malade"), withdraw], InscriptionRefusee, DatabaseError)
    assert reread(waits).statut == S.CONFIRMEE
    assert check().ecarts == []
