"""From a thread to an answer for all: read again, published, found, changed, withdrawn, read again."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from collectivites.diffusion import ELUS, TOUTES, code_collectivite
from collectivites.effacement import erase
from collectivites.enums import Domaine
from collectivites.models import EntreeJournal
from notifications.models import Notification
from ressources.enums import StatutQuestion
from ressources.models import Echange, QuestionReponse, RessourcePage
from ressources.questions import publier
from ressources.versions import RessourceRefusee
from search.models import SearchEntry
from tests.distribution import Distribution
from tests.ressources.actes import send
from tests.ressources.factories import make_ressource
from tests.ressources.questions.fabriques import exchange, make_question, published, theme
from tests.sessions import open_session

pytestmark = pytest.mark.django_db

ENTRE = "années entre deux constats"
FORM = {
    "question": "Combien d’années entre deux constats ?",
    "reponse": "Un an suffit.",
    "a_verifier_avant": (timezone.localdate() + timedelta(days=365)).isoformat(),
}


@pytest.fixture
def asked(distribution: Distribution) -> Echange:
    return exchange(
        theme(),
        distribution.agent_a,
        distribution.a,
        distribution.elue_b,
        question="Combien d’années entre deux constats pour la commune d’Aval ?",
        reponse="Un an suffit, dit Elise Bourg.",
    )


@pytest.fixture
def client(distribution: Distribution) -> Client:
    return open_session(distribution.responsable)


def post(client: Client, echange: Echange, **fields: object) -> object:
    address = f"/ressources/echanges/{echange.pk}/publier/"
    given = {"theme": (echange.theme or echange.page.theme).pk, "lecteurs": "toutes" if echange.theme else "fiche"}
    return send(client, address, address, **{**FORM, **given, **fields})


def found(client: Client, words: str = "constats") -> bool:
    return "/ressources/questions/" in client.get(f"/recherche/?q={words}").content.decode()


class TestPublished:
    def test_the_form_begins_with_the_words_freed_of_names(self, client: Client, asked: Echange):
        html = client.get(f"/ressources/echanges/{asked.pk}/publier/").content.decode()
        assert "Combien d’années entre deux constats pour la commune ?</textarea>" in html
        assert "Un an suffit, dit une personne.</textarea>" in html
        assert "<mark>commune d’Aval</mark>" in html
        assert "2 mentions d’une personne, d’une commune ou d’un contact ont été remplacées" in html

    def test_the_accepted_answer_alone(self, client: Client, asked: Echange, distribution: Distribution):
        publier.settle(asked, distribution.agent_a)
        kept = Echange.objects.create(
            theme=theme(), auteur=distribution.secretaire_b, texte="Un an.", reponse_a=asked, retenue=True
        )
        amorce = publier.prime(asked)
        assert amorce.reponse == kept.texte

    def test_for_all_and_found(self, client: Client, asked: Echange, distribution: Distribution):
        reader = open_session(distribution.secretaire_b)
        assert not found(reader)
        assert post(client, asked).status_code == 302
        entry = QuestionReponse.objects.get()
        assert (entry.origine, entry.publiee_par, entry.diffusion) == (asked, distribution.responsable, [TOUTES])
        assert found(reader)
        assert found(reader, "suffit")
        line = EntreeJournal.objects.get(acte="questionreponse.publiee")
        assert (line.agent, line.donnees) == (distribution.responsable, {"elargie": False})
        asked.refresh_from_db()
        assert asked.traite_par == distribution.responsable
        for address in (
            "/ressources/questions/",
            f"/ressources/questions/{entry.pk}/",
            "/ressources/themes/funeraire/",
        ):
            assert ENTRE in reader.get(address).content.decode()

    def test_it_shows_nobody(self, client: Client, asked: Echange, distribution: Distribution):
        post(client, asked)
        html = open_session(distribution.secretaire_b).get(f"/ressources/questions/{QuestionReponse.objects.get().pk}/")
        text = html.content.decode()[html.content.decode().index("<main") :]
        assert not [word for word in ("Alain", "Elise", "Aval", "Rachel", "echange-") if word in text]
        own = client.get(f"/ressources/questions/{QuestionReponse.objects.get().pk}/").content.decode()
        assert f"echange={asked.pk}#echange-{asked.pk}" in own

    def test_those_who_spoke_are_told_once(self, asked: Echange, client: Client, distribution: Distribution):
        post(client, asked)
        entry = QuestionReponse.objects.get()
        lines = Notification.objects.filter(cle=f"question-publiee:{entry.pk}")
        assert sorted(one.destinataire.prenom for one in lines) == ["Alain", "Elise"]

    def test_once(self, client: Client, asked: Echange, distribution: Distribution):
        post(client, asked)
        entry = QuestionReponse.objects.get()
        address = f"/ressources/echanges/{asked.pk}/publier/"
        assert client.get(address)["Location"] == entry.get_absolute_url()
        assert send(client, entry.get_absolute_url(), address, **FORM)["Location"] == entry.get_absolute_url()
        with pytest.raises(RessourceRefusee):
            published(asked, distribution.responsable, distribution.epci)
        with pytest.raises(IntegrityError), transaction.atomic():
            make_question(origine=asked)
        assert QuestionReponse.objects.count() == 1

    def test_what_has_no_answer_is_not_published(self, distribution: Distribution, asked: Echange):
        asked.reponses.all().delete()
        with pytest.raises(RessourceRefusee):
            published(asked, distribution.responsable, distribution.epci)

    def test_by_the_responsables_alone(self, asked: Echange, distribution: Distribution):
        for agent in (distribution.agent_a, distribution.gestionnaire_a, distribution.elue_b):
            client = open_session(agent)
            assert "En faire une réponse pour tous" not in client.get(asked.adresse).content.decode()
            assert client.get(f"/ressources/echanges/{asked.pk}/publier/").status_code == 403
            assert client.get("/ressources/questions/?vue=a_reprendre").context["fils"] == ()


class TestRefused:
    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"question": " "}, "Écrivez la question."),
            ({"reponse": ""}, "Écrivez la réponse."),
            ({"question": "x" * 251}, "il y en a 251"),
            ({"reponse": "x" * 4001}, "il y en a 4001"),
            ({"a_verifier_avant": "2020-01-01"}, "Cette date est passée"),
            ({"a_verifier_avant": "9999-12-31"}, "dans plus de dix ans"),
            ({"a_verifier_avant": ""}, "Donnez la date"),
            ({"theme": "999999"}, "theme"),
            ({"lecteurs": "c:1"}, "lecteurs"),
            ({"reponse": "Demandez à Elise Bourg."}, "désignent peut-être quelqu’un"),
            ({"question": "Et à Aval ?"}, "«\u00a0à Aval\u00a0»"),
        ],
    )
    def test_in_words_and_nothing_is_lost(self, fields: dict, said: str, client: Client, asked: Echange):
        response = post(client, asked, **fields)
        html = response.content.decode()
        assert response.status_code == 422
        assert said in html
        assert "question" in fields or FORM["question"] in html
        assert "Un an suffit, dit <mark>Elise Bourg</mark>" in html
        assert not QuestionReponse.objects.exists()

    def test_a_word_that_may_stay_is_confirmed(self, client: Client, asked: Echange):
        assert post(client, asked, reponse="La méthode Elise Bourg.", assume="on").status_code == 302


class TestReaders:
    @pytest.fixture
    def page(self, distribution: Distribution) -> RessourcePage:
        return make_ressource("Règlement", diffusion=[code_collectivite(distribution.b.pk)], theme=theme())

    @pytest.fixture
    def under(self, page: RessourcePage, distribution: Distribution) -> Echange:
        return exchange(page, distribution.elue_b, distribution.b, distribution.secretaire_b)

    def test_those_of_the_sheet_unless_one_says_otherwise(
        self, client: Client, under: Echange, distribution: Distribution
    ):
        post(client, under)
        entry = QuestionReponse.objects.get()
        assert (entry.page, entry.elargie) == (under.page, False)
        assert found(open_session(distribution.secretaire_b))
        assert not found(open_session(distribution.agent_a))
        assert ENTRE in open_session(distribution.secretaire_b).get(under.page.url).content.decode()

    def test_wider_is_said(self, client: Client, under: Echange, distribution: Distribution):
        response = post(client, under, lecteurs="toutes")
        assert response.status_code == 422
        assert "La fiche est réservée (Bourg)" in response.content.decode()
        post(client, under, lecteurs="toutes", elargir="on")
        entry = QuestionReponse.objects.get()
        assert entry.elargie
        assert EntreeJournal.objects.get(acte="questionreponse.publiee").donnees == {"elargie": True}
        reader = open_session(distribution.agent_a)
        assert found(reader)
        assert "Règlement" not in reader.get(entry.get_absolute_url()).content.decode()
        assert "Règlement" in open_session(distribution.secretaire_b).get(entry.get_absolute_url()).content.decode()

    def test_it_follows_the_sheet(self, client: Client, under: Echange, distribution: Distribution):
        post(client, under)
        reader = open_session(distribution.agent_a)
        page = RessourcePage.objects.get(pk=under.page_id)
        page.diffusion = [TOUTES]
        page.save()
        assert found(reader)
        page.diffusion = [ELUS]
        page.save()
        assert not found(reader)
        assert found(open_session(distribution.elue_b))
        page.unpublish()
        assert not found(open_session(distribution.elue_b))
        assert not QuestionReponse.objects.visible_to(distribution.elue_b).exists()

    def test_narrower_than_an_open_sheet_needs_no_word(self, client: Client, distribution: Distribution):
        page = make_ressource("Ouverte", theme=theme())
        under = exchange(page, distribution.agent_a, distribution.a, distribution.elue_b)
        post(client, under, lecteurs="elus")
        entry = QuestionReponse.objects.get()
        assert (entry.diffusion, entry.elargie) == ([ELUS], False)
        page.diffusion = [code_collectivite(distribution.a.pk)]
        page.save()
        assert not QuestionReponse.objects.visible_to(distribution.elue_b).exists()
        assert not found(open_session(distribution.elue_b))

    def test_the_database_wants_a_sheet_to_be_wider_than(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_question(elargie=True)


class TestKept:
    def test_changed_and_the_journal_says_what(self, client: Client, distribution: Distribution):
        entry = make_question()
        address = f"/ressources/questions/{entry.pk}/modifier/"
        fields = {**FORM, "theme": entry.theme_id, "lecteurs": "toutes", "reponse": "Deux ans."}
        assert send(client, address, address, **fields).status_code == 302
        assert "Deux ans." in open_session(distribution.agent_a).get(entry.get_absolute_url()).content.decode()
        line = EntreeJournal.objects.get(acte="questionreponse.modifiee")
        assert line.donnees["champs"] == ["a_verifier_avant", "reponse"]

    def test_readers_that_the_admin_chose_are_kept(self, client: Client, distribution: Distribution):
        codes = sorted([code_collectivite(distribution.a.pk), ELUS])
        entry = make_question(diffusion=codes)
        address = f"/ressources/questions/{entry.pk}/modifier/"
        assert "Les lecteurs d’aujourd’hui" in client.get(address).content.decode()
        send(client, address, address, **{**FORM, "theme": entry.theme_id, "lecteurs": "garder"})
        entry.refresh_from_db()
        assert entry.diffusion == codes

    def test_withdrawn_it_leaves_every_list_then_comes_back(self, client: Client, distribution: Distribution):
        entry, reader = make_question(), open_session(distribution.agent_a)
        page = entry.get_absolute_url()
        send(client, page, f"{page}retirer/")
        assert reader.get(page).status_code == 404
        assert not found(reader)
        assert ENTRE not in reader.get("/ressources/questions/").content.decode()
        assert "Cette réponse est retirée" in client.get(page).content.decode()
        assert ENTRE in client.get("/ressources/questions/?vue=retirees").content.decode()
        send(client, page, f"{page}remettre/")
        assert found(reader)
        acts = EntreeJournal.objects.filter(acte__startswith="questionreponse").values_list("acte", flat=True)
        assert sorted(acts) == ["questionreponse.remise", "questionreponse.retiree"]

    def test_to_check_then_still_valid(self, client: Client, distribution: Distribution):
        entry = make_question(a_verifier_avant=timezone.localdate())
        assert (
            "Cette réponse est à vérifier"
            in open_session(distribution.agent_a).get(entry.get_absolute_url()).content.decode()
        )
        assert [publier.remind(), publier.remind()] == [1, 0]
        assert Notification.objects.get().destinataire == distribution.responsable
        shown = "/ressources/questions/?vue=a_verifier"
        send(client, shown, f"{entry.get_absolute_url()}toujours-valable/")
        entry.refresh_from_db()
        assert entry.a_verifier_avant == publier.next_check()
        assert "Rien à vérifier" in client.get(shown).content.decode()

    @pytest.mark.parametrize("act", ["retirer", "remettre", "toujours-valable", "modifier"])
    def test_by_the_responsables_alone(self, act: str, distribution: Distribution):
        entry = make_question()
        client = open_session(distribution.gestionnaire_a)
        response = send(client, "/ressources/themes/funeraire/", f"{entry.get_absolute_url()}{act}/")
        assert response.status_code == 403
        entry.refresh_from_db()
        assert entry.statut == StatutQuestion.PUBLIEE

    def test_erased_people_leave_it_readable(self, asked: Echange, distribution: Distribution):
        entry = published(asked, distribution.responsable, distribution.epci, reponse="Un an, dit Elise Bourg.")
        for agent in (distribution.agent_a, distribution.elue_b, distribution.responsable):
            agent.postes.update(date_fin=timezone.localdate() - timedelta(days=1))
            erase(agent, None)
        html = open_session(distribution.secretaire_a).get(entry.get_absolute_url()).content.decode()
        assert "Un an, dit Personne effacée." in html
        assert "Elise" not in SearchEntry.objects.get(kind="question_reponse").texte

    def test_in_the_admin(self, distribution: Distribution):
        entry = make_question()
        distribution.responsable.groups.add(Group.objects.get(name=Domaine.RESSOURCES.label))
        client = open_session(distribution.responsable)
        assert ENTRE in client.get("/admin/questions-reponses/").content.decode()
        fields = {
            "question": "Et deux ans ?",
            "reponse": "Non.",
            "theme": entry.theme_id,
            "page": "",
            "diffusion": ["toutes"],
            "a_verifier_avant": "",
            "statut": "retiree",
        }
        address = f"/admin/questions-reponses/edit/{entry.pk}/"
        assert client.post(address, {**fields, "elargie": "on"}).status_code == 200
        named = {**fields, "reponse": "Non, demandez à Mme Vauthier."}
        said = client.post(address, named)
        assert "Mme Vauthier" in said.context["form"].non_field_errors()[0]
        assert client.post(address, {**named, "assume": "on"}).status_code == 302
        assert client.post(address, fields).status_code == 302
        entry.refresh_from_db()
        assert (entry.question, entry.reponse, entry.statut) == ("Et deux ans ?", "Non.", "retiree")
        assert not found(open_session(distribution.agent_a), "deux")
