"""Seats: given while there are some, ranked afterwards, promoted as soon as one is free."""

from datetime import time

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collectivites.models import Agent
from extranet.lib.demi_journees import DemiJournee, Moment
from formations.enums import StatutInscription, StatutSession, Visa
from formations.models import DemiJourneePrise, Inscription, Mouvement, SessionFormation
from formations.places import (
    annulation,
    dates,
    delais,
    echeances,
    offres,
    remplacement,
    reserver,
    retraits,
    sessions,
    visas,
)
from formations.refus import InscriptionRefusee
from tests.collectivites.factories import CollectiviteFactory
from tests.formations.factories import book, day, fresh, make_formation, make_session, monday, reread, worker
from tests.formations.formulaires import post, said
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
S = StatutInscription


def test_seats_then_ranks() -> None:
    session = make_session(capacite=2)
    statuts = [(one.statut, one.rang) for one in (book(session, worker()) for _ in range(4))]
    assert statuts == [(S.CONFIRMEE, None), (S.CONFIRMEE, None), (S.ATTENTE, 1), (S.ATTENTE, 2)]
    session = fresh(session)
    assert (session.occupees, session.dernier_rang) == (2, 2)
    assert DemiJourneePrise.objects.count() == 4


def test_a_seat_given_back_goes_to_the_first_rank() -> None:
    session = make_session(capacite=1)
    first, second, third = [book(session, worker()) for _ in range(3)]
    retraits.desister(first, first.agent, "Malade")
    assert [reread(one).statut for one in (first, second, third)] == [S.DESISTEE, S.CONFIRMEE, S.ATTENTE]
    again = book(session, first.agent)
    assert (again.statut, again.rang) == (S.ATTENTE, 3)


def test_the_quota_of_a_commune_lets_the_next_rank_pass() -> None:
    session = make_session(capacite=3, quota_commune=1)
    a, b, c = [CollectiviteFactory() for _ in range(3)]
    one = book(session, worker(a))
    blocked = book(session, worker(a))
    assert (one.statut, blocked.statut) == (S.CONFIRMEE, S.ATTENTE)
    assert book(session, worker(b)).statut == S.CONFIRMEE
    assert book(session, worker(c)).statut == S.CONFIRMEE
    sessions.modifier(session.pk, None, quota_commune=None, capacite=4)
    assert reread(blocked).statut == S.CONFIRMEE


def test_quotas_lifted_at_their_date_promote() -> None:
    session = make_session(capacite=3, quota_commune=1, quota_leve_le=timezone.now() + timezone.timedelta(days=1))
    a = CollectiviteFactory()
    book(session, worker(a))
    blocked = book(session, worker(a))
    echeances.expire_due(timezone.now() + timezone.timedelta(days=2))
    assert reread(blocked).statut == S.CONFIRMEE
    assert fresh(session).quotas_leves


def test_nobody_is_in_two_places() -> None:
    agent = worker()
    book(make_session(), agent)
    other = make_session(make_formation("Une autre"))
    answer = reserver.reserver(other.pk, [reserver.Demande(agent, agent.postes_en_cours[0].collectivite)], None)
    assert "suit déjà une autre formation" in answer.refus[agent.pk]
    with pytest.raises(IntegrityError), transaction.atomic():
        Inscription.objects.create(
            session=other,
            agent=agent,
            collectivite=agent.postes_en_cours[0].collectivite,
            statut=S.CONFIRMEE,
        )


def test_the_database_refuses_one_seat_too_many() -> None:
    session = make_session(capacite=1)
    book(session, worker())
    agent = worker()
    with pytest.raises(IntegrityError), transaction.atomic():
        Inscription.objects.create(
            session=session, agent=agent, collectivite=agent.postes_en_cours[0].collectivite, statut=S.CONFIRMEE
        )
    assert fresh(session).occupees == 1


def test_a_visa_confirms_refuses_or_runs_out() -> None:
    session = make_session(capacite=3)
    given, refused, late = [book(session, worker(), visa=Visa.ATTENDU) for _ in range(3)]
    waiting = book(session, worker(), visa=Visa.ATTENDU)
    boss = worker()
    assert given.statut == S.TENUE
    assert visas.accorder([given, waiting], boss)
    assert visas.refuser([refused], boss, "Effectif trop juste")
    assert (reread(given).statut, reread(refused).statut) == (S.CONFIRMEE, S.REFUSEE)
    assert reread(waiting).statut == S.CONFIRMEE
    assert echeances.expire_due(late.tenue_jusqua + timezone.timedelta(minutes=1)) == 1
    assert reread(late).statut == S.EXPIREE


def test_near_the_date_a_seat_is_offered() -> None:
    session = make_session(capacite=1, on=monday(1))
    first, second = book(session, worker()), book(session, worker())
    retraits.desister(first, None, "Empêchée")
    second = reread(second)
    assert second.statut == S.OFFERTE
    assert fresh(session).occupees == 1
    assert offres.prendre(second, second.agent).statut == S.CONFIRMEE


def test_a_colleague_takes_the_seat_without_the_queue() -> None:
    session = make_session(capacite=1)
    place = CollectiviteFactory()
    first, second = book(session, worker(place)), book(session, worker())
    new = remplacement.remplacer(first, worker(place), worker(place), Visa.ACCORDE)
    assert (new.statut, reread(first).statut, reread(second).statut) == (S.CONFIRMEE, S.REMPLACEE, S.ATTENTE)


def test_a_seat_that_is_only_offered_is_given_to_no_colleague() -> None:
    session, place = make_session(capacite=1, on=monday(1)), CollectiviteFactory()
    first, second, third = book(session, worker()), book(session, worker(place)), book(session, worker())
    retraits.desister(first, None, "Empêchée")
    boss, colleague = worker(place, gestionnaire=True), worker(place)
    client, offered = open_session(boss), reread(second)
    assert "Remplacer par un collègue" not in said(client.get(offered.get_absolute_url()))
    assert client.get(f"{offered.get_absolute_url()}remplacer/")["Location"] == offered.get_absolute_url()
    assert "Acceptez d’abord la place proposée" in said(client.get(offered.get_absolute_url()))
    answer = post(client, f"{offered.get_absolute_url()}remplacer/", collegue=colleague.pk)
    assert "Acceptez d’abord la place proposée" in said(answer)
    with pytest.raises(InscriptionRefusee, match="Acceptez d’abord"):
        remplacement.remplacer(offered, colleague, boss, Visa.ACCORDE)
    assert (reread(second).statut, reread(third).statut) == (S.OFFERTE, S.ATTENTE)
    taken = offres.prendre(offered, boss)
    assert remplacement.remplacer(taken, colleague, boss, Visa.ACCORDE).statut == S.CONFIRMEE


def test_without_dates_the_interested_are_placed_in_their_order() -> None:
    session = make_session(datee=False, capacite=1)
    busy, second, third = worker(), worker(), worker()
    asked = [book(session, one) for one in (busy, second, third)]
    assert [one.rang for one in asked] == [1, 2, 3]
    book(make_session(make_formation("Ailleurs")), busy)
    fixed = dates.fixer(session.pk, day(monday()), None)
    assert [one.agent for one in fixed.placees] == [second]
    assert [(one.inscription.agent, one.eligible) for one in fixed.attendent] == [(busy, False), (third, True)]


def test_a_cancelled_session_offers_the_next_one_first() -> None:
    formation = make_formation()
    session, other = make_session(formation, capacite=2), make_session(formation, capacite=1, on=monday(8))
    people = [book(session, worker()) for _ in range(3)]
    full = book(other, worker())
    annulation.annuler(session.pk, worker(), "Formateur absent")
    asked = annulation.proposer(fresh(session), other.pk, None).inscriptions
    assert [(one.agent, one.priorite) for one in asked] == [(one.agent, 1) for one in people]
    retraits.desister(full, None, "Empêché")
    assert reread(asked[0]).statut == S.CONFIRMEE
    assert fresh(session).statut == StatutSession.ANNULEE


def test_the_capacity_does_not_go_under_the_seats_held() -> None:
    session = make_session(capacite=2)
    book(session, worker()), book(session, worker())
    with pytest.raises(InscriptionRefusee, match="2 places sont déjà prises"):
        sessions.modifier(session.pk, None, capacite=1)


def test_every_move_is_in_the_history() -> None:
    session = make_session(capacite=1)
    one = book(session, worker())
    retraits.desister(one, one.agent, "Malade")
    lines = Mouvement.objects.filter(inscription=one).values_list("acte", "de", "vers", "motif")
    assert list(lines) == [("inscrite", "", "confirmee", ""), ("desistee", "confirmee", "desistee", "Malade")]
    with pytest.raises(IntegrityError), transaction.atomic():
        Mouvement.objects.all().delete()


@pytest.mark.parametrize("act", ["leave", "replace"])
def test_once_it_has_begun_the_presences_say_who_had_the_seat(act: str) -> None:
    session, place = make_session(capacite=1, horaires=day(monday(), Moment.MATIN)), CollectiviteFactory()
    one, waiting = seat_of_today(session, worker(place), worker())
    acts = {
        "leave": lambda: retraits.desister(one, one.agent, "Malade"),
        "replace": lambda: remplacement.remplacer(one, worker(place), worker(place), Visa.ACCORDE),
    }
    with pytest.raises(InscriptionRefusee, match="a commencé"):
        acts[act]()
    assert reread(one).statut == S.CONFIRMEE
    assert retraits.desister(waiting, None, "Trop tard").statut == S.DESISTEE


def seat_of_today(session: SessionFormation, agent: Agent, other: Agent) -> list[Inscription]:
    """A seat and a rank taken before the first minute, which has just passed."""
    rows = [book(session, agent), book(session, other)]
    today = timezone.localdate()
    SessionFormation.objects.filter(pk=session.pk).update(date_debut=today, date_fin=today)
    first = DemiJournee(today, Moment.MATIN).index
    session.creneaux.update(demi_journee=first, heure_debut=time(0), heure_fin=time(0, 1))
    return rows


def test_what_the_triggers_count_is_written_by_them_alone() -> None:
    """A session read before a seat was taken would write its number again over theirs."""
    session = make_session()
    with CaptureQueriesContext(connection) as queries:
        sessions.modifier(session.pk, None, minimum=3)
    written = [one["sql"] for one in queries if one["sql"].startswith('UPDATE "formations_sessionformation"')]
    assert written
    assert not any('"occupees" =' in sql or '"dernier_rang" =' in sql for sql in written)


def test_a_session_moved_nearer_waits_for_no_visa_past_its_beginning() -> None:
    session = make_session()
    one = book(session, worker(), visa=Visa.ATTENDU)
    dates.fixer(session.pk, day(timezone.localdate() + timezone.timedelta(days=1)), None)
    assert reread(one).tenue_jusqua == delais.starts_at(fresh(session))
