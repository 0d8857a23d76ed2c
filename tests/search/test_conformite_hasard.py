"""Whatever the entries, the reader and the question, an engine finds what a reading of all of them finds."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.engines.base import Demande, Groupe, Terme
from search.enums import Tri
from tests.search.conftest import Banc
from tests.search.factories import lecteur

CODES = ("toutes", "c:1", "c:2", "r:1", "elus")
# Roots that are their own, so that what is written is what is compared.
WORDS = ("plu", "dpo", "a1", "a12", "b7", "2026", "20")
THEMES = ("", "Eau", "Voirie")


@dataclass(frozen=True)
class Row:
    titre: tuple[str, ...]
    corps: tuple[str, ...]
    codes: frozenset[str]
    theme: str


words = st.lists(st.sampled_from(WORDS), max_size=6).map(tuple)
termes = st.builds(
    Terme, st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(tuple), st.sampled_from([False, False, True])
)
groupes = st.lists(termes, min_size=1, max_size=2).map(tuple)
codes = st.frozensets(st.sampled_from(CODES), max_size=3)
rows = st.builds(Row, words.filter(bool), words, codes, st.sampled_from(THEMES))


@given(
    corpus=st.lists(rows, max_size=8),
    asked=st.lists(groupes, max_size=3).map(tuple),
    exclus=st.lists(termes, max_size=1).map(tuple),
    minimum=st.integers(0, 3),
    held=codes,
    themes=st.frozensets(st.sampled_from([*THEMES, "Inconnu"]), max_size=2),
    tri=st.sampled_from(list(Tri)),
)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_engine_finds_what_brute_force_finds(banc, corpus, asked, exclus, minimum, held, themes, tri):
    with _forgotten(banc) as keys, transaction.atomic():
        for n, row in enumerate(corpus, 1):
            entry = banc.give(
                " ".join(row.titre), " ".join(row.corps), codes=tuple(row.codes), theme=row.theme, kind="k", pk=n
            )
            keys[entry.pk] = row
        filtres = {"theme": themes} if themes else {}
        demande = Demande(asked, lecteur(*held).audiences, exclus, filtres, minimum=minimum, tri=tri)
        found = banc.search(demande)
        expected = {pk: row for pk, row in keys.items() if held & row.codes and _matches(row, asked, exclus, minimum)}
        kept = {pk for pk, row in expected.items() if not themes or row.theme in themes}
        if held & set().union(*(row.codes for row in corpus)):
            themes_found = {row.theme for row in expected.values()} - {""}
            counted = {theme: sum(row.theme == theme for row in expected.values()) for theme in themes_found}
            assert found.facettes["theme"] == counted
        assert {key for key, _ in found.rangs} == kept
        assert len(found.rangs) == found.total == len(kept)
        transaction.set_rollback(True)


@contextmanager
def _forgotten(banc: Banc) -> Iterator[dict[int, Row]]:
    """The entries of an example, gone after it even if it failed: a cluster takes no part in transactions."""
    keys: dict[int, Row] = {}
    try:
        yield keys
    finally:
        banc.forget(list(keys))


def _matches(row: Row, asked: tuple[Groupe, ...], exclus: Groupe, minimum: int) -> bool:
    fields = (row.titre, (row.theme.lower(), *row.corps))
    held = [any(_held(terme, fields) for terme in groupe) for groupe in asked]
    least = minimum if 0 < minimum < len(asked) else len(asked)
    return sum(held) >= least and not any(_held(terme, fields) for terme in exclus)


def _held(terme: Terme, fields: tuple[tuple[str, ...], ...]) -> bool:
    """The words of a term follow one another inside the title, or inside the text."""
    size = len(terme.racines)
    for field in fields:
        for at in range(len(field) - size + 1):
            *begin, last = field[at : at + size]
            ends = last.startswith(terme.racines[-1]) if terme.debut else last == terme.racines[-1]
            if tuple(begin) == terme.racines[:-1] and ends:
                return True
    return False
