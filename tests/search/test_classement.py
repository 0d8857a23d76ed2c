"""The orders that the weights must give, on each engine: what one looks for stands before what merely speaks of it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from search.chercher import Reponse
from search.lecteur import Lecteur
from search.models import SearchEntry, Synonyme
from search.poids import Lieux
from tests.search.conftest import Banc
from tests.search.factories import lecteur, titles

pytestmark = pytest.mark.django_db

LONG = "Le maire rappelle les règles en vigueur et les démarches à suivre auprès du secrétariat. " * 6


@pytest.fixture(autouse=True)
def _others(banc: Banc) -> None:
    """What is not looked for: a word that every entry holds would weigh nothing."""
    for n in range(25):
        banc.give(f"Autre affaire {n}", LONG)


def order(banc: Banc, text: str, lieux: Lieux | None = None) -> list[str]:
    qui: Lecteur = replace(lecteur("toutes"), lieux=lieux or Lieux())
    answer: Reponse = banc.ask(text, qui)
    return titles(answer.rangs)


def day(years: float) -> date:
    return timezone.localdate() - timedelta(days=round(years * 365.25))


def communes(keys: list[int]) -> list[str]:
    known = SearchEntry.objects.in_bulk(keys)
    return [known[key].commune for key in keys]


def test_the_title_before_the_text(banc: Banc) -> None:
    banc.give("Règlement du cimetière", LONG)
    banc.give("Compte rendu de mars", LONG + "Le règlement du cimetière est adopté. Cimetière, règlement. " * 5)
    assert order(banc, "règlement cimetière") == ["Règlement du cimetière", "Compte rendu de mars"]


def test_the_title_that_is_the_search_before_all(banc: Banc) -> None:
    banc.give("Acte de naissance : qui peut le demander", LONG, date=day(0))
    banc.give("Acte de naissance", LONG, date=day(8))
    banc.give("Déclaration de naissance d’un enfant : acte et livret", LONG, date=day(0))
    assert order(banc, "acte de naissance")[0] == "Acte de naissance"


def test_words_of_grammar_do_not_part_a_title_from_its_search(banc: Banc) -> None:
    banc.give("Qu’est-ce qu’un marché public ?", LONG, date=day(9))
    banc.give("Marché public : publicité et délais", LONG, date=day(0))
    banc.give("Fournitures du marché public de denrées", LONG, date=day(0))
    assert order(banc, "qu'est ce qu'un marché public")[0] == "Qu’est-ce qu’un marché public ?"


def test_words_that_follow_one_another_before_words_apart(banc: Banc) -> None:
    banc.give("Permis accordé au propriétaire qui veut construire", LONG)
    banc.give("Le permis de construire en dix questions", LONG)
    assert order(banc, "permis de construire")[0] == "Le permis de construire en dix questions"


def test_the_sigle_then_titles_with_it_or_what_it_stands_for_then_texts(banc: Banc) -> None:
    Synonyme.objects.filter(expressions__startswith="CLECT").delete()
    Synonyme.objects.create(expressions="CLECT, commission locale d’évaluation des charges transférées")
    banc.give("Ordre du jour", LONG + "La CLECT se réunit. La CLECT rend son rapport. CLECT.")
    banc.give("Commission locale d’évaluation des charges transférées", LONG)
    banc.give("Réunion de la CLECT du 4 mai", LONG)
    banc.give("CLECT", LONG)
    assert order(banc, "clect") == [
        "CLECT",
        "Réunion de la CLECT du 4 mai",
        "Commission locale d’évaluation des charges transférées",
        "Ordre du jour",
    ]


def test_a_commune_by_its_name_before_its_people_and_its_news(banc: Banc) -> None:
    banc.give("Odile Vuillermet", "Secrétaire générale de mairie\nFoucherans", commune="Foucherans")
    banc.give("Travaux à Foucherans", LONG + "Foucherans.", commune="Foucherans", date=day(0))
    banc.give("Foucherans", "mairie", commune="Foucherans")
    assert order(banc, "foucherans")[0] == "Foucherans"


@pytest.mark.parametrize("titre", ["Convention de prêt", "Règlement intérieur de la salle"])
def test_own_commune_then_own_secteur_then_the_others(banc: Banc, titre: str) -> None:
    for commune in ("Chez nous", "Voisine", "Ailleurs"):  # the last written would come first
        banc.give(titre, LONG, commune=commune)
    lieux = Lieux(frozenset({"Chez nous"}), frozenset({"Chez nous", "Voisine"}))
    rangs = banc.ask(titre, replace(lecteur("toutes"), lieux=lieux)).rangs
    assert communes(rangs) == ["Chez nous", "Voisine", "Ailleurs"]


def test_own_commune_is_a_little_more_and_no_more(banc: Banc) -> None:
    """What is named so elsewhere stands before what speaks of it here."""
    banc.give("Compte rendu", LONG + "Le règlement du cimetière.", commune="Chez nous")
    banc.give("Règlement du cimetière", LONG, commune="Ailleurs")
    found = order(banc, "règlement du cimetière", Lieux(frozenset({"Chez nous"})))
    assert found == ["Règlement du cimetière", "Compte rendu"]


def test_up_to_date_before_outdated(banc: Banc) -> None:
    banc.give("Modèle de délibération : tarifs (2024)", LONG, boost=0.5, date=day(0))
    banc.give("Modèle de délibération : tarifs (2019)", LONG, date=day(6))
    assert order(banc, "modèle délibération tarifs")[0] == "Modèle de délibération : tarifs (2019)"


def test_official_before_a_neighbour_draft(banc: Banc) -> None:
    lieux = Lieux(frozenset(), frozenset({"Voisine"}))
    banc.give("Modèle d’arrêté de circulation", LONG, boost=1.15, commune="Intercommunalité", date=day(2))
    banc.give("Arrêté de circulation, modèle en projet", LONG, boost=0.8, commune="Voisine", date=day(0))
    assert order(banc, "modèle arrêté circulation", lieux)[0] == "Modèle d’arrêté de circulation"


def test_the_recent_first_among_equals(banc: Banc) -> None:
    for years in (9, 0.1, 3):
        banc.give(f"Budget de la commune, {years} an", LONG, date=day(years))
    found = order(banc, "budget commune")
    assert found == [f"Budget de la commune, {years} an" for years in (0.1, 3, 9)]


def test_recent_is_a_light_factor(banc: Banc) -> None:
    """A text of today that mentions a thing does not pass before the sheet of it, ten years old."""
    banc.give("Note du jour", LONG + "Le plan communal de sauvegarde.", date=day(0))
    banc.give("Plan communal de sauvegarde", LONG, date=day(10))
    assert order(banc, "plan communal de sauvegarde")[0] == "Plan communal de sauvegarde"


def test_an_old_date_is_never_less_than_no_date(banc: Banc) -> None:
    banc.give("Charte des usages", LONG, commune="Ancienne", date=day(60))
    banc.give("Charte des usages", LONG, commune="Nouvelle")
    assert communes(banc.ask("charte usages").rangs) == ["Nouvelle", "Ancienne"]
    banc.give("Charte des usages", LONG, commune="Vieille", date=day(12))
    assert communes(banc.ask("charte usages").rangs)[0] == "Vieille"


def test_ties_are_stable_and_go_to_the_newest(banc: Banc) -> None:
    keys = [banc.give("Fiche pratique", LONG).pk for _ in range(30)]
    first = banc.ask("fiche pratique").rangs
    assert first == sorted(keys, reverse=True)
    assert banc.ask("fiche pratique").rangs == first
