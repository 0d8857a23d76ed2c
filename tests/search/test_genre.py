"""A search among the entries of one kind, to its last result."""

from extranet.lib.apports import Entree
from search.chercher import chercher
from search.engines.base import PROFONDEUR
from search.indexation import write
from tests.distribution import Distribution
from tests.search.factories import give, learn_words, reader, titles


def test_all_the_keys_of_a_kind(distribution: Distribution) -> None:
    number = PROFONDEUR + 20
    write(
        [
            Entree(kind="modele", pk=n, titre=f"Bail rural {n}", url=f"/m/{n}/", codes=("toutes",), texte="fermage")
            for n in range(1, number + 1)
        ]
    )
    give("Bail d’une autre sorte", "fermage")
    who = reader(distribution.agent_a)
    assert len(chercher("fermage", who).rangs) == PROFONDEUR
    found = chercher("fermage", who, genre="modele", limite=10_000)
    assert (len(found.rangs), found.total) == (number, number)
    assert all(title.startswith("Bail rural") for title in titles(found.rangs))


def test_other_kinds_correct_nothing_and_are_offered_by_nothing(distribution: Distribution) -> None:
    give("Règlement du columbarium", kind="modele")
    give("La patinoire")
    learn_words()
    who = reader(distribution.agent_a)
    assert chercher("patinoire", who, genre="modele").total == 0
    assert chercher("patinore", who).corrigee_de == "patinore"
    assert chercher("patinore", who, genre="modele").corrigee_de == ""
    assert chercher("columbarim", who, genre="modele").corrigee_de == "columbarim"
    relaxed = chercher("columbarium licorne", who, genre="modele")
    assert relaxed.relachee
    assert titles(relaxed.rangs) == ["Règlement du columbarium"]
