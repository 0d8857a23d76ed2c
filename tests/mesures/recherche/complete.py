"""The search of the project as a page uses it: what the measures call, in the process of each engine."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from extranet.lib.apports import Entree
from search.chercher import Reponse, chercher
from search.engines import est_reparti, moteur, moteur_de_base
from search.envoi import Envoi
from search.indexation import textes, write
from search.lecteur import Lecteur
from search.models import SearchAudience, SearchEntry, SearchTerm, Synonyme
from search.poids import Lieux
from search.suggerer import suggerer
from search.surlignage import Surligneur
from search.synonymes import deliver
from search.vocabulaire import recount
from tests.mesures.recherche.corpus import READER, Corpus

LOT, SHOWN = 500, 20
TABLES = {
    "sqlite": ("search_tout%", "search_titre%", "search_facette%", "search_valeur%"),
    "postgresql": ("search_vecteur", "search_titre", "search_valeur"),
}


def prepare(size: int) -> dict[str, float]:
    """Fills the database, then the cluster if this process has one; seconds of the writing, octets of the index."""
    call_command("migrate", verbosity=0)
    deliver()
    held, start = SearchEntry.objects.count(), time.perf_counter()
    if held != size:
        SearchEntry.objects.all().delete()
        entrees = Corpus(size).entrees()
        while lot := list(islice(entrees, LOT)):
            write(lot)
    elif est_reparti():
        moteur().rebuild(textes, lambda done: None)
    built = time.perf_counter() - start
    if not SearchTerm.objects.exists():
        recount()
    if held != size:
        moteur_de_base().tidy()
    return {"secondes": built if held != size or est_reparti() else 0, "octets": index_size()}


def index_size() -> int:
    """Octets of the index; of one copy, for a cluster."""
    if est_reparti():
        engine = moteur().reparti
        return engine.client.indices.stats(index=engine.adresse.nom, metric="store")["_all"]["primaries"]["store"][
            "size_in_bytes"
        ]
    tables = TABLES[connection.vendor]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT sum(pg_total_relation_size(c)) FROM unnest(%s::text[]) c", [list(tables)])
        else:
            like = " OR ".join(["name LIKE %s"] * len(tables))
            cursor.execute(f"SELECT sum(pgsize) FROM dbstat WHERE {like}", tables)
        return int(cursor.fetchone()[0])


def reader(codes: frozenset[str] = READER) -> Lecteur:
    """The queries of `Lecteur.of`, without the person."""
    audiences = SearchAudience.objects.filter(codes__croise=codes).values_list("pk", flat=True)
    hidden = SearchEntry.objects.out_of_time().values_list("pk", flat=True)
    return Lecteur(frozenset(audiences), frozenset(hidden), Lieux(frozenset(["Brevans"]), frozenset(["Courzans"])))


def answer(query: str) -> Reponse:
    """All that the page needs: rights, keys, total, facets, then twenty results with their marks."""
    reponse = chercher(query, reader())
    marker = Surligneur(reponse.requete.mots_cherches)
    keys = reponse.rangs[:SHOWN]
    rows = SearchEntry.objects.in_bulk(keys)
    shown = [(marker.titre(rows[key].titre), marker.extrait(rows[key].texte)) for key in keys]
    assert len(shown) == min(SHOWN, reponse.total), f"{query} : {len(shown)} montrés sur {reponse.total}"
    return reponse


def search(queries: list[str]) -> list[tuple[float, float]]:
    """Milliseconds of each complete answer, then of the processors for it."""
    return [_timed(answer, query) for query in queries]


def suggest(queries: list[str]) -> list[tuple[float, float]]:
    return [_timed(suggerer, query, reader()) for query in queries]


def update(number: int) -> list[tuple[float, float]]:
    """Milliseconds of the writing of one entry, committed, then those until it is found by what it has just learnt:
    none on the engines of a database, where the last figure is that of the question.
    """
    times = []
    for n, entree in enumerate(islice(Corpus(number).entrees(), number)):
        word = f"nouveaute{n}"
        changed = replace(entree, titre=f"{entree.titre} {word}"[-300:], date=entree.date + timedelta(days=1))
        written, _ = _timed(_write_one, changed)
        findable, _ = _timed(_find, word, ["toutes", *entree.codes])
        times.append((written, findable))
        write([entree])
    if est_reparti():
        Envoi().send_due()
    return times


def _find(word: str, codes: list[str]) -> None:
    if est_reparti():
        Envoi().send_due()
    found = answer_total(word, codes)
    assert found == 1, f"{word} : {found}"


def _write_one(entree: Entree) -> None:
    write([entree])


def answer_total(query: str, codes: list[str]) -> int:
    return chercher(query, reader(frozenset(codes)), exact=True).total


def totals(pairs: list[tuple[str, list[str]]]) -> list[int]:
    """Of each query for each reader; the engines must agree."""
    return [answer_total(query, codes) for query, codes in pairs]


def forget_synonyms() -> int:
    return Synonyme.objects.all().delete()[0]


def _timed(act: Callable, *args: object) -> tuple[float, float]:
    start, work = time.perf_counter(), _work()
    act(*args)
    return (time.perf_counter() - start) * 1000, (_work() - work) * 1000


def _work() -> float:
    """Seconds of processor that this process has had, with those of the server of the database that works for it."""
    if connection.vendor == "sqlite":
        return time.process_time()
    connection.ensure_connection()
    told = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return time.process_time() + (int(told.read_text().split()[0]) / 1e9 if told.exists() else 0)
