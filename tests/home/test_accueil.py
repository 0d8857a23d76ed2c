"""The home page: what awaits, the blocks, the words of the day, what an empty territory shows."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collectivites.agir import SESSION_KEY
from collectivites.models import Agent, Poste, Territoire
from extranet.lib.apports import AFaire, Encart
from home import tableau
from home.models import HomePage
from home.tableau import deadline, rows, summary
from tests.distribution import Distribution
from tests.home.factories import make_actualite
from tests.sessions import open_session

TODAY = date(2026, 10, 8)  # a Thursday


def item(titre: str, avant: date | None = None, *, urgent: bool = False) -> AFaire:
    return AFaire(titre, "/x/", "Répondre", "reply-fill", "annuaire", avant=avant, urgent=urgent)


def encart(titre: str, ordre: int, colonne: str = "principale") -> Encart:
    return Encart(titre, "home/_actualites.html", ordre=ordre, colonne=colonne)


@pytest.mark.parametrize(
    ("todo", "words"),
    [
        ([], ""),
        ([item("a")], "Une chose vous attend."),
        ([item("a"), item("b")], "Deux choses vous attendent."),
        ([item("a", TODAY)], "Une chose vous attend, au plus tard aujourd’hui."),
        ([item("a"), item("b", date(2026, 10, 12))], "Deux choses vous attendent, dont une au plus tard lundi."),
        (
            [item("a", date(2026, 10, 30)), item("b", date(2026, 10, 30))],
            "Deux choses vous attendent, dont deux au plus tard le 30\u00a0octobre.",
        ),
        ([item("a", date(2026, 10, 1)), item("b")], "Deux choses vous attendent, dont une en retard."),
        ([item(str(n)) for n in range(20)], "20 choses vous attendent."),
    ],
)
def test_summary(todo: list[AFaire], words: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(timezone, "localdate", lambda *args: TODAY)
    assert summary(todo, TODAY) == words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (None, ""),
        (TODAY, "Aujourd’hui"),
        (date(2026, 10, 12), "Avant le lundi 12\u00a0octobre"),
        (date(2026, 10, 3), "En retard depuis le 3\u00a0octobre"),
    ],
)
def test_deadline(day: date | None, words: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(timezone, "localdate", lambda *args: TODAY)
    assert deadline(day, TODAY) == words


def test_rows_put_narrow_blocks_beside_the_wide_one_before_them():
    blocks = [encart("A", 10), encart("b", 20, "cote"), encart("C", 30), encart("D", 40), encart("e", 50, "cote")]
    shape = [(r.principale.titre, [c.titre for c in r.cote]) for r in rows(blocks)]
    assert shape == [("A", ["b"]), ("C", []), ("D", ["e"])]


def test_rows_keep_a_narrow_block_that_comes_first():
    made = rows([encart("a", 30, "cote"), encart("B", 40)])
    assert [r.principale and r.principale.titre for r in made] == [None, "B"]


@pytest.mark.django_db
class TestPage:
    def test_anonymous_goes_to_the_login_page(self):
        response = Client().get("/")
        assert response.status_code == 302
        assert response["Location"].startswith("/connexion/")

    def test_greets_by_the_first_name(self, distribution: Distribution):
        text = open_session(distribution.agent_a).get("/").content.decode()
        assert "Bonjour Alain" in text
        assert text.count("<h1") == 1

    def test_empty_states(self, distribution: Distribution):
        text = open_session(distribution.agent_a).get("/").content.decode()
        assert text.count("Rien ne vous attend") == 1
        assert "Aucune actualité pour le moment" in text
        assert "Ouvrir l’extranet" not in text

    def test_without_a_poste(self, distribution: Distribution):
        text = open_session(distribution.sans_poste).get("/").content.decode()
        assert "Vous n’avez pas de poste en cours." in text

    def test_the_announcement_of_the_team(self, distribution: Distribution):
        HomePage.objects.update(annonce="L’extranet ferme samedi.")
        assert "L’extranet ferme samedi." in open_session(distribution.agent_a).get("/").content.decode()

    def test_an_administrator_opens_the_territory(self, distribution: Distribution):
        response = open_session(distribution.administrateur).get("/")
        text = response.content.decode()
        assert "Ouvrir l’extranet" in text
        assert "Compléter les mentions légales" in text

    def test_the_first_steps_go_once_done(self, distribution: Distribution):
        make_actualite(distribution.epci)
        territoire = Territoire.load()
        for name, value in {
            "epci": distribution.epci,
            "designation": "la communauté du Grand Val",
            "adresse": "1 rue du Val",
            "telephone": "03 53 01 00 00",
            "courriel": "contact@essai.example",
            "directeur_publication": "La présidente",
            "hebergeur": "Un hébergeur",
            "dpo_nom": "Une juriste",
            "dpo_courriel": "dpo@essai.example",
        }.items():
            setattr(territoire, name, value)
        territoire.save()
        text = open_session(distribution.administrateur).get("/").content.decode()
        assert "Ouvrir l’extranet" not in text
        assert "Compléter les mentions légales" not in text

    def test_what_awaits_comes_in_order(self, distribution: Distribution, monkeypatch: pytest.MonkeyPatch):
        today = timezone.localdate()
        todo = [item(f"Tâche {n}", today + timedelta(days=n)) for n in (9, 2)]
        todo += [item("Urgente", today + timedelta(days=30), urgent=True), *(item(f"Un jour {n}") for n in range(5))]
        _contribute(monkeypatch, "a_faire", todo)
        response = open_session(distribution.agent_a).get("/")
        assert [one.titre for one, _ in response.context["a_faire"]][:3] == ["Urgente", "Tâche 2", "Tâche 9"]
        assert len(response.context["a_faire"]) == 6
        text = response.content.decode()
        assert "Voir le reste (2)" in text
        main = text[text.index("<main") : text.index("</main>")]
        assert main.count('class="btn btn-primary"') == 1  # the first thing to do; the rest is outline

    def test_blocks_are_asked_for_the_acting_collectivite(
        self, distribution: Distribution, monkeypatch: pytest.MonkeyPatch
    ):
        asked = []

        def seen(name: str, *args: object) -> list:
            asked.append((name, *args))
            return []

        monkeypatch.setattr(tableau, "collect", seen)
        client = open_session(distribution.partage_ab)
        session = client.session
        session[SESSION_KEY] = Poste.objects.get(agent=distribution.partage_ab, collectivite=distribution.b).pk
        session.save()
        client.get("/")
        assert {name for name, *_ in asked} == {
            "a_faire",
            "encarts_accueil",
            "actions_rapides",
            "chiffres",
        }
        assert all(distribution.b in args for _, *args in asked)


def _contribute(monkeypatch: pytest.MonkeyPatch, name: str, items: list) -> None:
    real = tableau.collect
    monkeypatch.setattr(tableau, "collect", lambda asked, *args: items if asked == name else real(asked, *args))


def queries(agent: Agent, path: str) -> list[str]:
    """SQL of a second visit: the first one fills what a process keeps, and writes when the session was last seen."""
    client = open_session(agent)
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path).status_code == 200
    return [query["sql"] for query in captured]


READS = ("SELECT", "SAVEPOINT", "RELEASE")
BUDGETS = {
    "/": 38,  # five areas to look into, for whoever answers for all of them
    "/actualites/": 25,
    "/aide/": 25,
    "/aide/questions-frequentes/": 25,
    "/plan-du-site/": 25,
    "/mentions-legales/": 25,
    "/donnees-personnelles/": 25,
    "/accessibilite/": 25,
}


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["partage_ab", "administrateur"])
def test_budget(role: str, distribution: Distribution):
    """The same number of queries for 1 row and for 100, and no write on GET."""
    agent = distribution.roles()[role]
    make_actualite(distribution.b, "Bourg une")
    few = {path: len(queries(agent, path)) for path in BUDGETS}
    for number in range(99):
        make_actualite(distribution.b if number % 2 else distribution.a, f"Bourg {number}", epinglee=number == 5)
    for path, budget in BUDGETS.items():
        many = queries(agent, path)
        assert few[path] == len(many), "\n".join([path, *many])
        assert len(many) <= budget, "\n".join([path, *many])
        assert [sql for sql in many if not sql.lstrip("( ").upper().startswith(READS)] == [], path


@pytest.mark.django_db
def test_budget_of_an_article(distribution: Distribution):
    page = make_actualite(distribution.b)
    few = queries(distribution.agent_a, page.get_url())
    for _ in range(20):
        make_actualite(distribution.a)
    assert len(queries(distribution.agent_a, page.get_url())) - len(few) <= 1  # « à lire aussi » reads one more path
    assert len(few) <= 25
