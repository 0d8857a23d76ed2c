"""What prevents a booking, and how much of it is told to whom."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from collectivites.models import Agent, Collectivite, Habilitation, TypeHabilitation
from formations.enums import Nature, StatutInscription
from formations.models import Inscription
from formations.places import remplacement, reserver
from formations.refus import InscriptionRefusee
from tests.collectivites.factories import CollectiviteFactory, PosteFactory
from tests.formations.envois import keeper, key_of, send
from tests.formations.factories import book, make_formation, make_session, monday, worker
from tests.formations.formulaires import said
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
S = StatutInscription
RETENU, PAS_LIBRE = "Ne peut pas suivre cette formation pour le moment.", "N’est pas libre à ces dates."


@pytest.fixture
def place() -> Collectivite:
    return CollectiviteFactory(nom="Foucherans")


@pytest.fixture
def odile(place: Collectivite) -> Agent:
    return keeper(place)


@pytest.fixture
def client(odile: Agent) -> Client:
    return open_session(odile)


@pytest.fixture
def shared(place: Collectivite) -> Agent:
    """Of Foucherans and of Tavaux, whose seats Odile does not read."""
    agent = worker(place)
    PosteFactory(agent=agent, collectivite=CollectiviteFactory(nom="Tavaux"), fonction=agent.postes.get().fonction)
    return agent


def tavaux_of(agent: Agent) -> Collectivite:
    return Collectivite.objects.get(nom="Tavaux", postes__agent=agent)


def swap(client: Client, one: Inscription) -> str:
    return said(client.get(f"{one.get_absolute_url()}remplacer/"))


class TestToldToAColleague:
    @pytest.mark.parametrize("asks", ["titres_requis", "titre_delivre"])
    def test_who_holds_a_title_is_not_read_from_who_may_come(self, place: Collectivite, asks: str) -> None:
        sst, today = TypeHabilitation.objects.get(code="sst"), timezone.localdate()
        agent, without = worker(place), worker(place)
        Habilitation.objects.create(
            agent=agent, type=sst, obtenue_le=today - timedelta(days=9), valable_jusqu_au=today + timedelta(days=99)
        )
        prolongs = {"titre_delivre": sst, "nature": Nature.RECYCLAGE}
        page = make_formation("Suite", **({"titres_requis": [sst]} if asks == "titres_requis" else prolongs))
        one = book(make_session(page), agent)
        words = swap(open_session(agent), one)
        assert without.nom_complet in words
        assert RETENU in words
        assert "il faut" not in words.lower()
        assert sst.libelle not in words

    def test_nor_that_they_wait_for_it(self, place: Collectivite) -> None:
        session = make_session(capacite=1)
        one, waits = book(session, worker(place)), book(session, worker(place))
        words = swap(open_session(one.agent), one)
        assert waits.agent.nom_complet in words
        assert "sur liste d’attente" not in words


class TestSeatsElsewhere:
    def test_named_to_who_may_read_them_only(self, client: Client, place: Collectivite, shared: Agent) -> None:
        other = make_session(make_formation("Gérer le cimetière communal"))
        seat = book(other, shared, tavaux_of(shared))
        one = book(make_session(), worker(place))
        assert client.get(seat.get_absolute_url()).status_code == 404
        for words in (swap(client, one), said(client.get(one.session.formation.adresse))):
            assert PAS_LIBRE in words
            assert "cimetière" not in words

    def test_nor_does_the_refusal_name_them(self, client: Client, place: Collectivite, shared: Agent) -> None:
        book(make_session(make_formation("Gérer le cimetière communal")), shared, tavaux_of(shared))
        answer = send(client, make_session(), key_of(shared, place))
        assert answer.status_code == 422
        assert PAS_LIBRE in said(answer)
        assert "cimetière" not in said(answer)


class TestTwiceTheSameTraining:
    def test_a_seat_to_come_in_another_session_prevents_and_says_which(
        self, client: Client, place: Collectivite
    ) -> None:
        page, agent = make_formation(), worker(place)
        one = book(make_session(page), agent)
        later = make_session(page, on=monday(8))
        day = one.session.date_debut
        words = said(client.get(later.get_absolute_url(), follow=True))
        assert f"A déjà une place dans la session du {day.day}" in words
        answer = send(client, later, key_of(agent, place))
        assert answer.status_code == 422
        assert "A déjà une place dans la session du" in said(answer)

    def test_of_a_seat_that_the_reader_does_not_see_no_more_is_said(
        self, client: Client, place: Collectivite, shared: Agent
    ) -> None:
        page = make_formation()
        book(make_session(page), shared, tavaux_of(shared))
        words = said(client.get(make_session(page, on=monday(8)).get_absolute_url(), follow=True))
        assert RETENU in words
        assert "A déjà une place" not in words

    def test_the_act_refuses_it_too_and_a_responsable_passes_over(self, place: Collectivite) -> None:
        page, agent = make_formation(), worker(place)
        book(make_session(page), agent)
        later = make_session(page, on=monday(8))
        asked = [reserver.Demande(agent, place)]
        answer = reserver.reserver(later.pk, asked, None)
        assert "a déjà une place dans une autre session de cette formation" in answer.refus[agent.pk]
        theirs = book(later, worker(place))
        with pytest.raises(InscriptionRefusee, match="a déjà une place dans une autre session"):
            remplacement.remplacer(theirs, agent, theirs.agent, theirs.visa)
        assert reserver.reserver(later.pk, asked, None, hors_delai=True).inscriptions

    def test_over_or_left_it_prevents_nothing(self, place: Collectivite) -> None:
        page, agent = make_formation(), worker(place)
        one = book(make_session(page), agent)
        type(one.session).objects.filter(pk=one.session_id).update(date_debut=monday(-3), date_fin=monday(-3))
        assert book(make_session(page, on=monday(8)), agent).statut == S.CONFIRMEE

    def test_to_wait_elsewhere_is_only_said(self, client: Client, place: Collectivite) -> None:
        page, agent = make_formation(), worker(place)
        full, later = make_session(page, capacite=1), make_session(page, on=monday(8))
        book(full, worker())
        book(full, agent)
        words = said(client.get(later.get_absolute_url(), follow=True))
        assert f"Attend aussi une place le {full.date_debut.day}" in words
        assert send(client, later, key_of(agent, place)).status_code == 302
        assert agent.inscriptions.get(session=later).statut == S.CONFIRMEE


def test_sessions_stand_by_date_the_undated_last_and_the_first_is_chosen(client: Client) -> None:
    page = make_formation()
    made = [make_session(page, datee=False), make_session(page, on=monday(9)), make_session(page, on=monday(7))]
    html = client.get(page.adresse).content.decode()
    order = sorted(made, key=lambda one: html.index(f'value="{one.numero}"'))
    assert [made.index(one) for one in order] == [2, 1, 0]
    assert f'value="{made[2].numero}" checked' in html
