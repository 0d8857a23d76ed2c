"""The search of the header: what it finds, what it must not, and what one may type in it."""

import pytest

from collectivites.models import Agent, Collectivite, Fonction, Poste
from home import trouver
from tests.collectivites.factories import AgentFactory, CollectiviteFactory, PosteFactory
from tests.distribution import Distribution
from tests.home.factories import make_actualite, make_page_standard
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def etienne(distribution: Distribution) -> Agent:
    agent = AgentFactory(prenom="Étienne", nom="Cœurdevey-L’Hôte", slug="etienne")
    fonction = Fonction.objects.get(code="secretaire-general")
    PosteFactory(agent=agent, collectivite=distribution.b, fonction=fonction, intitule="Chargé des écoles")
    return agent


def found(agent: Agent, query: str) -> dict[str, list[str]]:
    """Kinds, and the titles of each without their marks."""
    return {
        groupe.genre.cle: [resultat.titre.replace("<mark>", "").replace("</mark>", "") for resultat in groupe.resultats]
        for groupe in trouver.search(agent, query)
    }


@pytest.mark.parametrize(
    "query",
    [
        "etienne",
        "ÉTIENNE",
        "tienn",
        "coeurdevey",
        "cœurdevey",
        "l'hote étienne",
        "l’hôte",
        "etienne bourg",
        "secretaire Bourg",
        "secrétaire de mairie de Bourg",
        "ecoles",
        "  etienne  ",
        '"etienne"',
        "etienne\x00",
    ],
)
def test_finds_a_person_by_name_and_work(query: str, etienne: Agent, distribution: Distribution):
    assert "Étienne Cœurdevey-L’Hôte" in found(distribution.agent_a, query)["personnes"]


@pytest.mark.parametrize("query", ["etienne aval", "etiennes", "zzz", "zz%etienne"])
def test_every_word_must_be_found(query: str, etienne: Agent, distribution: Distribution):
    assert "personnes" not in found(distribution.agent_a, query)


@pytest.mark.parametrize("query", ["", "   ", '"', "\x00", "…", "« »", "'’-", "\u202e"])
def test_nothing_to_look_for(query: str, distribution: Distribution):
    response = open_session(distribution.agent_a).get("/recherche/", {"q": query})
    assert response.status_code == 200
    assert response.context["groupes"] == []
    assert "résultat" not in response.content.decode().split("<main")[1].split("</main>")[0]


def test_a_word_that_names_nothing_counts_alone(distribution: Distribution):
    CollectiviteFactory(nom="La Loye", slug="la-loye")
    assert found(distribution.agent_a, "la")["collectivites"] == ["La Loye"]


def test_finds_places_news_and_help(distribution: Distribution):
    make_actualite(distribution.a, "Marché de Noël", chapeau="Avec les producteurs d’Époisses.")
    make_page_standard("Noël en mairie")
    assert found(distribution.secretaire_b, "noel") == {
        "actualites": ["Marché de Noël"],
        "aide": ["Noël en mairie"],
    }
    assert found(distribution.agent_a, "epoisses") == {"actualites": ["Marché de Noël"]}
    assert found(distribution.agent_a, "grand val")["collectivites"] == ["Grand Val"]
    assert found(distribution.agent_a, "la mairie de grand val")["collectivites"] == ["Grand Val"]


def test_begins_with_comes_first(distribution: Distribution):
    for nom in ("Saint-Aubin", "Aubigny", "Champ-Aubois"):
        CollectiviteFactory(nom=nom, slug=nom.lower())
    assert found(distribution.agent_a, "aub")["collectivites"] == ["Aubigny", "Champ-Aubois", "Saint-Aubin"]


class TestFuites:
    def test_a_leaver_is_found_by_nobody_else(self, etienne: Agent, distribution: Distribution):
        Poste.objects.filter(agent=etienne).first().end(distribution.agent_a.postes.first().date_debut)
        assert found(distribution.agent_a, "etienne") == {}

    def test_without_a_poste_one_finds_oneself_and_the_help(self, etienne: Agent, distribution: Distribution):
        make_actualite(distribution.a, "Poste à pourvoir")
        make_page_standard("Un poste, une fiche")
        agent = Agent.objects.get(pk=distribution.sans_poste.pk)
        assert found(agent, "poste") == {"personnes": ["Sans Poste"], "aide": ["Un poste, une fiche"]}
        assert found(agent, "bourg") == {}

    def test_a_collectivite_that_left(self, distribution: Distribution):
        Collectivite.objects.filter(pk=distribution.b.pk).update(date_sortie="2020-01-01")
        assert "collectivites" not in found(distribution.agent_a, "bourg")

    def test_drafts_of_the_help(self, distribution: Distribution):
        make_page_standard("Brouillon secret", live=False)
        assert found(distribution.administrateur, "brouillon") == {}


class TestEcran:
    def test_marks_what_was_found(self, etienne: Agent, distribution: Distribution):
        text = open_session(distribution.agent_a).get("/recherche/?q=coeur+etien").content.decode()
        assert "<mark>Étien</mark>ne <mark>Cœur</mark>devey" in text

    def test_escapes_what_was_asked_and_found(self, distribution: Distribution):
        make_actualite(distribution.a, "<b>Gras</b> & Cie")
        text = open_session(distribution.agent_a).get("/recherche/", {"q": "gras<script>"}).content.decode()
        assert "<script>" not in text.split("<main")[1]
        text = open_session(distribution.agent_a).get("/recherche/?q=gras").content.decode()
        assert "&lt;b&gt;<mark>Gras</mark>&lt;/b&gt; &amp; Cie" in text

    def test_says_that_nothing_was_found(self, distribution: Distribution):
        text = open_session(distribution.agent_a).get("/recherche/?q=introuvable").content.decode()
        assert "Aucun résultat pour" in text
        assert 'value="introuvable"' in text

    def test_a_long_query_is_cut(self, distribution: Distribution):
        response = open_session(distribution.agent_a).get("/recherche/", {"q": "mot " * 2000})
        assert response.status_code == 200
        assert len(response.context["q"]) <= trouver.MAX_CHARS
        assert "Seuls les huit premiers mots" in response.content.decode()

    def test_all_the_things_of_one_kind(self, distribution: Distribution):
        for number in range(25):
            make_actualite(distribution.a, f"Marché {number}")
        client = open_session(distribution.agent_a)
        response = client.get("/recherche/?q=marche")
        assert response.context["total"] == 25
        assert len(response.context["groupes"][0].resultats) == trouver.SHOWN
        assert "espace=actualites" in response.content.decode()
        page = client.get("/recherche/?q=marche&espace=actualites&page=2")
        assert len(page.context["groupes"][0].resultats) == 5
        assert "q=marche" in page.content.decode()

    @pytest.mark.parametrize("espace", ["inconnu", "<x>", "personnes"])
    def test_an_unknown_kind_looks_everywhere(self, espace: str, distribution: Distribution):
        make_actualite(distribution.a, "Marché")
        response = open_session(distribution.agent_a).get("/recherche/", {"q": "marche", "espace": espace})
        assert response.status_code == 200
        assert response.context["total"] == (0 if espace == "personnes" else 1)
