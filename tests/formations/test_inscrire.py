"""Sending the booking form: one person or several, newcomers, tampering, an old tab, a double click."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from collectivites.models import Agent, Collectivite, EntreeJournal, Fonction
from formations.enums import Covoiturage, PolitiqueVisa, Repas, StatutInscription, Visa
from formations.inscrire import besoins
from formations.models import BesoinParticulier, Inscription, Mouvement, PublicFormation, RegleVisa
from formations.places import dates, retraits
from tests.collectivites.factories import CollectiviteFactory, PosteFactory
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
        send(client, session, *keys(place, worker(place)), attente_vue=1)
        one = Inscription.objects.get()
        assert (one.statut, one.rang) == (S.ATTENTE, 1)
        assert "Les dates ne sont pas fixées" in text(client.get(one.get_absolute_url()))

    def test_meal_and_carpooling_are_kept(self, client, place):
        session = make_session(repas=Repas.OFFERT)
        send(client, session, *keys(place, worker(place)), repas="non", covoiturage="propose", covoiturage_places=3)
        one = Inscription.objects.get()
        assert (one.repas, one.covoiturage, one.covoiturage_places) == (False, Covoiturage.PROPOSE, 3)

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


class TestNeeds:
    def test_a_need_is_encrypted_and_read_by_the_organiser_alone(self, client, place, distribution):
        session = make_session()
        send(client, session, *keys(place, worker(place)), besoin="Allergie à l’arachide")
        one, kept = Inscription.objects.get(), BesoinParticulier.objects.get()
        assert "arachide" not in kept.chiffre
        page = client.get(one.get_absolute_url())
        assert "Un besoin est noté" in text(page)
        assert "arachide" not in page.content.decode()
        url = f"{one.get_absolute_url()}besoin/"
        assert client.post(url).status_code == 403
        organiser = open_session(distribution.responsable)
        read = organiser.post(url)
        assert "Allergie à l’arachide" in text(read)
        assert read["Cache-Control"] == "no-store"
        line = Mouvement.objects.get(acte="besoin_lu")
        assert (line.auteur, line.inscription) == (distribution.responsable, one)

    def test_several_people_are_told_apart(self, client, place):
        people, session = [worker(place), worker(place)], make_session()
        response = send(client, session, *keys(place, *people), besoin="Fauteuil roulant")
        assert response.status_code == 422
        assert "Fauteuil roulant" in response.content.decode()
        assert not Inscription.objects.exists()
        send(client, session, *keys(place, *people), besoin="Fauteuil roulant", besoin_pour=key_of(people[1], place))
        assert BesoinParticulier.objects.get().inscription.agent == people[1]

    def test_an_old_key_still_reads_a_lost_one_says_so(self, settings, place):
        one = book(make_session(), worker(place))
        besoins.write(one, "Boucle magnétique")
        kept = BesoinParticulier.objects.get()
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "neuve", [settings.SECRET_KEY]
        assert besoins.plain(kept) == "Boucle magnétique"
        settings.SECRET_KEY_FALLBACKS = []
        assert besoins.plain(kept) == besoins.ILLISIBLE

    def test_it_is_erased_after_the_session_and_for_who_leaves(self, place):
        session = make_session()
        stays, leaves = book(session, worker(place)), book(session, worker(place))
        for one in (stays, leaves):
            besoins.write(one, "Sans gluten")
        assert besoins.erase_due() == 0
        retraits.desister(leaves, None, "Empêché")
        assert besoins.erase_due() == 1
        type(session).objects.filter(pk=session.pk).update(
            date_debut=timezone.localdate() - timedelta(days=2), date_fin=timezone.localdate() - timedelta(days=1)
        )
        assert besoins.erase_due() == 1
        assert not BesoinParticulier.objects.exists()


class TestNewcomers:
    def test_somebody_without_a_card_has_one_and_a_seat(self, client, place, odile):
        response = send(client, make_session(), **newcomer(place, email="l.bertin@essai.example"))
        one = Inscription.objects.get()
        assert response.status_code == 302
        assert (one.agent.nom_complet, one.agent.email, one.statut) == (
            "Lucas Bertin",
            "l.bertin@essai.example",
            S.CONFIRMEE,
        )
        assert one.agent.postes.get().collectivite == place
        assert list(EntreeJournal.objects.filter(agent=odile).values_list("acte", flat=True)) == [
            "poste.cree",
            "agent.cree",
        ]

    def test_what_is_wrong_keeps_all_that_was_typed(self, client, place):
        agent, session = worker(place), make_session()
        typed = newcomer(place, email="l.bertin@foucherans")
        response = send(client, session, *keys(place, agent), besoin="Sans gluten", **typed)
        html = response.content.decode()
        assert response.status_code == 422
        assert "Cette adresse n’est pas complète" in html
        for kept in (
            'value="Bertin"',
            'value="l.bertin@foucherans"',
            "Sans gluten",
            f'value="{key_of(agent, place)}" checked',
        ):
            assert kept in html
        assert not Inscription.objects.exists()
        assert not Agent.objects.filter(nom="Bertin").exists()

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"prenom": "Odile", "nom": "Vuillermet"}, "a déjà une fiche à Foucherans"),
            ({"email": "prise@essai.example"}, "Cette adresse est celle d’une personne qui a déjà une fiche."),
            ({"fonction": ""}, "Choisissez sa fonction."),
        ],
    )
    def test_who_cannot_be_welcomed(self, client, place, odile, fields, said):
        Agent.objects.filter(pk=odile.pk).update(prenom="Odile", nom="Vuillermet")
        PosteFactory(agent=worker(), collectivite=CollectiviteFactory())
        stranger = worker()
        Agent.objects.filter(pk=stranger.pk).update(email="prise@essai.example")
        response = send(client, make_session(), **newcomer(place, **fields))
        assert response.status_code == 422
        assert said in text(response)
        assert not Inscription.objects.exists()

    def test_nobody_is_welcomed_when_the_session_takes_nobody(self, client, place):
        session = make_session()
        sent = fill(client, session, **newcomer(place))
        type(session).objects.filter(pk=session.pk).update(cloture=timezone.now() - timedelta(hours=1))
        response = client.post(f"{session.formation.adresse}inscrire/", sent)
        assert response.status_code == 422
        assert not Agent.objects.filter(nom="Bertin").exists()

    def test_a_line_is_added_and_keeps_the_others(self, client, place):
        session = make_session()
        html = send(client, session, ajouter="1", **newcomer(place)).content.decode()
        assert 'name="nouveau-1-prenom"' in html
        assert 'value="Bertin"' in html
        assert 'name="nouveau-TOTAL_FORMS" value="2"' in html
        assert "ec-errors" not in html

    def test_an_empty_line_is_nobody(self, client, place):
        agent = worker(place)
        send(client, make_session(), *keys(place, agent), **newcomer(place, prenom="", nom="", fonction=""))
        assert [one.agent for one in Inscription.objects.all()] == [agent]

    def test_an_elective_fonction_is_not_given_here(self, client, place):
        elected = Fonction.objects.filter(famille="elus").first()
        response = send(client, make_session(), **newcomer(place, fonction=elected.pk))
        assert response.status_code == 422

    def test_a_simple_agent_welcomes_nobody(self, place, odile):
        alain = worker(place)
        send(open_session(alain), make_session(), *keys(place, alain), **newcomer(place))
        assert [one.agent for one in Inscription.objects.all()] == [alain]


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
        assert "Des places viennent d’être prises." in text(response)
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

    def test_those_who_would_wait(self, client, place):
        session = make_session(quota_commune=1)
        said = self.live(client, session, "recap", *keys(place, worker(place), worker(place)))
        assert "Une personne irait sur la liste d’attente." in said

    def test_another_session_judges_everybody_again(self, client, place):
        page, busy = make_formation(), worker(place)
        make_session(page)
        second = make_session(page, on=monday(8))
        book(make_session(make_formation("Ailleurs"), on=monday(8)), busy)
        said = self.live(client, second, "suite", *keys(place, busy))
        assert "Suit déjà « Ailleurs » à ce moment-là." in said
        assert "Personne n’est encore coché." in said

    def test_what_was_typed_stays_and_is_not_judged_yet(self, client, place):
        said = self.live(client, make_session(), "suite", besoin="Sans gluten", **newcomer(place, nom="", email="x"))
        assert "Sans gluten" in said
        assert 'value="Lucas"' in said
        assert "Cette adresse" not in said
