"""The list of people: what each filter keeps, what the page says of it, and how many queries it costs."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from collectivites.models import (
    Absence,
    Agent,
    Collectivite,
    Expertise,
    Poste,
    Presence,
    RoleTransversal,
    Secteur,
    Theme,
)
from extranet.lib.demi_journees import Jour, Moment, Semaine
from tests.annuaire.test_fiches import crowd, queries
from tests.collectivites.factories import (
    AdhesionFactory,
    AgentFactory,
    CollectiviteFactory,
    FonctionFactory,
    PosteFactory,
)
from tests.distribution import Distribution
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
NOEL = datetime(2026, 12, 25, 9, 30, tzinfo=PARIS)
MARDI = datetime(2026, 11, 24, 9, 30, tzinfo=PARIS)  # in an even week, on no public holiday


@pytest.fixture
def client(distribution: Distribution) -> Client:
    return open_session(distribution.secretaire_b)


@pytest.fixture
def mardi(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """To be asked for before the client, whose session would be over."""
    monkeypatch.setattr(timezone, "now", lambda: MARDI)
    return MARDI


def people(client: Client, **asked: str) -> list[str]:
    response = client.get("/annuaire/", asked)
    assert response.status_code == 200
    return [str(agent) for agent in response.context["personnes"].object_list]


def page(client: Client, query: str = "") -> str:
    response = client.get(f"/annuaire/{query}")
    assert response.status_code == 200
    return response.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def knows(agent: Agent, slug: str, libelle: str = "") -> None:
    theme = Theme.objects.get(slug=slug)
    Expertise.objects.create(agent=agent, theme=theme, libelle=libelle or theme.nom)


def test_without_a_filter_everybody_by_family_name_accents_aside(client: Client, distribution: Distribution) -> None:
    for prenom, nom in (("Zoé", "Élan"), ("Anne", "elan"), ("Yves", "Durand"), ("Bob", "Foll")):
        PosteFactory(agent=AgentFactory(prenom=prenom, nom=nom), collectivite=distribution.a)
    found = people(client)
    assert found.index("Yves Durand") < found.index("Anne elan") < found.index("Zoé Élan") < found.index("Bob Foll")
    assert "Sans Poste" not in found
    assert "12 personnes" in page(client)


def test_who_knows_the_elections_at_less_than_ten_kilometres(client: Client, distribution: Distribution) -> None:
    far = CollectiviteFactory(nom="Loin", slug="loin", latitude=47.4, longitude=5.49)
    for place, latitude in ((distribution.a, 47.09), (distribution.b, 47.04)):
        Collectivite.objects.filter(pk=place.pk).update(latitude=latitude, longitude=5.49)
    there = PosteFactory(agent=AgentFactory(prenom="Luc", nom="Loin"), collectivite=far).agent
    for agent in (there, distribution.agent_a, distribution.elue_b):
        knows(agent, "elections")
    assert people(client, expertise="elections") == ["Alain Aval", "Elise Bourg", "Luc Loin"]
    assert people(client, expertise="elections", km="10") == ["Elise Bourg", "Alain Aval"]  # the nearest first
    assert people(client, expertise="elections", km="5") == ["Elise Bourg"]
    said = page(client, "?expertise=elections&km=10")
    for words in ("2 personnes", "Compétence : Élections", "à moins de 10 km", "Autour de Bourg"):
        assert words in said


def test_without_a_position_no_distance_is_offered(client: Client, distribution: Distribution) -> None:
    assert "Autour de" not in page(client)
    assert people(client, km="5") == people(client)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"fonction": "famille:elus"}, ["Elise Bourg"]),
        ({"fonction": "essai-technique"}, ["Alain Aval", "Paul Deux"]),
        ({"collectivite": "bourg"}, ["Elise Bourg", "Simone Bourg", "Paul Deux"]),
        ({"collectivite": "bourg", "fonction": "famille:technique"}, ["Paul Deux"]),
        ({"collectivite": "aval", "fonction": "famille:elus"}, []),
        ({"q": "technique bourg"}, ["Paul Deux"]),
    ],
)
def test_filters(client: Client, asked: dict[str, str], found: list[str]) -> None:
    assert people(client, **asked) == found


def test_the_others(client: Client, distribution: Distribution) -> None:
    secteur = Secteur.objects.create(nom="Secteur de la plaine")
    Collectivite.objects.filter(pk=distribution.b.pk).update(secteur=secteur)
    role = RoleTransversal.objects.first()
    distribution.agent_a.postes.get().roles.add(role)
    adhesion = AdhesionFactory(agent=distribution.secretaire_a)
    assert people(client, secteur=str(secteur.pk)) == ["Elise Bourg", "Simone Bourg", "Paul Deux"]
    assert people(client, role=role.code) == ["Alain Aval"]
    assert people(client, reseau=adhesion.reseau.slug) == ["Sylvie Aval"]


def test_all_holds_on_one_poste(client: Client, distribution: Distribution) -> None:
    """An élu of B who works in A is no élu of A."""
    elue = FonctionFactory(code="essai-maire")
    PosteFactory(agent=distribution.agent_a, collectivite=distribution.b, fonction=elue)
    assert "Alain Aval" in people(client, collectivite="bourg", fonction="famille:elus")
    assert people(client, collectivite="aval", fonction="famille:elus") == []


def test_present_today(mardi: datetime, client: Client, distribution: Distribution) -> None:
    in_a, in_b = distribution.partage_ab.postes.order_by("-heures_hebdo")
    Presence.objects.create(poste=in_a, jour=Jour.MARDI, moment=Moment.MATIN)
    Presence.objects.create(poste=in_b, jour=Jour.LUNDI, moment=Moment.MATIN)
    odd = distribution.agent_a.postes.get()
    Presence.objects.create(poste=odd, jour=Jour.MARDI, moment=Moment.MATIN, semaine=Semaine.IMPAIRES)
    assert people(client, present="1") == ["Paul Deux"]
    assert people(client, present="1", collectivite="bourg") == [], "in A on Tuesdays"
    assert "1 personne présente aujourd’hui" in page(client, "?present=1")
    assert "Aval, ce matin" in page(client, "?present=1"), "of two places, the one where they are"
    Absence.objects.create(agent=distribution.partage_ab, date_debut=mardi.date(), date_fin=mardi.date())
    assert people(client, present="1") == []
    assert "Absence aujourd’hui" in page(client, "?q=paul")


def test_nobody_is_met_on_a_public_holiday(distribution: Distribution, monkeypatch: pytest.MonkeyPatch) -> None:
    Presence.objects.create(poste=distribution.agent_a.postes.get(), jour=Jour.VENDREDI, moment=Moment.MATIN)
    monkeypatch.setattr(timezone, "now", lambda: NOEL - timedelta(days=7))
    assert people(open_session(distribution.secretaire_b), present="1") == ["Alain Aval"]
    monkeypatch.setattr(timezone, "now", lambda: NOEL)
    assert people(open_session(distribution.secretaire_b), present="1") == []


def test_what_is_hidden_is_not_found(client: Client, distribution: Distribution) -> None:
    agent = distribution.agent_a
    knows(agent, "elections", "Machines à voter")
    agent.postes.update(mobile="06 39 98 01 12", telephone="03 53 01 00 45")
    said = page(client, "?q=alain")
    for words in ("Machines à voter", "06 39 98 01 12"):
        assert words in said
    Agent.objects.filter(pk=agent.pk).update(montre_expertises=False, montre_mobile=False)
    assert people(client, expertise="elections") == people(client, q="machines") == []
    said = page(client, "?q=alain") + page(client, "?q=alain&vue=liste")
    for words in ("Machines", "639980112", "06 39 98 01 12"):
        assert words not in said
    assert "03 53 01 00 45" in said
    Agent.objects.filter(pk=agent.pk).update(oppose_le=timezone.now())
    assert people(client, q="alain") == []
    assert "7 personnes" in page(client), "no longer counted"
    assert "Alain Aval" in people(open_session(agent), q="alain")


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("?fonction=famille:elus", "1 élu<"),
        ("?fonction=famille:technique", "2 personnes aux services techniques<"),
        ("?fonction=metier:secretaires", "Personne ne répond à ces critères<"),
        ("?q=aval&fonction=famille:technique", "2 personnes aux services techniques pour « aval »<"),
    ],
)
def test_the_count_in_words(client: Client, query: str, title: str) -> None:
    assert f"<h2>{title}" in page(client, query)


@pytest.mark.parametrize(
    "query", ["", "?present=1", "?collectivite=bourg", "?fonction=famille:elus&collectivite=bourg"]
)
def test_a_short_cut_counts_what_it_shows(client: Client, distribution: Distribution, query: str) -> None:
    hidden = PosteFactory(collectivite=distribution.b, fonction=distribution.elue_b.postes.get().fonction).agent
    Agent.objects.filter(pk=hidden.pk).update(oppose_le=timezone.now())
    counted = [one for one in client.get(f"/annuaire/{query}").context["choix"].raccourcis if one.nombre]
    assert len(counted) >= 4
    for one in counted:
        assert client.get(one.url).context["personnes"].paginator.count == int(one.nombre), one


def test_words_are_not_read_twice_to_count_the_short_cuts(client: Client) -> None:
    assert {one.nombre for one in client.get("/annuaire/?q=aval").context["choix"].raccourcis} == {""}


def test_short_cuts_and_chips_change_one_thing_of_the_address(client: Client) -> None:
    choix = client.get("/annuaire/?q=aval&fonction=famille:technique&vue=liste").context["choix"]
    technique = next(one for one in choix.raccourcis if one.actif)
    assert (technique.libelle, technique.url) == ("Services techniques", "/annuaire/?q=aval&vue=liste")
    elus = next(one for one in choix.raccourcis if one.libelle == "Élus")
    assert elus.url == "/annuaire/?q=aval&fonction=famille%3Aelus&vue=liste"
    assert [(one.libelle, one.url) for one in choix.puces] == [
        ("«\u00a0aval\u00a0»", "/annuaire/?fonction=famille%3Atechnique&vue=liste")
    ]
    assert choix.requete() == "q=aval&fonction=famille%3Atechnique"


@pytest.mark.parametrize("query", ["?km=7", "?fonction=rien", "?collectivite=zzz", "?secteur=abc", "?role=%00"])
def test_a_filter_that_means_nothing_is_told_and_left_out(
    client: Client, distribution: Distribution, query: str
) -> None:
    Collectivite.objects.filter(pk=distribution.b.pk).update(latitude=47, longitude=5)
    response = client.get(f"/annuaire/{query}")
    assert "Un critère n’a pas été compris" in response.content.decode()
    assert response.context["personnes"].paginator.count == 8
    assert response.context["choix"].est_vide


def test_pages(client: Client, distribution: Distribution) -> None:
    crowd(distribution.a, 60)
    first = client.get("/annuaire/?fonction=essai-secretaire")
    assert len(first.context["personnes"].object_list) == 24
    assert "?fonction=essai-secretaire&amp;page=2" in first.content.decode()
    lines = client.get("/annuaire/?fonction=essai-secretaire&vue=liste")
    assert len(lines.context["personnes"].object_list) == 50
    for number in ("9999", "0", "x", "-3"):
        assert client.get(f"/annuaire/?page={number}").status_code == 200


def test_the_fragment_says_its_address(client: Client) -> None:
    response = client.get("/annuaire/?q=gisele&km=&fonction=", headers={"HX-Request": "true"})
    assert response["HX-Push-Url"] == "/annuaire/?q=gisele"
    assert "HX-Request" in response["Vary"]
    assert "<html" not in response.content.decode()


def test_the_two_forms_link_to_each_other_with_the_same_filters(client: Client) -> None:
    vues = client.get("/annuaire/?q=aval&vue=liste").context["choix"].vues
    assert [(nom, url, actif) for url, _, nom, actif in vues] == [
        ("Portraits", "/annuaire/?q=aval", False),
        ("Liste", "/annuaire/?q=aval&vue=liste", True),
        ("Carte", "/annuaire/carte/?q=aval", False),
    ]


@pytest.mark.parametrize(
    "url",
    [
        "/annuaire/",
        "/annuaire/?vue=liste",
        "/annuaire/?q=foule",
        "/annuaire/?fonction=famille:administratif&present=1&expertise=elections&collectivite=aval&secteur=1&km=10&q=a",
        "/annuaire/carte/?fonction=famille:administratif&present=1",
        "/annuaire/numeros/",
    ],
)
def test_as_many_queries_for_few_as_for_many(client: Client, distribution: Distribution, url: str) -> None:
    Secteur.objects.create(pk=1, nom="Secteur de la plaine")
    Collectivite.objects.filter(pk=distribution.b.pk).update(latitude=47, longitude=5)
    crowd(distribution.a, 2)
    client.get(url)
    few = queries(client, url)
    crowd(distribution.a, 60)
    for rank in range(20):
        place = CollectiviteFactory(latitude=47 + rank / 100, longitude=5)
        poste = PosteFactory(collectivite=place)
        knows(poste.agent, "elections")
    assert queries(client, url) <= max(few, 25)
    assert queries(client, url) <= 25


def test_someone_who_left_yesterday(client: Client, distribution: Distribution) -> None:
    Poste.objects.filter(agent=distribution.agent_a).update(date_fin=timezone.localdate() - timedelta(days=1))
    assert "Alain Aval" not in people(client)
