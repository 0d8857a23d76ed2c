"""Asking under a document or a theme: who is asked, who is told, who says that it was answered."""

from collections import Counter

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from collectivites.diffusion import ELUS
from collectivites.models import Agent
from notifications.models import Notification
from ressources import apports
from ressources.echanges import accept, say
from ressources.enums import GenreEchange
from ressources.models import Echange, RessourcePage
from ressources.questions.fils import PAR_PAGE
from ressources.questions.interroges import AU_PLUS, asked_about
from ressources.versions import RessourceRefusee
from tests.collectivites.factories import AgentFactory, PosteFactory
from tests.distribution import Distribution
from tests.ressources.actes import send
from tests.ressources.factories import make_ressource
from tests.ressources.questions.fabriques import exchange, knows, theme
from tests.sessions import open_session

pytestmark = pytest.mark.django_db

ADRESSE = "/ressources/themes/funeraire/"


@pytest.fixture
def page(distribution: Distribution) -> RessourcePage:
    return make_ressource("Règlement", collectivite=distribution.b, referent=distribution.secretaire_b, theme=theme())


def told(echange: Echange) -> list[Agent]:
    return [one.destinataire for one in Notification.objects.filter(cle__startswith=f"echange:{echange.pk}")]


class TestAsked:
    def test_the_referent_and_those_who_may_be_asked(self, distribution: Distribution, page: RessourcePage):
        knows(distribution.elue_b)
        knows(distribution.partage_ab, "elections")
        asked = asked_about(page, distribution.agent_a)
        assert (asked.gardiens, asked.savent) == ([distribution.secretaire_b], [distribution.elue_b])

    def test_the_responsables_for_a_theme(self, distribution: Distribution):
        knows(distribution.elue_b)
        asked = asked_about(theme(), distribution.agent_a)
        assert asked.gardiens == [distribution.responsable]
        assert asked.savent == [distribution.elue_b]

    @pytest.mark.parametrize(
        "changes",
        [
            {"montre_expertises": False},
            {"oppose_le": "2026-01-01T00:00:00Z"},
            {"is_active": False},
            {"email": None},
            {"efface_le": "2026-01-01T00:00:00Z"},
        ],
    )
    def test_who_hides_it_left_or_cannot_be_reached_is_not(self, changes: dict, distribution: Distribution):
        knows(distribution.elue_b)
        knows(distribution.sans_poste)
        Agent.objects.filter(pk=distribution.elue_b.pk).update(**changes)
        assert asked_about(theme(), distribution.agent_a).savent == []

    def test_readers_of_the_sheet_alone(self, distribution: Distribution, page: RessourcePage):
        knows(distribution.agent_a)
        knows(distribution.elue_b)
        page.diffusion = [ELUS]
        assert asked_about(page, distribution.responsable).savent == [distribution.elue_b]

    def test_nobody_twice_and_never_oneself(self, distribution: Distribution, page: RessourcePage):
        knows(distribution.secretaire_b)
        knows(distribution.secretaire_b, libelle="Règlement de cimetière")
        knows(distribution.agent_a)
        asked = asked_about(page, distribution.agent_a)
        assert (asked.gardiens, asked.savent) == ([distribution.secretaire_b], [])

    def test_not_more_than_some(self, distribution: Distribution):
        for _ in range(AU_PLUS + 3):
            knows(PosteFactory(agent=AgentFactory()).agent)
        assert len(asked_about(theme(), distribution.agent_a).savent) == AU_PLUS

    def test_the_number_and_the_fonctions_are_shown_before_sending(
        self, distribution: Distribution, page: RessourcePage
    ):
        knows(distribution.elue_b)
        secretaire = distribution.secretaire_b.postes.get().fonction.libelle
        elue = distribution.elue_b.postes.get().fonction.libelle
        html = open_session(distribution.agent_a).get(page.url).content.decode()
        assert f"Une question ira à 2\u00a0personnes&nbsp;: {secretaire}, {elue}." in html
        html = open_session(distribution.agent_a).get(ADRESSE).content.decode()
        assert "Votre question ira à 2\u00a0personnes" in html


class TestTold:
    def test_each_one_once(self, distribution: Distribution, page: RessourcePage):
        knows(distribution.elue_b)
        knows(distribution.secretaire_b)
        asked = say(page, distribution.agent_a, distribution.a, texte="Et le samedi ?")
        assert Counter(told(asked)) == Counter([distribution.secretaire_b, distribution.elue_b])

    def test_a_gestionnaire_who_passes_it_on_and_knows_it_is_told_once(
        self, distribution: Distribution, page: RessourcePage
    ):
        """The référent·e has no e-mail: the gestionnaire of their commune is told for them."""
        page.referent = distribution.partage_ab
        page.save()
        Agent.objects.filter(pk=distribution.partage_ab.pk).update(email=None)
        knows(distribution.secretaire_b)
        page = RessourcePage.objects.get(pk=page.pk)
        asked = say(page, distribution.agent_a, distribution.a, texte="Et le samedi ?")
        assert all(n == 1 for n in Counter(told(asked)).values())
        assert distribution.secretaire_b in told(asked)

    def test_experience_and_mistakes_go_to_the_keepers_alone(self, distribution: Distribution, page: RessourcePage):
        knows(distribution.elue_b)
        for genre in (GenreEchange.REMARQUE, GenreEchange.SIGNALEMENT):
            said = say(page, distribution.agent_a, distribution.a, texte="Bien", genre=genre)
            assert told(said) == [distribution.secretaire_b]

    def test_an_answer_is_told_to_who_asked_and_to_who_answered(self, distribution: Distribution):
        asked = exchange(theme(), distribution.agent_a, distribution.a, distribution.elue_b)
        first = asked.reponses.get()
        assert told(first) == [distribution.agent_a]
        more = say(theme(), distribution.agent_a, distribution.a, texte="Merci, et le samedi ?", reponse_a=first)
        assert told(more) == [distribution.elue_b]
        last = say(theme(), distribution.secretaire_b, distribution.b, texte="Non.", reponse_a=more)
        assert Counter(told(last)) == Counter([distribution.agent_a, distribution.elue_b])
        assert last.reponse_a == asked

    def test_who_no_longer_reads_the_sheet_is_told_of_nothing(self, distribution: Distribution, page: RessourcePage):
        asked = exchange(page, distribution.agent_a, distribution.a, distribution.secretaire_a)
        page.diffusion = [ELUS]
        page.save()
        more = say(page, distribution.elue_b, distribution.b, texte="Pour nous, oui.", reponse_a=asked)
        assert told(more) == []


class TestAccepted:
    def test_by_who_asked(self, distribution: Distribution):
        asked = exchange(theme(), distribution.agent_a, distribution.a, distribution.elue_b)
        answer = asked.reponses.get()
        client = open_session(distribution.agent_a)
        assert "Cela répond à ma question" in client.get(ADRESSE).content.decode()
        assert send(client, ADRESSE, f"/ressources/echanges/{answer.pk}/retenir/").status_code == 302
        answer.refresh_from_db()
        asked.refresh_from_db()
        assert answer.retenue
        assert asked.traite_par == distribution.agent_a
        said = Notification.objects.get(destinataire=distribution.elue_b, cle=f"echange-retenu:{answer.pk}")
        assert said.titre == "Votre réponse a servi à Alain Aval"
        assert "répond à la question" in open_session(distribution.secretaire_b).get(ADRESSE).content.decode()

    def test_by_nobody_else(self, distribution: Distribution):
        asked = exchange(theme(), distribution.agent_a, distribution.a, distribution.elue_b)
        answer = asked.reponses.get()
        for agent in (distribution.elue_b, distribution.secretaire_a, distribution.responsable):
            client = open_session(agent)
            assert "Cela répond à ma question" not in client.get(ADRESSE).content.decode()
            assert send(client, ADRESSE, f"/ressources/echanges/{answer.pk}/retenir/").status_code == 404
            with pytest.raises(RessourceRefusee):
                accept(answer, agent)
        assert (
            send(open_session(distribution.agent_a), ADRESSE, f"/ressources/echanges/{asked.pk}/retenir/").status_code
            == 404
        )

    def test_another_answer_takes_its_place_and_twice_is_once(self, distribution: Distribution):
        asked = exchange(theme(), distribution.agent_a, distribution.a, distribution.elue_b)
        first = asked.reponses.get()
        second = say(theme(), distribution.secretaire_b, distribution.b, texte="Plutôt ceci.", reponse_a=asked)
        for answer in (first, first, second):
            accept(answer, distribution.agent_a)
        assert list(asked.reponses.filter(retenue=True)) == [second]
        assert Notification.objects.filter(cle__startswith="echange-retenu").count() == 2

    def test_the_database_keeps_one(self, distribution: Distribution):
        asked = exchange(theme(), distribution.agent_a, distribution.a, distribution.elue_b)
        say(theme(), distribution.secretaire_b, distribution.b, texte="Plutôt ceci.", reponse_a=asked)
        with pytest.raises(IntegrityError), transaction.atomic():
            asked.reponses.update(retenue=True)
        with pytest.raises(IntegrityError), transaction.atomic():
            Echange.objects.filter(pk=asked.pk).update(retenue=True)

    @pytest.mark.parametrize("fields", [{}, {"page": True, "theme": True}, {"theme": True, "genre": "remarque"}])
    def test_a_word_is_about_one_thing(self, fields: dict, distribution: Distribution, page: RessourcePage):
        given = {"page": page, "theme": theme()}
        kept = {name: given.get(name, value) for name, value in fields.items()}
        with pytest.raises(IntegrityError), transaction.atomic():
            Echange.objects.create(auteur=distribution.agent_a, texte="Quoi ?", **kept)


class TestThemePage:
    def test_asked_then_answered(self, distribution: Distribution):
        client = open_session(distribution.agent_a)
        answer = send(client, ADRESSE, f"{ADRESSE}questions/", texte="Et le samedi ?")
        asked = Echange.objects.get()
        assert answer["Location"] == f"{ADRESSE}?echange={asked.pk}#echange-{asked.pk}"
        assert (asked.theme, asked.page, asked.collectivite) == (theme(), None, distribution.a)
        other = open_session(distribution.elue_b)
        assert "Et le samedi" in other.get(ADRESSE).content.decode()
        send(other, ADRESSE, f"{ADRESSE}questions/{asked.pk}/", texte="Oui.")
        line = Notification.objects.get(destinataire=distribution.agent_a)
        assert (line.titre, line.texte) == (
            "Elise Bourg vous répond au sujet de «\u00a0Funéraire et cimetières\u00a0»",
            "Oui.",
        )
        assert 'id="echange-' in client.get(line.url).content.decode()

    @pytest.mark.parametrize(("texte", "said"), [("  ", "Écrivez votre question."), ("x" * 2001, "il y en a 2001")])
    def test_a_wrong_question_is_said_and_kept(self, texte: str, said: str, distribution: Distribution):
        response = send(open_session(distribution.agent_a), ADRESSE, f"{ADRESSE}questions/", texte=texte)
        assert response.status_code == 422
        assert said in response.content.decode()
        assert texte.strip() in response.content.decode()
        assert not Echange.objects.exists()

    def test_too_many_an_hour_are_said_and_kept(
        self, distribution: Distribution, page: RessourcePage, settings: Settings
    ):
        """Questions and answers together, under a theme and under a sheet."""
        settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"ressource_question": "2/h/user"}
        asked = say(theme(), distribution.elue_b, distribution.b, texte="Et le samedi ?")
        under = say(page, distribution.elue_b, distribution.b, texte="Et le dimanche ?")
        client = open_session(distribution.agent_a)
        ways = [
            (ADRESSE, f"{ADRESSE}questions/", {}),
            (page.url, f"/ressources/{page.pk}/echanges/", {"genre": "question"}),
            (ADRESSE, f"{ADRESSE}questions/{asked.pk}/", {}),
            (page.url, f"/ressources/{page.pk}/echanges/{under.pk}/", {}),
        ]
        answers = [send(client, shown, url, texte="Un mot", **more) for shown, url, more in ways]
        assert [answer.status_code for answer in answers] == [302, 302, 422, 422]
        for answer in answers[2:]:
            assert "beaucoup de messages en une heure" in answer.content.decode()
            assert ">\nUn mot</textarea>" in answer.content.decode()
        assert Echange.objects.filter(auteur=distribution.agent_a).count() == 2

    def test_a_wrong_answer_is_said_under_its_question(self, distribution: Distribution):
        asked = say(theme(), distribution.elue_b, distribution.b, texte="Et le samedi ?")
        client = open_session(distribution.agent_a)
        response = send(client, ADRESSE, f"{ADRESSE}questions/{asked.pk}/", texte=" ")
        assert response.status_code == 422
        assert '<details class="ec-details mt-2" open>' in response.content.decode()

    def test_not_under_another_theme(self, distribution: Distribution):
        asked = say(theme("elections"), distribution.elue_b, distribution.b, texte="Et le samedi ?")
        client = open_session(distribution.agent_a)
        assert send(client, ADRESSE, f"{ADRESSE}questions/{asked.pk}/", texte="Oui.").status_code == 404
        assert "Et le samedi" not in client.get(ADRESSE).content.decode()

    def test_without_a_poste(self, distribution: Distribution):
        say(theme(), distribution.elue_b, distribution.b, texte="Et le samedi ?")
        html = open_session(distribution.sans_poste).get(ADRESSE).content.decode()
        assert "Et le samedi" not in html
        assert "Les questions s’ouvrent avec un poste" in html

    def test_a_notification_leads_to_the_page_that_holds_it(self, distribution: Distribution):
        first = say(theme(), distribution.elue_b, distribution.b, texte="La toute première")
        for n in range(PAR_PAGE):
            say(theme(), distribution.elue_b, distribution.b, texte=f"Question {n}")
        client = open_session(distribution.agent_a)
        assert "La toute première" not in client.get(ADRESSE).content.decode()
        assert "La toute première" in client.get(first.adresse).content.decode()
        assert "La toute première" in client.get(f"{ADRESSE}?fils=2").content.decode()
        for wrong in ("999999", "x", "9" * 30):
            assert client.get(f"{ADRESSE}?echange={wrong}&fils={wrong}").status_code == 200

    def test_the_responsables_see_to_what_nobody_answered(self, distribution: Distribution):
        asked = say(theme(), distribution.elue_b, distribution.b, texte="Et le samedi ?")
        titles = [one.titre for one in apports.a_faire(distribution.responsable, None)]
        assert titles == ["Une question sur un thème"]
        client = open_session(distribution.agent_a)
        assert send(client, ADRESSE, f"/ressources/echanges/{asked.pk}/traite/").status_code == 404
        assert (
            send(
                open_session(distribution.responsable), ADRESSE, f"/ressources/echanges/{asked.pk}/traite/"
            ).status_code
            == 302
        )
        assert apports.a_faire(distribution.responsable, None) == []

    def test_as_many_queries_for_one_as_for_ten(self, distribution: Distribution):
        client, counts = open_session(distribution.responsable), []
        for _ in range(2):
            for _ in range(4):
                exchange(theme(), distribution.agent_a, distribution.a, distribution.elue_b)
            client.get(ADRESSE)
            with CaptureQueriesContext(connection) as queries:
                client.get(ADRESSE)
            counts.append(len(queries))
        assert counts[0] == counts[1]
