"""Search of the admin: whatever is typed, an answer, and soon."""

import time

import pytest
from django.db import connection
from modelsearch.backends.database import SearchBackend as shipped_backend
from modelsearch.query import And, Boost, Fuzzy, MatchAll, Not, Or, Phrase, PlainText
from wagtail.models import Collection

from extranet.lib.moteur_admin import SearchBackend
from ressources.models import DocumentPrive
from tests.distribution import Distribution
from tests.ressources.factories import DocumentFactory
from tests.sessions import open_session

pytestmark = pytest.mark.django_db

HOSTILE = [
    '5" tuyau',
    '"',
    '""',
    "\x00",
    "a\x00b",
    "   ",
    "-",
    "--",
    "*",
    "'",
    "\\",
    ":",
    "()",
    "{body}",
    "NEAR(",
    "%s %",
    "🚰",
]
HOSTILE += ["note:tuyau", "titre AND", "OR", "NOT", "x" * 10_000, "mot " * 500]


def titles(query: object, **options: object) -> list[str]:
    return [document.title for document in SearchBackend({}).search(query, DocumentPrive, **options)]


@pytest.fixture
def documents(db: None) -> None:
    for title in (
        "Règlement du cimetière",
        "Contrat de la balayeuse",
        "Contrats d’assurance et règlement intérieur",
        "L’urbanisme en cinq fiches",
    ):
        DocumentFactory(title=title)


@pytest.mark.parametrize("query", HOSTILE)
@pytest.mark.parametrize("address", ["/admin/documents/", "/admin/images/", "/admin/pages/search/", "/admin/agents/"])
def test_whatever_is_typed_is_answered(distribution: Distribution, documents: None, address: str, query: str) -> None:
    assert open_session(distribution.administrateur).get(address, {"q": query}).status_code == 200


@pytest.mark.parametrize("query", HOSTILE)
@pytest.mark.parametrize("verb", ["search", "autocomplete"])
def test_whatever_is_searched_is_answered(documents: None, verb: str, query: str) -> None:
    results = getattr(SearchBackend({}), verb)(query, DocumentPrive)
    assert results.count() == len(list(results))


def test_words_are_found_in_their_order_of_worth(documents: None) -> None:
    assert titles("balayeuse") == ["Contrat de la balayeuse"]
    assert set(titles("règlement")) == {"Règlement du cimetière", "Contrats d’assurance et règlement intérieur"}
    assert titles("règlement cimetière") == ["Règlement du cimetière"]
    assert titles("l'urbanisme") == titles("urbanisme") == ["L’urbanisme en cinq fiches"]
    assert titles("absent") == []


def test_the_beginning_of_a_word_is_enough_while_typing(documents: None) -> None:
    found = SearchBackend({}).autocomplete("balay", DocumentPrive)
    assert [document.title for document in found] == ["Contrat de la balayeuse"]
    assert titles("balay") == []


@pytest.mark.parametrize(
    ("query", "count"),
    [
        (PlainText("balayeuse cimetière", operator="or"), 2),
        (Phrase("règlement intérieur"), 1),
        (Phrase('""'), 0),
        (And([PlainText("règlement"), PlainText("cimetière")]), 1),
        (And([PlainText("règlement"), PlainText("  ")]), 2),
        (And([PlainText("règlement"), Not(PlainText("cimetière"))]), 1),
        (Or([PlainText("balayeuse"), PlainText("cimetière")]), 2),
        (Or([PlainText("balayeuse"), MatchAll()]), 4),
        (Not(PlainText("règlement")), 2),
        (Not(PlainText('"')), 4),
        (Boost(PlainText("balayeuse"), 2), 1),
        (Fuzzy("balayeuse"), 1),
        (MatchAll(), 4),
    ],
    ids=repr,
)
def test_what_wagtail_asks(documents: None, query: object, count: int) -> None:
    results = SearchBackend({}).search(query, DocumentPrive)
    assert results.count() == count
    assert len(list(results)) == count


def test_pages_of_answers_do_not_overlap(documents: None) -> None:
    results = SearchBackend({}).search("règlement", DocumentPrive)
    first, second = list(results[:1]), list(results[1:2])
    assert [*first, *second] == list(results)
    assert list(results[2:]) == []
    assert results[0] == first[0]


def test_the_filters_of_the_list_hold(documents: None) -> None:
    other = Collection.get_first_root_node().add_child(name="Paie")
    hidden = DocumentFactory(title="Règlement de la paie", collection=other)
    found = SearchBackend({}).search("règlement", DocumentPrive.objects.exclude(collection=other))
    assert hidden not in list(found)
    assert found.count() == 2
    ordered = SearchBackend({}).search("règlement", DocumentPrive.objects.order_by("title"), order_by_relevance=False)
    assert [d.title for d in ordered] == sorted(d.title for d in ordered)
    assert found.facet("collection_id") == {documents_collection(): 2}


def documents_collection() -> int:
    return DocumentPrive.objects.exclude(collection__name="Paie").first().collection_id


def test_a_score_is_given_when_asked(documents: None) -> None:
    found = list(SearchBackend({}).search("règlement", DocumentPrive).annotate_score("note"))
    assert len(found) == 2
    assert found[0].note >= found[1].note


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL n’a pas ce défaut")
def test_time_does_not_grow_with_the_square_of_the_answers(documents: None) -> None:
    """The small sibling of `script/bench admin`: as shipped, 400 answers already take ten times as long."""
    collection = Collection.get_first_root_node()
    rows = [
        DocumentPrive(title=f"Arrêté de voirie {n}", file=f"documents/{n}.pdf", collection=collection)
        for n in range(400)
    ]
    SearchBackend({}).add_bulk(DocumentPrive, DocumentPrive.objects.bulk_create(rows))
    times = {}
    for name, backend in (("mended", SearchBackend({})), ("shipped", shipped_backend({}))):
        runs = []
        for _ in range(3):
            start = time.perf_counter()
            assert len(list(backend.search("voirie", DocumentPrive)[:20])) == 20
            runs.append(time.perf_counter() - start)
        times[name] = min(runs)
    assert times["mended"] * 4 < times["shipped"]


@pytest.mark.postgres
def test_french_words_and_their_index_on_postgresql(documents: None) -> None:
    assert len(titles("contrat")) == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_indexes WHERE indexname = 'extranet_indexentry_title_body'")
        assert cursor.fetchone()
