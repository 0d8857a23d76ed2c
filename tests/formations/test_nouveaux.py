"""Newcomers welcomed by the booking form, and the needs that only the organiser reads."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from collectivites.models import Agent, Collectivite, EntreeJournal, Fonction, TypeHabilitation
from formations import menage
from formations.enums import Nature, StatutInscription
from formations.inscrire import besoins
from formations.models import BesoinParticulier, Inscription, Mouvement
from formations.places import retraits
from tests.collectivites.factories import CollectiviteFactory, PosteFactory
from tests.formations.envois import fill, keeper, key_of, newcomer, send
from tests.formations.factories import book, make_formation, make_session, worker
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


class TestNeeds:
    def test_a_need_is_encrypted_and_read_by_the_organiser_alone(self, client, place, distribution):
        session = make_session()
        send(client, session, *keys(place, worker(place)), prive_besoin="Allergie à l’arachide")
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
        response = send(client, session, *keys(place, *people), prive_besoin="Fauteuil roulant")
        assert response.status_code == 422
        assert "Fauteuil roulant" in response.content.decode()
        assert not Inscription.objects.exists()
        send(
            client,
            session,
            *keys(place, *people),
            prive_besoin="Fauteuil roulant",
            besoin_pour=key_of(people[1], place),
        )
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
        assert menage.forget_due() == 0
        retraits.desister(leaves, None, "Empêché")
        assert menage.forget_due() == 1
        type(session).objects.filter(pk=session.pk).update(
            date_debut=timezone.localdate() - timedelta(days=2), date_fin=timezone.localdate() - timedelta(days=1)
        )
        assert menage.forget_due() == 1
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
        response = send(client, session, *keys(place, agent), prive_besoin="Sans gluten", **typed)
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

    def test_nobody_is_welcomed_for_a_recyclage_that_would_refuse_them(self, client, place):
        """Their card would stay in the directory, without a seat."""
        page = make_formation(nature=Nature.RECYCLAGE, titre_delivre=TypeHabilitation.objects.get(code="sst"))
        known = Agent.objects.count()
        response = send(client, make_session(page), **newcomer(place))
        assert response.status_code == 422
        assert "Ce recyclage prolonge" in text(response)
        assert Agent.objects.count() == known

    def test_a_simple_agent_welcomes_nobody(self, place, odile):
        alain = worker(place)
        send(open_session(alain), make_session(), *keys(place, alain), **newcomer(place))
        assert [one.agent for one in Inscription.objects.all()] == [alain]

    def test_a_need_does_not_wait_in_a_session_that_has_ended(self, client, place, odile):
        session = make_session()
        sent = fill(client, session, key_of(odile, place), prive_besoin="Sans gluten")
        client.logout()
        client.post(
            f"{session.formation.adresse}inscrire/",
            sent,
            headers={"referer": f"http://testserver{session.formation.adresse}"},
        )
        kept = client.session["formulaire_garde"]["champs"]
        assert kept["personnes"] == [key_of(odile, place)]
        assert "prive_besoin" not in kept
