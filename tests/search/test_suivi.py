"""What the page tells of itself, the message to the team, and what all that costs in queries."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from collectivites.models import Agent
from search import suivi
from search.analyse.requete import lire
from search.models import Epingle, QuestionRecherche, RechercheDuMois
from search.synonymes import in_force
from tests.annuaire.invites import key_of
from tests.comptes.entrees import age_session, enter_by_code
from tests.distribution import Distribution
from tests.ressources.factories import make_ressource
from tests.search.ecran import FICHE, visit
from tests.search.factories import give, learn_words
from tests.sessions import open_session

pytestmark = pytest.mark.django_db

TELL = "/recherche/suivi/"
READS = ("SET LOCAL", "SELECT", "WITH", "SAVEPOINT", "RELEASE")


def token(client: Client, address: str) -> str:
    return re.search(r'name="jeton" value="([^"]+)"', client.get(f"/recherche/?{address}").content.decode())[1]


def tell(client: Client, jeton: str, **fields: str) -> int:
    return client.post(TELL, {"jeton": jeton, **fields}).status_code


class TestStatistiques:
    def test_a_search_is_counted_once_when_the_page_tells_it(self, distribution: Distribution):
        give("Cimetière", kind=FICHE)
        client = open_session(distribution.agent_a)
        jeton = token(client, "q=cimetiere")
        assert not RechercheDuMois.objects.exists(), "lire n’écrit rien"
        assert [tell(client, jeton), tell(client, jeton)] == [204, 204]
        counted = RechercheDuMois.objects.get()
        assert (counted.requete, counted.nombre, counted.sans_resultat, counted.clics) == ("cimetiere", 1, 0, 0)

    def test_a_result_followed_counts_once(self, distribution: Distribution):
        give("Cimetière", kind=FICHE)
        client = open_session(distribution.agent_a)
        jeton = token(client, "q=cimetiere")
        assert [tell(client, jeton), tell(client, jeton, suite="1"), tell(client, jeton, suite="1")] == [204] * 3
        assert RechercheDuMois.objects.get().clics == 1

    @pytest.mark.parametrize(("asked", "without"), [("introuvable", 1), ("cimetiere introuvable", 1), ("cimetiere", 0)])
    def test_nothing_found_is_told(self, asked: str, without: int, distribution: Distribution):
        """Most of the words is not what was asked."""
        give("Cimetière", kind=FICHE)
        client = open_session(distribution.agent_a)
        tell(client, token(client, f"q={asked}"))
        assert RechercheDuMois.objects.get().sans_resultat == without

    def test_what_was_typed_is_counted_not_its_correction(self, distribution: Distribution):
        give("Plan local d’urbanisme", kind=FICHE)
        learn_words()
        client = open_session(distribution.agent_a)
        assert "Voici ceux pour" in visit(distribution.agent_a, "q=urbanysme")
        jeton = token(client, "q=urbanysme")
        assert [tell(client, jeton), tell(client, jeton, suite="1")] == [204, 204]
        counted = RechercheDuMois.objects.get()
        assert (counted.requete, counted.nombre, counted.sans_resultat, counted.clics) == ("urbanysme", 1, 1, 1)

    def test_a_pinned_result_is_an_answer(self, distribution: Distribution):
        entree = give("Tournée du mardi", kind=FICHE)
        for words in ("poubelles", "poubelles du mardi introuvable"):
            Epingle.objects.create(requete=words, cle=lire(words, in_force()).cle, entree=entree)
            client = open_session(distribution.agent_a)
            tell(client, token(client, f"q={words}"))
        assert list(RechercheDuMois.objects.values_list("nombre", "sans_resultat")) == [(1, 0)] * 2

    def test_words_typed_in_the_box_of_the_documents_count(self, distribution: Distribution):
        make_ressource("Bail rural")
        client = open_session(distribution.agent_a)
        for words, without in (("bail", 0), ("zibeline", 1)):
            html = client.get("/ressources/", {"q": words}).content.decode()
            assert "data-noter" in html
            tell(client, re.search(r'name="jeton" value="([^"]+)"', html)[1])
            assert RechercheDuMois.objects.get(cle=words).sans_resultat == without
        assert "data-resultat" in client.get("/ressources/?q=bail").content.decode()

    @pytest.mark.parametrize("address", ["", "?q=bail&annee=2020", "?annee=2020"])
    def test_the_list_of_the_documents_alone_is_no_search(self, address: str, distribution: Distribution):
        make_ressource("Bail rural")
        assert "data-noter" not in open_session(distribution.agent_a).get(f"/ressources/{address}").content.decode()

    def test_what_we_did_not_sign_is_refused(self, distribution: Distribution, monkeypatch: pytest.MonkeyPatch):
        client, other = open_session(distribution.agent_a), open_session(distribution.secretaire_b)
        jeton = token(client, "q=cimetiere")
        forged = signing.dumps(["clé", "insulte", 3, distribution.agent_a.pk], salt="autre")
        for words in ("", "x", jeton + "x", jeton[:-1], forged):
            assert tell(client, words) == 400
        assert tell(other, jeton) == 400
        monkeypatch.setattr(suivi, "LIFETIME", timedelta(seconds=-1))
        assert tell(client, jeton) == 400
        assert not RechercheDuMois.objects.exists()

    def test_another_site_cannot_tell(self, distribution: Distribution):
        strict = open_session(distribution.agent_a, Client(enforce_csrf_checks=True))
        jeton = token(strict, "q=cimetiere")
        assert tell(strict, jeton) == 403
        assert not RechercheDuMois.objects.exists()

    @pytest.mark.parametrize(
        ("address", "counts"),
        [("q=a1", True), ("q=a1&page=2", True), ("q=a1&genre=aide", False), ("q=a1&theme=X", False)],
    )
    def test_only_a_first_page_without_filter_is_a_new_search(
        self, address: str, counts: bool, distribution: Distribution
    ):
        """Page 2 of a single page is page 1."""
        assert ("data-noter" in visit(distribution.agent_a, address)) == counts


class TestQuestion:
    ADDRESS = "/recherche/?q=piscine+olympique"

    def send(self, client: Client, message: str = "La convention avec le club.", **headers: str) -> object:
        data = {"message": message, "cle_unique": key_of(client, self.ADDRESS)}
        return client.post(self.ADDRESS, data, **headers)

    def test_it_goes_to_the_team(self, distribution: Distribution):
        client = open_session(distribution.agent_a)
        response = self.send(client)
        assert response["Location"] == self.ADDRESS
        question = QuestionRecherche.objects.get()
        assert (question.requete, question.message) == ("piscine olympique", "La convention avec le club.")
        assert (question.auteur, question.collectivite) == (distribution.agent_a, distribution.a)
        assert "C’est noté" in client.get(self.ADDRESS).content.decode()

    def test_words_are_enough(self, distribution: Distribution):
        self.send(open_session(distribution.agent_a), message="")
        assert QuestionRecherche.objects.get().requete == "piscine olympique"

    def test_without_poste_too(self, distribution: Distribution):
        self.send(open_session(distribution.sans_poste))
        assert QuestionRecherche.objects.get().collectivite is None

    def test_twice_the_same_form_is_one_question(self, distribution: Distribution):
        client = open_session(distribution.agent_a)
        data = {"message": "x", "cle_unique": key_of(client, self.ADDRESS)}
        for _ in range(2):
            assert client.post(self.ADDRESS, data).status_code == 302
        assert QuestionRecherche.objects.count() == 1

    def test_a_second_message_is_added_to_the_first(self, distribution: Distribution):
        client = open_session(distribution.agent_a)
        for message in ("La convention.", "Avec le club,\r\npour 2026.", "Avec le club,\r\npour 2026.", ""):
            assert self.send(client, message=message).status_code == 302
        said = QuestionRecherche.objects.get().message
        assert re.fullmatch(
            r"La convention\.\s+Ajouté le \d+ \w+ \d{4} à \d\d:\d\d\u00a0:\s+Avec le club,\s+pour 2026\.", said
        ), said

    def test_words_said_after_none_are_kept_as_they_are(self, distribution: Distribution):
        client = open_session(distribution.agent_a)
        for message in ("", "La convention."):
            self.send(client, message=message)
        assert QuestionRecherche.objects.get().message == "La convention."

    def test_too_much_for_one_search_is_refused_and_stays_on_the_page(self, distribution: Distribution):
        client = open_session(distribution.agent_a)
        for n in range(9):
            assert self.send(client, message=f"{n}" * 999).status_code == 302
        response = self.send(client, message="z" * 999)
        assert response.status_code == 422
        assert "beaucoup écrit pour cette recherche" in unescape(response.content.decode())
        assert "z" * 999 in response.content.decode()
        assert len(QuestionRecherche.objects.get().message) > 9000

    def test_without_a_search_nothing_is_lost(self, distribution: Distribution):
        client = open_session(distribution.agent_a)
        data = {"message": "Ce que j’ai écrit", "cle_unique": key_of(client, self.ADDRESS)}
        response = client.post("/recherche/", data)
        text = unescape(response.content.decode())
        assert response.status_code == 422
        assert "Cherchez d’abord" in text
        assert "Ce que j’ai écrit</textarea>" in text
        assert not QuestionRecherche.objects.exists()

    def test_too_long_nothing_is_lost(self, distribution: Distribution):
        client = open_session(distribution.agent_a)
        response = self.send(client, message="long " * 400)
        text = unescape(response.content.decode())
        assert response.status_code == 422
        assert "Mille caractères au plus" in text
        assert "long long long" in text
        assert not QuestionRecherche.objects.exists()

    def test_it_comes_back_after_the_session_ended(self, distribution: Distribution):
        client = open_session(distribution.agent_a)
        key = key_of(client, self.ADDRESS)
        age_session(client, session_vue_a=9 * 3600)
        ours = {"HTTP_ORIGIN": "http://testserver", "HTTP_REFERER": f"http://testserver{self.ADDRESS}"}
        client.post(self.ADDRESS, {"message": "Ce que j’ai écrit", "cle_unique": key}, **ours)
        landed = enter_by_code(client, distribution.agent_a, self.ADDRESS)
        page = client.get(landed["Location"]).content.decode()
        assert "Votre message est revenu" in page
        assert "Ce que j’ai écrit" in page
        assert not QuestionRecherche.objects.exists()


def queries(agent: Agent, address: str) -> list[str]:
    """SQL of a second visit: the first one fills what a process keeps, and writes when the session was last seen."""
    client = open_session(agent)
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in captured]


@pytest.mark.parametrize(
    ("address", "budget"),
    [
        ("/recherche/?q=marche", 25),
        ("/recherche/?q=marche&tri=genre", 25),
        ("/recherche/?q=marche&theme=Voirie&commune=Bourg&annee=2020", 25),
        ("/recherche/?theme=Voirie", 25),
        ("/recherche/", 25),
        ("/recherche/suggestions/?q=march", 16),
    ],
)
@pytest.mark.parametrize("role", ["partage_ab", "administrateur"])
def test_budget(address: str, budget: int, role: str, distribution: Distribution):
    """The same number of queries for 2 results and for 40, and no write on GET."""
    agent = distribution.roles()[role]
    for n in range(2):
        give(f"Marché {n}", "Le marché.", kind=FICHE, theme="Voirie", commune="Bourg", annee=2020)
    few = queries(agent, address)
    for n in range(38):
        give(f"Marché {n}", "Le marché.", kind=FICHE if n % 2 else "aide", theme="Voirie", commune="Bourg", annee=2020)
    many = queries(agent, address)
    assert len(many) <= budget, "\n".join(many)
    assert abs(len(few) - len(many)) <= ("suggestions" in address) * 3, "\n".join(many)
    assert [sql for sql in many if not sql.lstrip("( ").upper().startswith(READS)] == []


def test_budget_of_nothing_found(distribution: Distribution):
    few = queries(distribution.agent_a, '/recherche/?q="introuvable du tout"')
    assert len(few) <= 35, "\n".join(few)
