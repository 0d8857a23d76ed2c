"""Who has left since they asked: no session is opened for them, none is offered to them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from collectivites.effacement import erase
from collectivites.models import Agent
from formations.enums import StatutInscription, Visa
from formations.places import annulation, appels, delais, retraits, visas
from formations.places.verification import check
from formations.plan import lignes, sessions, souhaits
from formations.prevenir import departs
from formations.refus import InscriptionRefusee
from notifications.models import Notification
from tests.collectivites.factories import CollectiviteFactory, PosteFactory
from tests.distribution import Distribution
from tests.formations.besoins import make_campaign, say
from tests.formations.factories import book, fresh, make_formation, make_session, monday, reread, worker
from tests.formations.formulaires import manage, post, said
from tests.formations.seances import at
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


def leave(agent: Agent, days: int = 1) -> Agent:
    agent.postes.update(date_fin=timezone.localdate() - timedelta(days=days))
    return Agent.objects.get(pk=agent.pk)


def test_named_in_a_need_then_gone(distribution: Distribution) -> None:
    campaign, gone = make_campaign(), worker(distribution.a)
    need = say(campaign, distribution.a, "Excel", 2, agents=[gone, distribution.agent_a])
    leave(gone)
    line = lignes.gather(campaign, [need], distribution.responsable)
    done = sessions.make_session(line, distribution.responsable, make_formation())
    assert [one.agent for one in done.session.inscriptions.all()] == [distribution.agent_a]


def test_wished_for_it_then_gone(distribution: Distribution) -> None:
    gone = worker(distribution.a)
    wish, _ = souhaits.ask(gone, distribution.a, intitule="Excel")
    souhaits.me_too(wish, distribution.agent_a, distribution.a)
    leave(gone)
    done = souhaits.organise(wish, distribution.responsable, make_formation())
    assert [one.agent for one in done.session.inscriptions.all()] == [distribution.agent_a]


def test_cancelled_then_gone_or_erased(distribution: Distribution) -> None:
    page = make_formation()
    first, following = make_session(page), make_session(page, on=monday(9))
    stays, gone, erased = (worker(distribution.b) for _ in range(3))
    for one in (stays, gone, erased):
        book(first, one)
    annulation.annuler(first.pk, distribution.responsable, "Formateur absent")
    leave(gone)
    erase(leave(erased), distribution.administrateur)
    post(open_session(distribution.responsable), manage(first, "suivante/"), session=following.numero)
    assert [one.agent for one in following.inscriptions.all()] == [stays]


def test_the_visa_of_a_cancelled_session_stays_that_of_the_mairie(distribution: Distribution) -> None:
    page = make_formation()
    first, following = make_session(page), make_session(page, on=monday(9))
    (given,) = visas.accorder([book(first, worker(distribution.b), visa=Visa.ATTENDU)], distribution.elue_b)
    annulation.annuler(first.pk, distribution.responsable, "Formateur absent")
    (one,) = annulation.proposer(fresh(first), following.pk, distribution.responsable).inscriptions
    assert (one.visa, one.visa_par, one.visa_le) == (Visa.ACCORDE, distribution.elue_b, given.visa_le)


def test_a_free_seat_passes_over_who_has_left(distribution: Distribution) -> None:
    place, session = CollectiviteFactory(), make_session(capacite=1)
    seat, gone = book(session, worker()), worker(place)
    rank, then = book(session, gone), book(session, worker())
    leave(gone)
    client = open_session(distribution.responsable)
    words = (
        f"N’est plus {place.a_nom} : une place libre va à la personne suivante. Le rang {then.rang} peut passer avant."
    )
    assert words.replace("\xa0", " ") in said(client.get(manage(session)))
    retraits.desister(seat, None, "Malade")
    assert (reread(rank).statut, reread(then).statut) == (StatutInscription.ATTENTE, StatutInscription.CONFIRMEE)
    assert check().ecarts == []
    retraits.desister(reread(then), None, "Malade")
    assert (reread(rank).statut, check().ecarts) == (StatutInscription.ATTENTE, [])
    assert book(session, worker()).statut == StatutInscription.CONFIRMEE


def test_passed_over_for_having_left_stays_right_once_they_are_back() -> None:
    session = make_session(capacite=1)
    seat, gone = book(session, worker()), worker()
    book(session, gone), book(session, worker())
    leave(gone)
    retraits.desister(seat, None, "Malade")
    gone.postes.update(date_fin=None)
    assert check().ecarts == []


def test_nobody_who_has_left_is_called(distribution: Distribution, monkeypatch: pytest.MonkeyPatch) -> None:
    session = make_session(capacite=1)
    seat, gone = book(session, worker()), worker()
    rank, then = book(session, gone), book(session, worker())
    leave(gone)
    begins = delais.starts_at(session)
    monkeypatch.setattr(timezone, "now", lambda: begins - timedelta(hours=2))
    retraits.desister(seat, None, "Malade")
    called = open_session(distribution.responsable).get(manage(session)).context["a_appeler"]
    assert [one.inscription for one in called] == [then]
    with pytest.raises(InscriptionRefusee, match="n’est plus"):
        appels.placer(rank, distribution.responsable)


def test_the_mairie_that_somebody_left_is_told_then_the_seat_goes_to_the_next_one() -> None:
    place, session = CollectiviteFactory(), make_session(capacite=1)
    boss, gone = worker(place, gestionnaire=True), worker(place)
    seat, waits = book(session, gone), book(session, worker())
    leave(gone)
    assert [departs.follow() for _ in range(2)] == [0, 0]
    (line,) = Notification.objects.filter(destinataire=boss)
    assert line.titre.startswith(f"{gone.nom_complet} n’est plus")
    assert open_session(boss).get(line.url).status_code == 200
    assert (reread(seat).statut, reread(waits).is_waiting) == (StatutInscription.CONFIRMEE, True)
    leave(gone, 15)
    assert departs.follow() == 1
    assert (reread(seat).statut, reread(waits).statut) == (StatutInscription.DESISTEE, StatutInscription.CONFIRMEE)
    assert departs.follow() == 0


def test_a_rank_is_given_back_without_a_word_to_the_mairie() -> None:
    place, session = CollectiviteFactory(), make_session(capacite=1)
    boss, gone = worker(place, gestionnaire=True), worker(place)
    book(session, worker())
    rank = book(session, gone)
    leave(gone)
    departs.follow()
    assert not Notification.objects.filter(destinataire=boss, titre__contains="n’est plus").exists()
    leave(gone, 15)
    assert (departs.follow(), reread(rank).statut) == (1, StatutInscription.DESISTEE)


def test_who_changes_poste_in_the_same_mairie_or_has_begun_keeps_the_seat(monkeypatch: pytest.MonkeyPatch) -> None:
    place = CollectiviteFactory()
    stays, begun = worker(place), worker(place)
    kept = book(make_session(), stays)
    leave(stays, 20)
    PosteFactory(agent=stays, collectivite=place, date_debut=timezone.localdate() + timedelta(days=3))
    running = make_session()
    seat = book(running, begun)
    leave(begun, 20)
    departs.follow()
    assert reread(seat).statut == StatutInscription.DESISTEE

    later = make_session()
    seat = book(later, begun)
    moment = at(later.date_debut, 10)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    assert departs.follow() == 0
    assert (reread(kept).statut, reread(seat).statut) == (StatutInscription.CONFIRMEE, StatutInscription.CONFIRMEE)
