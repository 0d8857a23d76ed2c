"""Frequent searches: counted without the person, shown to those who may find something."""

from datetime import date

import pytest
from django.utils import timezone

from search import frequences
from search.analyse.requete import Requete, lire
from search.models import EmpreinteRecherche, RechercheDuMois
from search.synonymes import in_force
from tests.collectivites.factories import AgentFactory
from tests.distribution import Distribution
from tests.search.factories import give, reader

pytestmark = pytest.mark.django_db


def asked(text: str) -> Requete:
    return lire(text, in_force())


def search(text: str, accounts: int, total: int = 1) -> None:
    for _ in range(accounts):
        frequences.note(AgentFactory(), asked(text), total)


def one() -> RechercheDuMois:
    return RechercheDuMois.objects.get()


def test_the_same_words_are_one_search_and_an_account_counts_once() -> None:
    agent = AgentFactory()
    for text in ("Carte d’identité", "carte d'identite", "CARTE IDENTITÉ"):
        frequences.note(agent, asked(text), 3)
    frequences.note(AgentFactory(), asked("carte identité"), 0)
    assert (one().requete, one().nombre, one().comptes, one().sans_resultat) == ("Carte d’identité", 4, 2, 1)


def test_no_fingerprint_links_two_searches_of_an_account() -> None:
    agent = AgentFactory()
    frequences.note(agent, asked("cimetière"), 1)
    frequences.note(agent, asked("cantine"), 1)
    marks = EmpreinteRecherche.objects.values_list("empreinte", flat=True)
    assert len(set(marks)) == 2
    assert all(len(mark) == 64 for mark in marks)


@pytest.mark.parametrize(
    "text",
    [
        "odile@foucherans.example",
        "06 12 34 56 78",
        "+33.6.12.34.56.78",
        "1 84 12 76 451 089 46",
        "né le 12/03/1984",
        "",
    ],
)
def test_private_data_are_not_kept(text: str) -> None:
    frequences.note(AgentFactory(), asked(text), 0)
    assert not RechercheDuMois.objects.exists()


@pytest.mark.parametrize("text", ['"marie dupont"', "pacs -dupont", "dup*", "mot " * 60])
def test_what_is_not_plain_words_is_not_kept(text: str) -> None:
    frequences.note(AgentFactory(), asked(text), 0)
    assert not RechercheDuMois.objects.exists()


@pytest.mark.parametrize("text", ["Cerfa 14023*01", "L2121-7", "délibération 2026"])
def test_references_are_kept(text: str) -> None:
    frequences.note(AgentFactory(), asked(text), 0)
    assert one().nombre == 1


def test_what_is_shown_holds_only_words_that_all_typed() -> None:
    """A word that the analysis does not read, typed by the first one only, is not said to the others."""
    frequences.note(AgentFactory(), asked("cimetière секрет 🙂"), 1)
    assert one().requete == one().cle == "cimetiere"


def test_clicks_never_outnumber_searches() -> None:
    agent = AgentFactory()
    frequences.note_click(agent, asked("cantine"))
    frequences.note(agent, asked("cantine"), 2)
    for _ in range(3):
        frequences.note_click(agent, asked("cantine"))
    assert one().clics == 1


def test_frequent_ones_need_five_accounts_and_something_to_find(distribution: Distribution) -> None:
    give("Règlement du cimetière")
    give("Bail secret", codes=("elus",))
    search("règlement cimetière", 5)
    search("règlement cantine", 5)
    search("règlement du bail", 5)
    search("règlement", 4)
    for text, expected in {"règl": ["règlement cimetière"], "reglement c": ["règlement cimetière"], "c": []}.items():
        assert frequences.frequent(text, reader(distribution.agent_a), 3) == expected
    assert frequences.frequent("règl", reader(None), 3) == []
    assert frequences.frequent("  ", reader(distribution.agent_a), 3) == []


def test_a_search_that_one_account_repeats_is_never_shown(distribution: Distribution) -> None:
    give("Règlement du cimetière")
    agent = AgentFactory()
    for _ in range(30):
        frequences.note(agent, asked("règlement cimetière"), 1)
    assert frequences.frequent("règl", reader(distribution.agent_a), 3) == []


def test_the_most_frequent_come_first(distribution: Distribution) -> None:
    give("Règlement du cimetière et de la cantine")
    search("règlement cantine", 5)
    search("règlement cimetière", 7)
    assert frequences.frequent("rè", reader(distribution.agent_a), 5) == ["règlement cimetière", "règlement cantine"]
    assert frequences.frequent("rè", reader(distribution.agent_a), 1) == ["règlement cimetière"]


def test_fingerprints_end_with_the_month_and_counts_with_the_year() -> None:
    this = frequences.month_of(timezone.localdate())
    for shift in (-13, -12, -1, 0):
        search("cantine", 2)
        RechercheDuMois.objects.filter(mois=this, requete="cantine").update(
            mois=frequences.month_of(this, shift), requete="déplacée"
        )
    frequences.purge()
    kept = RechercheDuMois.objects.values_list("mois", flat=True)
    assert set(kept) == {frequences.month_of(this, shift) for shift in (0, -1, -12)}
    assert EmpreinteRecherche.objects.count() == 2


def test_months() -> None:
    assert frequences.month_of(date(2026, 1, 31), -1) == date(2025, 12, 1)
    assert frequences.month_of(date(2026, 12, 5), 1) == date(2027, 1, 1)
