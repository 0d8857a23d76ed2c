"""What is written, changed and removed: an index never lags nor keeps anything."""

from dataclasses import replace

import pytest
from django.db import connection, transaction

from search.analyse.mots import racine
from search.engines import moteur_de_base
from search.engines.base import Demande, Terme
from search.indexation import texte_of, textes
from search.models import SearchEntry
from tests.search.factories import give, lecteur


def test_an_entry_is_found_as_it_was_last_written(banc):
    banc.give("Salle des fêtes", "Location au week-end", pk=1, theme="Salles")
    banc.give("Gymnase", "Clés à la mairie", pk=1, theme="Sport")
    assert banc.find("salle") == banc.find("location") == set()
    assert banc.find("gymnase clés") == {"Gymnase"}
    assert banc.ask("gymnase").facettes["theme"] == {"Sport": 1}
    assert SearchEntry.objects.count() == 1


def test_what_is_removed_is_found_nowhere(banc):
    gone, kept = banc.give("Salle A", pk=1), banc.give("Salle B", pk=2)
    banc.forget([gone.pk, 10**12])
    banc.forget([])
    assert banc.find("salle") == {"Salle B"}
    debuts = ((Terme(("sal",), debut=True),),)
    assert banc.moteur.suggest(debuts, lecteur("toutes").audiences, frozenset(), 8) == [kept.pk]
    assert not banc.moteur.check()


def test_what_is_undone_was_never_found(db):
    """Of the database's own engine: a cluster is told after the commit."""
    give("Salle A", pk=1)
    with transaction.atomic():
        give("Gymnase", pk=1)
        give("Préau", pk=2)
        transaction.set_rollback(True)
    with transaction.atomic():
        SearchEntry.objects.all().delete()
        transaction.set_rollback(True)
    assert {word: _total(word) for word in ("salle", "gymnase", "preau")} == {"salle": 1, "gymnase": 0, "preau": 0}


def _total(word: str) -> int:
    return moteur_de_base().search(Demande(((Terme((racine(word),)),),), lecteur("toutes").audiences)).total


def test_the_check_tells_what_is_missing_outdated_and_left_over(banc):
    entries = [banc.give(f"Salle {n}", pk=n) for n in range(1, 6)]
    assert not banc.moteur.check()
    banc.moteur.remove([entries[0].pk])
    changed = replace(texte_of(entries[1]), version=entries[1].version + 1)
    banc.moteur.index([changed])
    ghost = replace(texte_of(entries[2]), pk=10**9)
    banc.moteur.index([ghost])
    found = banc.moteur.check()
    assert found.manquantes == [entries[0].pk]
    assert found.perimees == [entries[1].pk]
    assert found.fantomes == [10**9]
    assert found.total == 3


def test_an_index_made_anew_is_the_same_and_whole(banc):
    entries = [banc.give(f"Salle {n}", f"Texte {n}", pk=n, theme=f"Thème {n % 3}") for n in range(1, 8)]
    before = banc.ask("salle")
    banc.moteur.remove([entries[0].pk])
    banc.moteur.index([replace(texte_of(entries[2]), pk=10**9)])
    told = []
    banc.moteur.rebuild(textes, told.append)
    assert told[-1] == len(entries)
    after = banc.ask("salle")
    assert (after.rangs, after.total, after.facettes) == (before.rangs, before.total, before.facettes)
    assert not banc.moteur.check()
    assert banc.moteur.health().ok
    assert banc.moteur.health().entrees == len(entries)


def test_a_phrase_is_found_wherever_it_stands_in_a_long_text(banc):
    """Past the positions that PostgreSQL holds, 16 383 in all and 255 of a word."""
    filler = "le conseil de la commune de la vallée délibère " * 2_500
    text = f"premier alinéa {filler} second alinéa spécial {filler} dernier alinéa"
    banc.give("Long", text)
    banc.give("Court", "alinéa premier spécial second")
    for phrase in ("premier alinéa", "second alinéa", "second alinéa spécial", "dernier alinéa", "vallée délibère"):
        assert banc.find(f'"{phrase}"') == {"Long"}
    assert banc.find('"alinéa second"') == banc.find('"délibère second alinéa dernier"') == set()
    assert banc.find('alinéa -"second alinéa"') == {"Court"}
    assert banc.find("dernier alinea conseil") == {"Long"}


def test_a_text_of_words_that_are_all_different_is_no_error(banc):
    words = (f"m{n:x}q" for n in range(150_000))
    banc.give("Annexe", " ".join(words)[:1_000_000])
    assert banc.find("m1q annexe") == {"Annexe"}


def test_empty_texts_and_words_of_other_alphabets(banc):
    banc.give("漢字", "")
    banc.give("😀 Salle", "漢字 Ωμέγα")
    assert banc.find("salle") == {"😀 Salle"}
    assert banc.find("漢字") == set()
    assert not banc.moteur.check()


def test_the_index_goes_with_the_rows_whatever_removes_them(db):
    give("Salle A", pk=1), give("Salle B", pk=2)
    SearchEntry.objects.filter(objet=1).delete()
    assert _total("salle") == 1
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_searchentry")
    assert _total("salle") == 0
    assert not moteur_de_base().check()


@pytest.mark.postgres
def test_the_index_goes_with_a_table_that_is_emptied(db):
    give("Salle A", pk=1)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE search_searchentry CASCADE")
    assert _total("salle") == 0
    assert moteur_de_base().health().entrees == 0
