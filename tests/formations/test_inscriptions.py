"""Seats one has: their page, leaving, replacing, answering, what one may still say, and the list of them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collectivites.models import Agent, Collectivite, Habilitation, TypeHabilitation
from extranet.lib.noms import de_nom
from formations.enums import Covoiturage, Repas, StatutInscription, Visa
from formations.inscrire import besoins
from formations.inscrire.tableau import beside_catalogue, next_training, todo
from formations.models import Inscription, Mouvement
from formations.places import retraits
from tests.collectivites.factories import CollectiviteFactory
from tests.formations.envois import keeper
from tests.formations.factories import book, make_formation, make_session, monday, reread, worker
from tests.materiel.formulaires import send, text
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


def act(client: Client, one: Inscription, name: str, **fields: object):
    url = f"{one.get_absolute_url()}{name}/"
    return send(client, url, url, **fields)


class TestPage:
    def test_who_waits_reads_their_rank_the_reason_and_the_chances(self, client, place):
        page = make_formation()
        past = make_session(page, capacite=1, on=monday(2))
        first = book(past, worker())
        book(past, worker())
        retraits.desister(first, None, "Empêché")
        type(past).objects.filter(pk=past.pk).update(date_debut=monday(-3), date_fin=monday(-3))
        session = make_session(
            page, capacite=5, quota_commune=1, quota_leve_le=timezone.now() + timedelta(days=9), on=monday(8)
        )
        book(session, worker(place))
        one = book(session, worker(place))
        said = text(client.get(one.get_absolute_url()))
        for words in ("En tête sur liste d’attente", "Les places de Foucherans sont toutes prises.", "levée le"):
            assert words in said
        assert "1 sur 1 en attente" in said
        assert "1 personne sur 1 en attente a obtenu une place" in said

    def test_a_seat_held_says_until_when_and_for_whom(self, client, place):
        one = book(make_session(), worker(place), visa=Visa.ATTENDU)
        said = text(client.get(one.get_absolute_url()))
        assert "La mairie de Foucherans doit donner son visa" in said

    def test_others_do_not_find_it(self, client, place):
        one = book(make_session(), worker())
        assert client.get(one.get_absolute_url()).status_code == 404
        for name in ("retirer", "remplacer", "preciser"):
            assert client.get(f"{one.get_absolute_url()}{name}/").status_code == 404

    def test_who_signs_reads_and_does_not_change(self, distribution):
        one = book(make_session(), worker(distribution.b))
        browser = open_session(distribution.elue_b)
        page = browser.get(one.get_absolute_url())
        assert page.status_code == 200
        assert "Retirer l’inscription" not in text(page)
        assert browser.get(f"{one.get_absolute_url()}retirer/").status_code == 403

    def test_that_a_need_was_read_is_told_to_its_person_only(self, client, place, distribution):
        agent = worker(place)
        one = book(make_session(), agent)
        besoins.write(one, "Sans gluten")
        besoins.read(one, distribution.responsable)
        assert "Besoin particulier lu" in text(open_session(agent).get(one.get_absolute_url()))
        assert "Besoin particulier lu" not in text(client.get(one.get_absolute_url()))

    def test_those_of_the_same_session_who_travel(self, client, place):
        session = make_session()
        one, driver, alone = book(session, worker(place)), book(session, worker()), book(session, worker())
        Inscription.objects.filter(pk=driver.pk).update(covoiturage=Covoiturage.PROPOSE, covoiturage_places=2)
        said = text(client.get(one.get_absolute_url()))
        assert f"{driver.agent.nom_complet}</a>, {driver.collectivite.nom}" in said
        assert "Propose 2 places" in said
        assert alone.agent.nom_complet not in said


class TestLeaving:
    def test_a_reason_is_asked_then_the_next_one_passes(self, client, place):
        session = make_session(capacite=1)
        one, waits = book(session, worker(place)), book(session, worker())
        assert act(client, one, "retirer", motif=" ").status_code == 422
        assert reread(one).statut == S.CONFIRMEE
        assert act(client, one, "retirer", motif="Poste vacant").status_code == 302
        assert (reread(one).statut, reread(one).motif, reread(waits).statut) == (
            S.DESISTEE,
            "Poste vacant",
            S.CONFIRMEE,
        )

    def test_late_is_said_before_and_kept(self, client, place):
        session = make_session(limite_desistement=timezone.localdate() - timedelta(days=1))
        one = book(session, worker(place))
        assert "La date pour se retirer sans frais est passée." in text(client.get(f"{one.get_absolute_url()}retirer/"))
        act(client, one, "retirer", motif="Poste vacant")
        assert reread(one).tardif

    def test_an_old_tab_is_told(self, client, place):
        one = book(make_session(), worker(place))
        retraits.desister(one, None, "Empêché")
        page = client.get(f"{one.get_absolute_url()}retirer/", follow=True)
        assert "Cette inscription n’est plus en cours" in text(page)


class TestReplacing:
    def test_a_colleague_has_the_seat_and_the_list_says_who_cannot(self, client, place):
        session = make_session(capacite=1)
        one, waits = book(session, worker(place)), book(session, worker())
        free, busy = worker(place), worker(place)
        book(make_session(make_formation("Ailleurs")), busy)
        said = text(client.get(f"{one.get_absolute_url()}remplacer/"))
        assert "Suit déjà « Ailleurs » à ce moment-là." in said
        assert act(client, one, "remplacer", collegue=free.pk).status_code == 302
        new = Inscription.objects.get(remplace=one)
        assert (new.agent, new.statut, new.visa) == (free, S.CONFIRMEE, Visa.ACCORDE)
        assert (reread(one).statut, reread(waits).statut) == (S.REMPLACEE, S.ATTENTE)
        of = de_nom(one.agent.nom_complet)
        assert f"Inscription, à la place {of}" in text(client.get(new.get_absolute_url()))
        assert f"Remplacement, par {free.nom_complet}" in text(client.get(one.get_absolute_url()))

    def test_who_cannot_is_refused_in_words(self, client, place):
        one, busy = book(make_session(), worker(place)), worker(place)
        book(make_session(make_formation("Ailleurs")), busy)
        response = act(client, one, "remplacer", collegue=busy.pk)
        assert response.status_code == 422
        assert "ne peut pas prendre cette place" in text(response)

    @pytest.mark.parametrize("who", ["other", "0", "abc", ""])
    def test_somebody_else_s_agent_is_forbidden(self, client, place, who):
        one = book(make_session(), worker(place))
        assert act(client, one, "remplacer", collegue=worker().pk if who == "other" else who).status_code == 403

    def test_one_s_own_seat_waits_for_the_visa_and_titles_stay_private(self, place, odile):
        sst = TypeHabilitation.objects.get(code="sst")
        agent, colleague, without = worker(place), worker(place), worker(place)
        today = timezone.localdate()
        Habilitation.objects.create(
            agent=colleague, type=sst, obtenue_le=today - timedelta(days=9), valable_jusqu_au=today + timedelta(days=99)
        )
        one = book(make_session(make_formation("Suite", titres_requis=[sst])), agent)
        browser = open_session(agent)
        said = text(browser.get(f"{one.get_absolute_url()}remplacer/"))
        assert "Ne peut pas suivre cette formation pour le moment." in said
        assert "Sauveteur secouriste" not in said
        assert without.nom_complet in said
        act(browser, one, "remplacer", collegue=colleague.pk)
        assert Inscription.objects.get(remplace=one).statut == S.TENUE

    def test_a_rank_is_not_given(self, client, place):
        session = make_session(capacite=1)
        book(session, worker())
        one = book(session, worker(place))
        assert client.get(f"{one.get_absolute_url()}remplacer/").status_code == 302


class TestOffers:
    @pytest.fixture
    def offered(self, place) -> Inscription:
        session = make_session(capacite=1, on=monday(1))
        held, waits = book(session, worker()), book(session, worker(place))
        retraits.desister(held, None, "Empêché")
        return reread(waits)

    def reply(self, client: Client, one: Inscription, answer: str):
        return send(client, one.get_absolute_url(), f"{one.get_absolute_url()}repondre/", reponse=answer)

    def test_yes(self, client, offered):
        assert offered.statut == S.OFFERTE
        assert self.reply(client, offered, "oui").status_code == 302
        assert reread(offered).statut == S.CONFIRMEE

    def test_no_gives_it_back(self, client, offered):
        self.reply(client, offered, "non")
        assert reread(offered).statut == S.DESISTEE

    def test_too_late(self, client, offered):
        Inscription.objects.filter(pk=offered.pk).update(tenue_jusqua=timezone.now() - timedelta(minutes=1))
        response = self.reply(client, offered, "oui")
        assert response.status_code == 422
        assert "Le délai pour répondre est passé" in text(response)

    def test_it_awaits_the_person_and_the_gestionnaire(self, offered, odile):
        assert [item.titre for item in todo(offered.agent)] == ["Prendre la place proposée"]
        assert todo(odile)[0].titre == f"Prendre la place proposée à {offered.agent.nom_complet}"
        assert todo(worker()) == []


class TestPrecisions:
    def test_meal_carpooling_and_need(self, client, place):
        one = book(make_session(repas=Repas.OFFERT), worker(place))
        act(client, one, "preciser", repas="non", covoiturage="cherche", prive_besoin="Boucle magnétique")
        one = reread(one)
        assert (one.repas, one.covoiturage) == (False, Covoiturage.CHERCHE)
        assert besoins.plain(one.besoin) == "Boucle magnétique"
        assert Mouvement.objects.filter(inscription=one, acte="precisee").count() == 1

    def test_the_need_is_kept_replaced_or_erased(self, client, place):
        one = book(make_session(), worker(place))
        besoins.write(one, "Sans gluten")
        act(client, one, "preciser", covoiturage="", prive_besoin="")
        assert besoins.plain(reread(one).besoin) == "Sans gluten"
        act(client, one, "preciser", covoiturage="", prive_besoin="", effacer="on")
        assert not hasattr(reread(one), "besoin")


class TestList:
    def test_mine_and_those_of_my_commune_to_come_and_past(self, client, place, odile):
        mine, theirs, other = (
            book(make_session(), odile),
            book(make_session(), worker(place)),
            book(make_session(), worker()),
        )
        session = make_session(make_formation("Taille des haies"), on=monday(2))
        book(session, worker(place))
        type(session).objects.filter(pk=session.pk).update(date_debut=monday(-3), date_fin=monday(-3))
        said = text(client.get("/formations/inscriptions/"))
        assert "Les inscriptions de Foucherans" in said
        assert theirs.agent.nom_complet in said
        assert other.agent.nom_complet not in said
        assert "Taille des haies" not in said
        assert "Taille des haies" in text(client.get("/formations/inscriptions/?vue=passees"))
        assert theirs.agent.nom_complet not in text(client.get("/formations/inscriptions/?qui=moi"))
        found = text(client.get(f"/formations/inscriptions/?q={theirs.agent.nom}"))
        assert theirs.agent.nom_complet in found
        assert f'href="{mine.get_absolute_url()}"' not in found

    def test_by_state(self, client, place):
        session = make_session(capacite=1)
        seat, rank = book(session, worker(place)), book(session, worker(place))
        found = text(client.get("/formations/inscriptions/?etat=attente"))
        assert rank.agent.nom_complet in found
        assert seat.agent.nom_complet not in found

    @pytest.mark.parametrize(
        "address", ["/formations/inscriptions/?page=9999999&etat=x&qui=y&vue=z", "/formations/inscriptions/?q=%00"]
    )
    def test_any_address_is_answered(self, client, address):
        assert client.get(address).status_code == 200

    def test_the_same_number_of_queries_for_one_or_ten(self, client, place):
        session = make_session(capacite=1)
        book(session, worker()), book(session, worker(place))
        client.get("/formations/inscriptions/")
        with CaptureQueriesContext(connection) as few:
            client.get("/formations/inscriptions/")
        for week in range(7, 16):
            other = make_session(make_formation(f"F{week}"), capacite=1, on=monday(week))
            book(other, worker()), book(other, worker(place))
        with CaptureQueriesContext(connection) as many:
            client.get("/formations/inscriptions/")
        assert len(many) == len(few)
        assert len(many) <= 25


class TestBlocks:
    def test_beside_the_catalogue(self, place, odile):
        session = make_session(capacite=1)
        seat, rank = book(session, worker(place)), book(session, odile)
        encart = beside_catalogue(odile, place)
        assert encart.titre == "Les inscriptions de Foucherans"
        lines = {line.inscription: (line.moi, line.etat and line.etat.mots) for line in encart.contexte["lignes"]}
        assert lines == {seat: (False, None), rank: (True, "En tête sur liste d’attente")}
        assert beside_catalogue(seat.agent, place).titre == "Mes inscriptions"
        assert beside_catalogue(worker(), None) is None

    def test_my_next_training(self, client, place, odile):
        later, sooner = make_session(on=monday(9)), make_session(make_formation("Bientôt"), on=monday(7))
        book(later, odile), book(sooner, odile)
        with_me = book(sooner, worker())
        said = text(client.get("/"))
        assert "Ma prochaine formation" in said
        assert f"Avec {with_me.agent.nom_complet} ({with_me.collectivite.nom})" in said
        (encart,) = next_training(odile)
        assert encart.contexte["inscription"].session == sooner
        assert next_training(worker()) == []
