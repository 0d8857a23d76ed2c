"""What is offered while one types: eight lines at most, that lead where they say."""

import re
from datetime import date

import pytest
from django.utils import timezone

from collectivites.models import Agent, Theme
from search.frequences import COMPTES, month_of
from search.models import RechercheDuMois
from search.suggerer import LIGNES, bold
from tests.distribution import Distribution
from tests.search.ecran import FICHE, lines, suggestions
from tests.search.factories import give
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(distribution: Distribution) -> Agent:
    return distribution.agent_a


@pytest.mark.parametrize("text", ["", "a", " z ", "'", "…", "« »", "\x00", "🙂"])
def test_nothing_under_two_letters(text: str, agent: Agent):
    assert suggestions(agent, text) == ""


@pytest.mark.parametrize(
    "typed", ["reglem", "RÈGLEM", "règlements", "reglement ci", "cimetiere regl", "le règlement du cim", "  règlem"]
)
def test_titles_by_the_beginnings_of_their_words(typed: str, agent: Agent):
    give("Règlement du cimetière", kind=FICHE)
    assert "Règlement du cimetière" in lines(suggestions(agent, typed))


@pytest.mark.parametrize("typed", ["glement", "reglement zz", "zz reglement"])
def test_all_that_is_typed_is_wanted(typed: str, agent: Agent):
    give("Règlement du cimetière", kind=FICHE)
    assert lines(suggestions(agent, typed)) == [f"Chercher « {typed} » partout"]


def test_each_line_leads_where_it_says(agent: Agent):
    Theme.objects.get_or_create(nom="Règles d’urbanisme", defaults={"slug": "regles-durbanisme"})
    give("Règlement", kind=FICHE, url="/essai/reglement/", theme="Règles d’urbanisme")
    html = suggestions(agent, "regle")
    assert re.findall(r'href="([^"]*)"><', html) == [
        "/essai/reglement/",
        "/recherche/?theme=R%C3%A8gles+d%E2%80%99urbanisme",
        "/recherche/?q=regle",
    ]


def test_a_person_with_the_telephone(distribution: Distribution):
    poste = distribution.secretaire_b.postes.get()
    poste.telephone = "0199001122"
    poste.save()
    html = suggestions(distribution.agent_a, "simo")
    assert "SB Simone Bourg Bourg, 01 99 00 11 22" in lines(html)
    assert 'aria-label="Agents"' in html


def test_people_by_their_work_those_of_ones_commune_first(distribution: Distribution):
    for who, label in ((distribution.secretaire_b, "Archiviste"), (distribution.secretaire_a, "Archiviste")):
        poste = who.postes.first()
        poste.intitule = label
        poste.save()
    found = lines(suggestions(distribution.agent_a, "archivi"))
    assert [line.split(" Archi")[0] for line in found[:2]] == ["SA Sylvie Aval", "SB Simone Bourg"]
    assert "Archiviste" in found[0]


def test_eight_lines_at_most_and_people_among_them(distribution: Distribution):
    for n in range(20):
        give(f"Simone et la fiche {n}", kind=FICHE)
    found = lines(suggestions(distribution.agent_a, "simon"))
    assert len(found) == LIGNES
    assert any("Simone Bourg" in line for line in found)
    assert found[-1] == "Chercher « simon » partout"


def test_frequent_searches_that_give_something(agent: Agent):
    give("Concession au cimetière", kind=FICHE)
    for text in ("concession cimetiere", "concession introuvable"):
        RechercheDuMois.objects.create(
            mois=month_of(timezone.localdate()), cle=text, requete=text, nombre=COMPTES, comptes=COMPTES
        )
    html = suggestions(agent, "concess")
    assert 'href="/recherche/?q=concession+cimetiere"' in html
    assert "introuvable" not in html


def test_without_poste_only_what_is_for_all_accounts(distribution: Distribution):
    give("Pour les communes", kind=FICHE)
    give("Pour les comptes", kind=FICHE, codes=("comptes",))
    assert lines(suggestions(distribution.sans_poste, "pour les")) == [
        "Pour les comptes",
        "Chercher « pour les » partout",
    ]


def test_what_is_typed_and_found_is_escaped(agent: Agent):
    give("<u>Gras</u> & Cie", kind=FICHE, commune="<i>x</i>")
    html = open_session(agent).get("/recherche/suggestions/", {"q": "<script>gras"}).content.decode()
    assert "<script>" not in html
    html = open_session(agent).get("/recherche/suggestions/", {"q": "gras"}).content.decode()
    assert "&lt;u&gt;<b>Gras</b>&lt;/u&gt; &amp; Cie" in html
    assert "<i>" not in html
    assert bold("<u>Gras</u> d’Œuvre", ["gra", "oeuv"]) == "&lt;u&gt;<b>Gras</b>&lt;/u&gt; d’<b>Œuvre</b>"


@pytest.mark.parametrize(
    "text", ["x" * 10_000, "mot " * 3000, '"', "a AND OR NOT b", "règl*", "(((", "a\x00b", "-mot", "''''"]
)
def test_anything_may_be_typed(text: str, agent: Agent):
    give("Mot", kind=FICHE, date=date(2026, 1, 1))
    suggestions(agent, text)
