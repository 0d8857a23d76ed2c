"""Counts, filters, rights and pages, the same on every engine."""

from datetime import date, timedelta

import pytest

from search.analyse.mots import racine
from search.engines.base import PROFONDEUR, Demande, Terme
from search.enums import FACETTES, Tri
from search.models import SearchAudience, SearchEntry
from tests.search.factories import lecteur

WORD = ((Terme((racine("voirie"),)),),)
ROWS = [
    ("fiche", "Voirie", "Arrêté", "Aval", 2024),
    ("fiche", "Voirie", "Arrêté", "Aval", 2025),
    ("fiche", "Voirie", "Note", "Bourg", 2025),
    ("fiche", "Eau", "Note", "Bourg", 2025),
    ("actualite", "Eau", "", "", None),
    ("actualite", "", "", "Aval", 2024),
]


@pytest.fixture
def rows(banc):
    for n, (kind, theme, type_, commune, annee) in enumerate(ROWS, 1):
        banc.give(f"Voirie {n}", kind=kind, theme=theme, type=type_, commune=commune, annee=annee, pk=n)
    banc.give("Autre chose", kind="fiche", theme="Voisinage", commune="Aval", pk=99)
    return banc


def brute(filtres: dict[str, set[str]]) -> tuple[int, dict[str, dict[str, int]]]:
    told = [dict(zip(FACETTES, (*row[:4], str(row[4] or "")), strict=True)) for row in ROWS]
    facettes: dict[str, dict[str, int]] = {}
    for name in FACETTES:
        others = [row for row in told if all(row[f] in kept for f, kept in filtres.items() if f != name)]
        values = {row[name] for row in others} - {""}
        facettes[name] = {value: sum(row[name] == value for row in others) for value in values}
    return sum(all(row[f] in kept for f, kept in filtres.items()) for row in told), facettes


@pytest.mark.parametrize(
    "filtres",
    [
        {},
        {"theme": {"Voirie"}},
        {"theme": {"Voirie", "Eau"}},
        {"theme": {"Voirie"}, "annee": {"2025"}},
        {"kind": {"fiche"}, "commune": {"Aval", "Bourg"}, "annee": {"2024"}},
        {"type": {"Note"}, "theme": {"Eau"}},
        {"theme": {"Inconnu"}},
        {"theme": {"Voirie"}, "commune": {"Inconnue"}},
        {"kind": {"actualite"}, "theme": {"Voirie"}},
    ],
)
def test_a_facet_ignores_its_own_filter_and_no_other(rows, filtres):
    kept = {name: frozenset(values) for name, values in filtres.items()}
    found = rows.search(Demande(WORD, lecteur("toutes").audiences, filtres=kept))
    assert (found.total, found.facettes) == brute(filtres)
    assert len(found.rangs) == found.total
    assert rows.search(Demande(WORD, lecteur("toutes").audiences, filtres=kept, tri=Tri.DATE)).total == found.total


def test_an_empty_filter_is_none(rows):
    assert rows.search(Demande(WORD, lecteur("toutes").audiences, filtres={"theme": frozenset()})).total == len(ROWS)


def test_without_a_word_all_that_may_be_read_is_counted(rows):
    found = rows.search(Demande((), lecteur("toutes").audiences, filtres={"commune": frozenset(["Aval"])}))
    assert found.total == len(found.rangs) == 4
    assert found.facettes["commune"] == {"Aval": 4, "Bourg": 2}
    assert found.facettes["theme"] == {"Voirie": 2, "Voisinage": 1}


def test_nobody_finds_anything_without_an_audience(rows):
    nothing = rows.search(Demande(WORD, frozenset()))
    assert (nothing.rangs, nothing.total, nothing.facettes) == ([], 0, {})
    assert rows.search(Demande((), frozenset())).total == 0
    assert rows.moteur.suggest(WORD, frozenset(), frozenset(), 8) == []
    assert rows.find("voirie", lecteur()) == set()


def test_each_reader_finds_counts_and_is_suggested_their_own(banc):
    banc.give("Voirie pour tous", theme="Voirie", codes=("toutes",))
    banc.give("Voirie d’Aval", theme="Aval", codes=("c:1", "epci"))
    banc.give("Voirie de Bourg", theme="Bourg", codes=("c:2",))
    banc.give("Voirie de personne", theme="Personne", codes=())
    for codes, expected in {
        ("c:1",): {"Voirie d’Aval"},
        ("toutes", "c:1"): {"Voirie pour tous", "Voirie d’Aval"},
        ("toutes", "c:2", "r:3"): {"Voirie pour tous", "Voirie de Bourg"},
        ("epci", "c:2"): {"Voirie d’Aval", "Voirie de Bourg"},
        ("r:3",): set(),
    }.items():
        who = lecteur(*codes)
        assert banc.find("voirie", who) == expected
        reponse = banc.ask("voirie", who)
        assert sum(reponse.facettes.get("theme", {}).values()) == len(expected)
        suggested = banc.moteur.suggest(((Terme(("voi",), debut=True),),), who.audiences, frozenset(), 8)
        assert {SearchEntry.objects.get(pk=key).titre for key in suggested} == expected
        assert banc.moteur.count(Demande(WORD, who.audiences), 10) == len(expected)


def test_an_audience_that_changes_counts_at_once(banc):
    banc.give("Voirie secrète", codes=("c:1",), pk=1)
    assert banc.find("voirie", lecteur("c:2")) == set()
    banc.give("Voirie secrète", codes=("c:2",), pk=1)
    assert banc.find("voirie", lecteur("c:2")) == {"Voirie secrète"}
    assert banc.find("voirie", lecteur("c:1")) == set()


def test_what_is_left_out_by_key_is_neither_found_nor_counted_nor_suggested(rows):
    audiences = lecteur("toutes").audiences
    first = rows.search(Demande(WORD, audiences)).rangs[0][0]
    sans = frozenset([first, 10**12])
    found = rows.search(Demande(WORD, audiences, sans=sans))
    assert found.total == len(ROWS) - 1
    assert first not in dict(found.rangs)
    assert sum(found.facettes["kind"].values()) == len(ROWS) - 1
    assert rows.moteur.count(Demande(WORD, audiences, sans=sans), 100) == len(ROWS) - 1
    debuts = ((Terme(("voiri",), debut=True),),)
    assert first not in rows.moteur.suggest(debuts, audiences, sans, 20)
    assert len(rows.moteur.suggest(debuts, audiences, sans, 20)) == len(ROWS) - 1
    assert rows.search(Demande((), audiences, sans=sans)).total == len(ROWS)


def test_suggestions_want_all_the_beginnings_in_the_title(banc):
    banc.give("Location de la salle des fêtes", "tarif")
    banc.give("Salle du conseil", "location")
    banc.give("Écoles", "salle")
    audiences = lecteur("toutes").audiences

    def suggested(*starts: str) -> list[str]:
        debuts = tuple((Terme((start,), debut=True),) for start in starts)
        keys = banc.moteur.suggest(debuts, audiences, frozenset(), 8)
        return [SearchEntry.objects.get(pk=key).titre for key in keys]

    assert set(suggested("sal")) == {"Location de la salle des fêtes", "Salle du conseil"}
    assert suggested("loc", "sal") == ["Location de la salle des fêtes"]
    assert suggested("eco") == ["Écoles"]
    assert suggested("tar") == []
    assert len(banc.moteur.suggest(((Terme(("s",), debut=True),),), audiences, frozenset(), 1)) == 1


def test_pages_lose_nothing_and_repeat_nothing(banc):
    """25 pages of 20, on more results than a page may reach, and on many that weigh the same."""
    day = date(2026, 1, 1)
    for n in range(PROFONDEUR + 40):
        banc.give("Voirie communale", f"Voirie {n % 3}", date=day + timedelta(days=n % 7), pk=n + 1)
    for tri in Tri:
        reponse = banc.ask("voirie", tri=tri)
        assert reponse.total == PROFONDEUR + 40
        assert len(reponse.rangs) == len(set(reponse.rangs)) == PROFONDEUR
        again = banc.ask("voirie", tri=tri).rangs
        pages = [again[start : start + 20] for start in range(0, PROFONDEUR, 20)]
        assert [key for page in pages for key in page] == reponse.rangs
    dates = dict(SearchEntry.objects.values_list("pk", "date"))
    by_date = banc.ask("voirie", tri=Tri.DATE).rangs
    assert by_date == sorted(by_date, key=lambda key: (dates[key], key), reverse=True)


def test_a_value_of_a_facet_may_be_any_text(banc):
    odd = ["L’eau, « l’assainissement » & les déchets", "😀", "漢字", "a' OR 1=1", "x" * 120]
    for n, theme in enumerate(odd, 1):
        banc.give(f"Voirie {n}", theme=theme, pk=n)
    found = banc.search(Demande(WORD, lecteur("toutes").audiences))
    assert found.facettes["theme"] == dict.fromkeys(odd, 1)
    for theme in odd:
        kept = {"theme": frozenset([theme])}
        assert banc.search(Demande(WORD, lecteur("toutes").audiences, filtres=kept)).total == 1
    assert SearchAudience.objects.filter(entrees__kind="essai").distinct().count() == 1
