"""After a session is cancelled: everybody is offered another one once, and who is left out is named with why."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from extranet.lib.francais import jour
from formations.enums import StatutInscription, StatutSession
from formations.models import Inscription, SessionFormation
from formations.places import annulation, retraits
from formations.prevenir.mouvements import Annonceur
from formations.refus import SessionChangee
from formations.seances import presences
from tests.collectivites.factories import CollectiviteFactory
from tests.distribution import Distribution
from tests.formations.factories import book, fresh, make_formation, make_session, monday, reread, worker
from tests.formations.formulaires import manage, post, said
from tests.formations.seances import at, finish, half_days, held, there
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
S = StatutInscription


@pytest.fixture
def client(distribution: Distribution) -> Client:
    return open_session(distribution.responsable)


def cancel(client: Client, session: SessionFormation) -> None:
    post(client, manage(session, "annuler/"), motif="Formateur absent")


def send(client: Client, session: SessionFormation, following: SessionFormation) -> None:
    assert post(client, manage(session, "suivante/"), session=following.numero).status_code == 302


def states(session: SessionFormation) -> list[tuple[int, str, int]]:
    return list(session.inscriptions.order_by("pk").values_list("agent", "statut", "priorite"))


def test_who_followed_it_years_ago_or_waits_elsewhere_is_offered_it(client: Client, distribution: Distribution) -> None:
    page = make_formation()
    past, (veteran,) = held(1, formation=page, on=monday(2))
    finish(past, distribution.responsable, {veteran: [there(), there()]})
    full = make_session(page, capacite=1, on=monday(7))
    book(full, worker())
    session, following = make_session(page), make_session(page, on=monday(8))
    waits = worker()
    book(full, waits)
    for one in (veteran.agent, waits):
        book(session, one)
    cancel(client, session)
    send(client, session, following)
    assert states(following) == [(veteran.agent_id, S.CONFIRMEE, 1), (waits.pk, S.CONFIRMEE, 1)]


def test_who_waits_in_that_session_already_passes_first_with_their_rank(client: Client) -> None:
    page = make_formation()
    session, following = make_session(page), make_session(page, capacite=1, on=monday(8))
    holder, before = book(following, worker()), book(following, worker())
    person = worker()
    rank = book(following, person)
    book(session, person)
    cancel(client, session)
    assert f"son rang {rank.rang} y passerait avant les autres" in said(client.get(manage(session, "suivante/")))
    send(client, session, following)
    rank = reread(rank)
    assert (rank.statut, rank.priorite, following.inscriptions.filter(agent=person).count()) == (S.ATTENTE, 1, 1)
    retraits.desister(holder, None, "Malade")
    assert (reread(rank).statut, reread(before).statut) == (S.CONFIRMEE, S.ATTENTE)


def test_who_is_left_out_is_named_with_why(client: Client) -> None:
    page, place = make_formation(), CollectiviteFactory()
    session, other = make_session(page), make_session(page, on=monday(8))
    seated, gone, left = worker(), worker(place), worker()
    book(other, seated)
    retraits.desister(book(other, left), None, "Un mariage")
    book(session, seated, hors_delai=True)
    for one in (gone, left):
        book(session, one)
    gone.postes.update(date_fin=timezone.localdate() - timedelta(days=1))
    cancel(client, session)
    words = said(client.get(manage(session, "suivante/")))
    assert "Plus personne à replacer" in words
    assert f"A déjà une place dans la session n° {other.numero}" in words
    assert f"N’est plus {place.a_nom}".replace("\xa0", " ") in words
    assert f"S’en est retiré (session n° {other.numero})" in words


def test_sent_again_it_books_nobody_who_gave_the_seat_back(client: Client) -> None:
    page = make_formation()
    session, following = make_session(page), make_session(page, on=monday(8))
    first, second = book(session, worker()), book(session, worker())
    cancel(client, session)
    send(client, session, following)
    retraits.desister(following.inscriptions.get(agent=first.agent), first.agent, "Pas ce jour-là")
    answer = post(client, manage(session, "suivante/"), session=following.numero)
    assert answer.status_code == 422
    assert states(following) == [(first.agent_id, S.DESISTEE, 1), (second.agent_id, S.CONFIRMEE, 1)]
    with pytest.raises(SessionChangee, match="Plus personne"):
        annulation.proposer(fresh(session), following.pk, first.agent)


def test_the_session_is_chosen_the_nearest_with_room_first(client: Client) -> None:
    page = make_formation()
    session = make_session(page)
    full, small = make_session(page, capacite=1, on=monday(7)), make_session(page, capacite=1, on=monday(8))
    large, gathers = make_session(page, capacite=8, on=monday(9)), make_session(page, datee=False)
    book(full, worker())
    people = [book(session, worker()) for _ in range(2)]
    assert f"n° {large.numero}, ou une autre" in said(client.get(manage(session, "annuler/")))
    cancel(client, session)
    answer = client.get(manage(session, "suivante/"))
    assert [(one.pk, chosen) for one, _, chosen in answer.context["choix"]] == [
        *((full.pk, False), (small.pk, False), (large.pk, True), (gathers.pk, False))
    ]
    words = said(answer)
    assert "8 places libres sur 8" in words
    assert "complète" in words
    assert post(client, manage(session, "suivante/")).status_code == 422
    send(client, session, small)
    assert states(small) == [(people[0].agent_id, S.CONFIRMEE, 1), (people[1].agent_id, S.ATTENTE, 1)]
    assert f"Session {small.numero} : 1 place et 1 rang prioritaire." in said(client.get(manage(small)))
    assert client.get(manage(session, "suivante/")).context["suite"].conseillee == large


def test_ten_people_ask_as_many_queries_as_one(client: Client) -> None:
    page, counts = make_formation(), []
    for number in (1, 10):
        session, _ = make_session(page, on=monday(10 + number)), make_session(page, on=monday(30 + number))
        for _ in range(number):
            book(session, worker())
        cancel(client, session)
        client.get(manage(session, "suivante/"))
        with CaptureQueriesContext(connection) as queries:
            client.get(manage(session, "suivante/"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_what_has_begun_to_be_told_is_not_cancelled(client: Client, distribution: Distribution) -> None:
    session, (one, _) = held()
    first = half_days(session)[0]
    presences.noter(first.pk, {one.pk: there()}, distribution.responsable, now=first.debut)
    for rest in ("annuler/", "dates/"):
        assert client.get(manage(session, rest))["Location"] == manage(session)
        assert "Des présences sont déjà saisies" in said(client.get(manage(session)))
    answer = post(client, manage(session, "annuler/"), motif="Formateur absent")
    assert answer.status_code == 422
    assert "Formateur absent" in answer.content.decode()
    with pytest.raises(SessionChangee, match="déjà saisies"):
        annulation.annuler(session.pk, distribution.responsable, "Formateur absent")
    assert fresh(session).statut == StatutSession.OUVERTE


def test_a_past_or_a_cancelled_session_is_not_cancelled(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    past, cancelled = held(1, on=monday(2))[0], make_session(on=monday(9))
    cancel(client, cancelled)
    for rest, words in (("annuler/", "on ne l’annule plus"), ("dates/", "ses dates ne changent plus")):
        assert client.get(manage(cancelled, rest))["Location"] == manage(cancelled)
        assert words in said(client.get(manage(cancelled)))
    moment = at(past.date_fin + timedelta(days=1), 10)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    with pytest.raises(SessionChangee, match="est passée"):
        annulation.annuler(past.pk, worker(), "Formateur absent")
    assert Inscription.objects.get(session=past).statut == S.CONFIRMEE


def test_who_was_in_a_cancelled_session_is_listed_still(client: Client, distribution: Distribution) -> None:
    session = make_session(capacite=1, minimum=1)
    seat, rank = book(session, worker()), book(session, worker())
    cancel(client, session)
    words = said(client.get(manage(session)))
    assert "Message en cours d’envoi" in words
    Annonceur().tell_due()
    words = said(client.get(manage(session)))
    assert seat.agent.nom_complet in words
    assert "Prévenue aujourd’hui" in words
    assert "Personne n’a encore de place" not in words
    assert "Minimum" not in words
    assert f"Session annulée le {jour(timezone.localdate())}".replace("\xa0", " ") in words
    mine = said(open_session(rank.agent).get(rank.get_absolute_url()))
    assert "restante" not in mine
    assert "Session annulée" in mine
