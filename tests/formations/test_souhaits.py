"""« Demander une formation », « Moi aussi », enough people, a session where each keeps their turn."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from collectivites.enums import Domaine
from extranet.lib.apports import collect
from formations.apports import a_faire, chiffres, encarts_agent, encarts_collectivite, liens_pied, recours
from formations.enums import StatutInscription, StatutSouhait
from formations.models import Inscription, Interet, ReglagesFormation, Souhait
from formations.plan import souhaits
from formations.plan.tableau import beside_catalogue
from formations.refus import InscriptionRefusee, SessionChangee
from formations.titres.tableau import beside_catalogue as titles_beside
from notifications.models import Notification
from tests.collectivites.factories import CollectiviteFactory
from tests.distribution import Distribution
from tests.formations.envois_plan import send
from tests.formations.factories import book, make_formation, make_session, worker
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


def wish(cast: Distribution, intitule: str = "Excel") -> Souhait:
    return souhaits.ask(cast.agent_a, cast.a, intitule=intitule)[0]


def threshold(number: int) -> None:
    settings = ReglagesFormation.load()
    settings.seuil_souhait = number
    settings.save()


def test_the_same_words_are_a_me_too(distribution: Distribution):
    first = wish(distribution, "Excel, aller plus loin")
    again, new = souhaits.ask(distribution.secretaire_b, distribution.b, intitule="EXCEL aller plus loin")
    assert (again, new, first.interets.count()) == (first, False, 2)


def test_once_each_and_undone(distribution: Distribution):
    one = wish(distribution)
    assert souhaits.me_too(one, distribution.agent_a, distribution.a) == 1
    assert souhaits.me_too(one, distribution.secretaire_b, distribution.b) == 2
    souhaits.not_any_more(one, distribution.agent_a)
    assert Interet.objects.get().agent == distribution.secretaire_b
    souhaits.not_any_more(one, distribution.secretaire_b)
    assert not Souhait.objects.exists()


def test_enough_people_are_told_once_to_the_responsables(distribution: Distribution):
    threshold(2)
    one = wish(distribution)
    assert not Notification.objects.exists()
    for agent in (distribution.secretaire_b, distribution.secretaire_a):
        souhaits.me_too(one, agent, distribution.b)
    assert distribution.responsable.answers_for(Domaine.FORMATIONS)
    assert [told.destinataire for told in Notification.objects.all()] == [distribution.responsable]
    assert any("Excel" in todo.titre for todo in a_faire(distribution.responsable, distribution.epci))


def test_a_session_where_each_has_the_rank_of_their_word(distribution: Distribution):
    one = wish(distribution)
    early = worker(distribution.b)
    souhaits.me_too(one, early, distribution.b)
    Interet.objects.filter(agent=early).update(created_at=timezone.now() - timedelta(days=1))
    with pytest.raises(InscriptionRefusee):
        souhaits.organise(one, distribution.gestionnaire_a)
    done = souhaits.organise(one, distribution.responsable, make_formation("Excel"))
    rows = Inscription.objects.order_by("rang")
    assert [row.agent for row in rows] == [early, distribution.agent_a]
    assert {row.statut for row in rows} == {StatutInscription.ATTENTE}
    one.refresh_from_db()
    assert (one.statut, one.session) == (StatutSouhait.RETENU, done.session)
    assert Notification.objects.filter(sorte="souhait_formation").count() == 2
    with pytest.raises(SessionChangee):
        souhaits.me_too(one, distribution.secretaire_b, distribution.b)


def test_refused_with_the_reason(distribution: Distribution):
    one = wish(distribution)
    with pytest.raises(InscriptionRefusee, match="pourquoi"):
        souhaits.refuse(one, distribution.responsable, "  ")
    souhaits.refuse(one, distribution.responsable, "Le CNFPT la donne à Dole.")
    assert "CNFPT" in Notification.objects.get(destinataire=distribution.agent_a).texte


class TestPages:
    def test_asked_shared_and_left(self, client: Client, distribution: Distribution):
        url = reverse("formations:souhait_list")
        client.force_login(distribution.agent_a)
        page = client.get(url, {"texte": "Fleurir"})
        assert 'value="Fleurir"' in page.content.decode()
        assert send(client, url, {"intitule": ""}, page).status_code == 422
        send(client, url, {"intitule": "Fleurir sans arroser", "theme": "", "detail": ""}, page)
        one = Souhait.objects.get()
        client.force_login(distribution.secretaire_b)
        also = reverse("formations:souhait_aussi", args=[one.pk])
        send(client, also, {}, client.get(url))
        page = client.get(url)
        assert (page.context["lignes"][0].interesses, page.context["lignes"][0].aussi) == (2, True)
        assert "Vous aussi" in page.content.decode()
        send(client, also, {"action": "retirer"}, page)
        assert one.interets.count() == 1

    def test_answered_by_the_responsables(self, client: Client, distribution: Distribution):
        one, other = wish(distribution), wish(distribution, "Paie")
        client.force_login(distribution.agent_a)
        url = reverse("formations:souhait_repondre", args=[one.pk])
        assert client.get(url).status_code == 403
        open_session(distribution.responsable, client)
        assert send(client, url, {"action": "refuser", "reponse": ""}, client.get(url)).status_code == 422
        send(client, url, {"action": "organiser", "formation": ""}, client.get(url))
        one.refresh_from_db()
        assert one.session.formation.title == "Excel"
        url = reverse("formations:souhait_repondre", args=[other.pk])
        send(client, url, {"action": "refuser", "reponse": "Pas cette année."}, client.get(url))
        page = client.get(reverse("formations:souhait_list"))
        assert "Pas cette année" in page.content.decode()
        assert client.get(url).status_code == 404

    def test_the_same_queries_whatever_the_wishes(self, client: Client, distribution: Distribution):
        def queries() -> int:
            with CaptureQueriesContext(connection) as seen:
                assert client.get(reverse("formations:souhait_list")).status_code == 200
            return len(seen)

        wish(distribution)
        answered = wish(distribution, "Paie")
        souhaits.refuse(answered, distribution.responsable, "Non.")
        client.force_login(distribution.agent_a)
        client.get(reverse("formations:souhait_list"))
        few = queries()
        for number in range(9):
            wish(distribution, f"Sujet {number}")
            souhaits.refuse(wish(distribution, f"Autre {number}"), distribution.responsable, "Non.")
        assert queries() == few <= 25, few


class TestElsewhere:
    def test_beside_the_catalogue(self, distribution: Distribution, django_assert_max_num_queries):
        for words in ("Excel", "Paie", "Fleurir", "Budget"):
            wish(distribution, words)
        assert distribution.agent_a.codes_lecture
        with django_assert_max_num_queries(3):
            block = beside_catalogue(distribution.agent_a, distribution.a)
        assert len(block.contexte["lignes"]) == 3
        assert beside_catalogue(distribution.sans_poste, None) is None
        assert titles_beside(distribution.gestionnaire_a, distribution.a) is None

    def test_links(self, distribution: Distribution):
        assert [one.libelle for one in liens_pied(distribution.agent_a)] == ["Proposer une formation"]
        assert liens_pied(None) == liens_pied(distribution.sans_poste) == recours(distribution.sans_poste, "x") == []
        (one,) = recours(distribution.agent_a, "tronçonneuse & haie")
        assert one.url == "/formations/souhaits/?texte=tron%C3%A7onneuse+%26+haie#demander"

    def test_cards_of_the_annuaire(self, distribution: Distribution):
        cast = distribution
        session = make_session(make_formation("Élagage", contact=cast.agent_a), lieu=cast.b)
        book(session, cast.agent_a, cast.a)
        titles = [one.titre for one in encarts_agent(cast.agent_a, cast.gestionnaire_a)]
        assert titles == ["Formations à venir", "Formations dont cette personne s’occupe"]
        assert len(encarts_agent(cast.agent_a, cast.secretaire_b)) == 1
        assert len(encarts_collectivite(cast.b, cast.agent_a)) == 1
        assert encarts_collectivite(cast.a, cast.agent_a) == []

    def test_figures(self, distribution: Distribution):
        session = make_session()
        assert chiffres(distribution.a, session.date_fin.year) == []
        one = book(session, distribution.agent_a, distribution.a)
        Inscription.objects.filter(pk=one.pk).update(statut=StatutInscription.PRESENTE)
        (figure,) = chiffres(distribution.a, session.date_fin.year)
        assert (figure.valeur, figure.libelle) == ("1", "agent formé")

    def test_cards_are_drawn(self, client: Client, distribution: Distribution):
        session = make_session(make_formation("Élagage", contact=distribution.agent_a), lieu=distribution.b)
        book(session, distribution.agent_a, distribution.a)
        client.force_login(distribution.gestionnaire_a)
        for card in (distribution.agent_a, distribution.b):
            assert "Élagage" in client.get(card.get_absolute_url()).content.decode()
        assert CollectiviteFactory().pk
        assert collect("a_faire", distribution.gestionnaire_a, distribution.a) is not None
