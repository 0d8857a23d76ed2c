"""Sending the booking form: one person or several, newcomers, tampering, an old tab, a double click."""

import re

import pytest
from django.test import Client

from collectivites.models import Agent, Collectivite, Fonction
from extranet.lib.noms import de_nom
from formations.enums import Covoiturage, PolitiqueVisa, Repas, StatutInscription, Visa
from formations.models import Inscription, PublicFormation, RegleVisa
from formations.places import dates, retraits
from tests.collectivites.factories import CollectiviteFactory
from tests.formations.envois import fill, keeper, key_of, newcomer, send
from tests.formations.factories import book, day, fresh, make_formation, make_session, monday, reread, worker
from tests.materiel.formulaires import text
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
S = StatutInscription


@pytest.fixture
def place() -> Collectivite:
    return CollectiviteFactory(nom="Foucherans")


@pytest.fixture
def odile(place) -> Agent:
    return keeper(place)


@pytest.fixture
def client(odile) -> Client:
    return open_session(odile)


def keys(place: Collectivite, *people: Agent) -> list[str]:
    return [key_of(one, place) for one in people]


class TestBooking:
    def test_one_person_has_a_seat_and_their_page_says_so(self, client, place):
        agent, session = worker(place), make_session()
        response = send(client, session, *keys(place, agent))
        one = Inscription.objects.get()
        assert (one.agent, one.statut, one.visa) == (agent, S.CONFIRMEE, Visa.ACCORDE)
        assert response["Location"] == one.get_absolute_url()
        assert "Place confirmée" in text(client.get(response["Location"]))

    def test_three_for_two_seats_the_page_tells_each(self, client, place):
        people, session = [worker(place) for _ in range(3)], make_session(capacite=2)
        response = send(client, session, *keys(place, *people), attente_vue=1)
        said = text(client.get(response["Location"]))
        assert [one.statut for one in Inscription.objects.order_by("pk")] == [S.CONFIRMEE, S.CONFIRMEE, S.ATTENTE]
        for words in ("Deux places", "Sur liste d’attente", "En tête sur liste d’attente", "La session est complète."):
            assert words in said

    def test_an_agent_alone_waits_for_the_visa(self, place, odile):
        alain = worker(place)
        browser = open_session(alain)
        send(browser, make_session(), *keys(place, alain))
        one = Inscription.objects.get()
        assert (one.statut, one.visa) == (S.TENUE, Visa.ATTENDU)
        assert "Place tenue jusqu’au" in text(browser.get(one.get_absolute_url()))

    def test_the_mayor_s_visa_is_asked_even_of_a_gestionnaire(self, client, place):
        RegleVisa.objects.create(collectivite=place, politique=PolitiqueVisa.SIGNATAIRE)
        send(client, make_session(), *keys(place, worker(place)))
        assert Inscription.objects.get().visa == Visa.ATTENDU

    def test_without_dates_one_is_only_told(self, client, place):
        session = make_session(datee=False)
        send(client, session, *keys(place, worker(place)))
        one = Inscription.objects.get()
        assert (one.statut, one.rang) == (S.ATTENTE, 1)
        assert "Les dates ne sont pas fixées" in text(client.get(one.get_absolute_url()))

    def test_meal_and_carpooling_are_kept(self, client, place):
        session = make_session(repas=Repas.OFFERT)
        send(client, session, *keys(place, worker(place)), repas="non", covoiturage="propose", covoiturage_places=3)
        one = Inscription.objects.get()
        assert (one.repas, one.covoiturage, one.covoiturage_places) == (False, Covoiturage.PROPOSE, 3)

    def test_one_car_for_several_is_offered_once_by_somebody_who_has_a_seat(self, client, place):
        people, session = [worker(place) for _ in range(3)], make_session(repas=Repas.OFFERT)
        response = send(client, session, *keys(place, *people), covoiturage="propose", covoiturage_places=2)
        offers = [(one.covoiturage, one.covoiturage_places) for one in Inscription.objects.order_by("pk")]
        assert offers == [(Covoiturage.PROPOSE, 2), ("", 0), ("", 0)]
        first = Inscription.objects.order_by("pk").first().agent
        words = text(client.get(response["Location"]))
        assert f"Le covoiturage est proposé au nom {de_nom(first.nom_complet)}." in words

    def test_the_refused_one_does_not_stop_the_others_and_is_named(self, client, place):
        public = PublicFormation.objects.create(code="essai", libelle="Essais")
        public.fonctions.set([Fonction.objects.get(code="agent-technique")])
        session = make_session(make_formation(publics=[public]))
        fit, other = worker(place), worker(place, fonction=Fonction.objects.exclude(code="agent-technique")[0])
        response = send(client, session, *keys(place, fit, other))
        assert [one.agent for one in Inscription.objects.all()] == [fit]
        assert f"{other.nom_complet} : Cette formation s’adresse à" in text(client.get(response["Location"]))

    def test_nobody_left_to_book_writes_nothing_and_says_why(self, client, place):
        agent, session = worker(place), make_session()
        sent = fill(client, session, *keys(place, agent))
        book(session, agent)
        response = client.post(f"{session.formation.adresse}inscrire/", sent)
        assert response.status_code == 422
        assert f"{agent.nom_complet} : A déjà une place." in text(response)

    def test_nobody_ticked(self, client):
        response = send(client, make_session())
        assert response.status_code == 422
        assert "Cochez une personne au moins." in text(response)


class TestTampering:
    def test_another_commune_s_agent_is_forbidden(self, client, place):
        other = worker()
        theirs = key_of(other, other.postes_en_cours[0].collectivite)
        for key in (theirs, key_of(other, place), "999999-1", "x"):
            assert send(client, make_session(make_formation(f"F{key}")), key).status_code == 403
        assert not Inscription.objects.exists()

    def test_a_simple_agent_books_no_colleague(self, place, odile):
        response = send(open_session(worker(place)), make_session(), *keys(place, worker(place)))
        assert response.status_code == 403

    def test_a_session_of_another_training(self, client, place):
        session, other = make_session(), make_session(make_formation("Autre"), on=monday(7))
        sent = fill(client, session, *keys(place, worker(place))) | {"session": other.numero}
        response = client.post(f"{session.formation.adresse}inscrire/", sent)
        assert response.status_code == 422
        assert "Choisissez une session de la liste." in text(response)

    def test_a_newcomer_in_another_commune(self, client, place):
        response = send(client, make_session(), **newcomer(place, collectivite=CollectiviteFactory().pk))
        assert response.status_code == 422
        assert not Inscription.objects.exists()

    def test_a_training_that_one_does_not_read(self, client, place):
        other = CollectiviteFactory()
        session = make_session(make_formation("Réservée", diffusion=[f"c:{other.pk}"]))
        assert client.get(session.formation.adresse).status_code == 403
        assert client.post(f"{session.formation.adresse}recapitulatif/").status_code == 403
        hidden = make_session(make_formation("Brouillon", publie=False))
        assert client.get(hidden.formation.adresse).status_code == 404


class TestOldTab:
    def test_a_double_click_books_once(self, client, place):
        session = make_session()
        sent = fill(client, session, *keys(place, worker(place)))
        first, second = (client.post(f"{session.formation.adresse}inscrire/", sent) for _ in range(2))
        assert Inscription.objects.count() == 1
        assert first["Location"] == second["Location"]

    def test_seats_taken_meanwhile_are_told_before_waiting(self, client, place):
        session = make_session(capacite=1)
        sent = fill(client, session, *keys(place, worker(place)))
        book(session, worker())
        response = client.post(f"{session.formation.adresse}inscrire/", sent)
        assert response.status_code == 422
        assert "Il n’y a pas de place pour tous." in text(response)
        again = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', response.content.decode()))
        assert client.post(f"{session.formation.adresse}inscrire/", {**sent, **again}).status_code == 302
        assert Inscription.objects.get(collectivite=place).statut == S.ATTENTE

    def test_dates_moved_meanwhile_are_read_again(self, client, place):
        session = make_session()
        sent = fill(client, session, *keys(place, worker(place)))
        dates.fixer(session.pk, day(monday(8)), None)
        response = client.post(f"{session.formation.adresse}inscrire/", sent)
        assert response.status_code == 422
        assert "Cette session a changé" in text(response)
        assert not Inscription.objects.exists()

    def test_a_place_freed_meanwhile_is_given(self, client, place):
        session = make_session(capacite=1)
        held = book(session, worker())
        sent = fill(client, session, *keys(place, worker(place)), attente_vue=1)
        retraits.desister(held, None, "Empêché")
        client.post(f"{session.formation.adresse}inscrire/", sent)
        assert reread(Inscription.objects.get(collectivite=place)).statut == S.CONFIRMEE
        assert fresh(session).occupees == 1


class TestLiving:
    def live(self, client, session, target, *ticked, **fields):
        sent = fill(client, session, *ticked, **fields)
        headers = {"HX-Request": "true", "HX-Target": target}
        return text(client.post(f"{session.formation.adresse}recapitulatif/", sent, headers=headers))

    def test_names_seats_cost_and_button(self, client, place):
        page = make_formation(paye_par="commune", cout=120)
        session, people = make_session(page), [worker(place), worker(place)]
        said = self.live(client, session, "recap", *keys(place, *people), **newcomer(place))
        for words in (people[0].nom_complet, "Lucas Bertin", "3 sur les 12 restantes", "360 €", "Inscrire 3 agents"):
            assert words in said
        assert not Inscription.objects.exists()
        assert not Agent.objects.filter(nom="Bertin").exists()

    def test_those_who_would_wait_and_why(self, client, place):
        people = sorted([worker(place), worker(place)], key=lambda one: (one.nom, one.prenom))
        session, tight = make_session(quota_commune=1), make_session(make_formation("Petite"), capacite=1)
        said = self.live(client, session, "recap", *keys(place, *people))
        assert f"Le quota est de 1 par commune : {people[1].nom_complet} irait sur la liste d’attente." in said
        said = self.live(client, tight, "recap", *keys(place, *people))
        assert f"{people[1].nom_complet} irait sur la liste d’attente." in said
        assert "Le quota" not in said
        book(session, worker(place))
        said = self.live(client, session, "recap", *keys(place, people[0]))
        assert "Le quota de 1 par commune est atteint. Sur la liste d’attente" in said

    def test_a_need_is_about_one_of_those_who_are_ticked(self, client, place):
        one, two, three = worker(place), worker(place), worker(place)
        Agent.objects.filter(pk__in=[one.pk, two.pk]).update(prenom="Jean", nom="Prost")
        session = make_session()
        html = self.live(client, session, "recap", *keys(place, one, two), **newcomer(place))
        for word in ("Jean Prost (Foucherans)", ">Lucas Bertin<", f'value="{key_of(one, place)}"', 'value="n0"'):
            assert word in html
        for word in (f'value="{key_of(three, place)}"', "ligne 2", 'value="n1"'):
            assert word not in html
        alone = self.live(client, session, "recap", *keys(place, three), **newcomer(place, prenom="", nom=""))
        assert "besoin_pour" not in alone

    def test_another_session_judges_everybody_again(self, client, place):
        page, busy = make_formation(), worker(place)
        make_session(page)
        second = make_session(page, on=monday(8))
        book(make_session(make_formation("Ailleurs"), on=monday(8)), busy)
        said = self.live(client, second, "suite", *keys(place, busy))
        assert "Suit déjà « Ailleurs » à ce moment-là." in said
        assert "Personne n’est encore coché." in said

    def test_what_was_typed_stays_and_is_not_judged_yet(self, client, place):
        said = self.live(
            client, make_session(), "suite", prive_besoin="Sans gluten", **newcomer(place, nom="", email="x")
        )
        assert "Sans gluten" in said
        assert 'value="Lucas"' in said
        assert "Cette adresse" not in said
