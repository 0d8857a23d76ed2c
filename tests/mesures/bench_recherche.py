"""`script/bench recherche`: complete answers of each engine beside bare FTS5, on 10 000 then 100 000 entries.

A complete answer is what the page needs: rights of the reader, exact total, five facets, ranking, twenty results with
their marks. Bare FTS5 gives twenty keys of all that there is. All are asked in turn, in rounds, so that what the
machine does meanwhile weighs on all alike. BENCH_TAILLES gives other sizes, for a try.
"""

import os
import random
from collections.abc import Iterator
from itertools import chain
from statistics import median, quantiles

from tests.mesures import Figure
from tests.mesures.recherche.corpus import COMMUNES, RESEAUX, SEED
from tests.mesures.recherche.postes import Engine, engines
from tests.mesures.recherche.requetes import debuts, requetes

SIZES = tuple(map(int, os.environ.get("BENCH_TAILLES", "10000,100000").split(",")))
ROUNDS, CHUNK, UPDATES, PAIRS = 3, 6, 100, 200
MOST = {"SQLite": 1.0, "PostgreSQL": 4.0, "Elasticsearch": 1.0}
MOST_SUGGEST = {"SQLite": 5, "PostgreSQL": 15, "Elasticsearch": 15}
Durations = dict[str, dict[str, list[float]]]


def figures() -> Iterator[Figure]:
    queries, answers = requetes(), {}
    for size in SIZES:
        with engines(size) as opened:
            yield from _built(size, opened)
            answers[size] = _searched(opened, queries)
            yield from _answers(size, answers[size], strict=size == max(SIZES))
            complete = {nom: engine for nom, engine in opened.items() if nom != "nu"}
            yield from _suggestions(size, complete, debuts(queries))
            yield from _updates(size, complete)
            yield from _same_totals(size, complete, queries)
    if len(SIZES) > 1:
        yield from _growth(answers[min(SIZES)], answers[max(SIZES)])


def p95(durations: list[float]) -> float:
    return quantiles(durations, n=20)[-1]


def _built(size: int, opened: dict[str, Engine]) -> Iterator[Figure]:
    """One after the other: two that write at once would slow each other."""
    for nom, engine in opened.items():
        built = engine.ask("prepare", size)
        if nom != "nu" and built["secondes"]:
            yield Figure(f"{size} entrées, {nom} : écriture", size / built["secondes"], "entrées/s")
        if nom != "nu":
            yield Figure(f"{size} entrées, {nom} : taille de l’index", built["octets"] / 1e6, "Mo")


def _searched(opened: dict[str, Engine], queries: dict[str, list[str]]) -> Durations:
    found: Durations = {nom: {name: [] for name in queries} for nom in opened}
    for engine in opened.values():
        engine.ask("search", [some[0] for some in queries.values()])
    for _ in range(ROUNDS):
        for name, some in queries.items():
            for start in range(0, len(some), CHUNK):
                for nom, engine in opened.items():
                    found[nom][name] += engine.ask("search", some[start : start + CHUNK])
    return found


def _answers(size: int, found: Durations, *, strict: bool) -> Iterator[Figure]:
    for nom, classes in found.items():
        for name, durations in classes.items():
            yield Figure(f"{size} entrées, {nom}, {name} : p50", median(durations), "ms")
            yield Figure(f"{size} entrées, {nom}, {name} : p95", p95(durations), "ms")
    bare = _all(found["nu"])
    for nom, classes in found.items():
        every = _all(classes)
        yield Figure(f"{size} entrées, {nom}, toutes : p50", median(every), "ms")
        yield Figure(f"{size} entrées, {nom}, toutes : p95", p95(every), "ms")
        if nom == "nu":
            continue
        yield Figure(f"{size} entrées, {nom} ÷ nu, toutes : p50", median(every) / median(bare), "fois")
        most = MOST[nom] if strict else None
        yield Figure(f"{size} entrées, {nom} ÷ nu, toutes : p95", p95(every) / p95(bare), "fois", most=most)
        without = p95(_all(classes, "phrase")) / p95(_all(found["nu"], "phrase"))
        most = 1.3 if strict and nom == "PostgreSQL" else None
        yield Figure(f"{size} entrées, {nom} ÷ nu, sans les phrases : p95", without, "fois", most=most)


def _all(classes: dict[str, list[float]], but: str = "") -> list[float]:
    return list(chain.from_iterable(durations for name, durations in classes.items() if name != but))


def _suggestions(size: int, opened: dict[str, Engine], typed: list[str]) -> Iterator[Figure]:
    found: dict[str, list[float]] = {nom: [] for nom in opened}
    for start in range(0, len(typed), CHUNK):
        for nom, engine in opened.items():
            found[nom] += engine.ask("suggest", typed[start : start + CHUNK])
    for nom, durations in found.items():
        yield Figure(f"{size} entrées, {nom}, suggestions : p50", median(durations), "ms")
        yield Figure(f"{size} entrées, {nom}, suggestions : p95", p95(durations), "ms", most=MOST_SUGGEST[nom])


def _updates(size: int, opened: dict[str, Engine]) -> Iterator[Figure]:
    for nom, engine in opened.items():
        durations = engine.ask("update", UPDATES)
        yield Figure(f"{size} entrées, {nom}, une entrée récrite : p95", p95(durations), "ms", most=5)


def _same_totals(size: int, opened: dict[str, Engine], queries: dict[str, list[str]]) -> Iterator[Figure]:
    """Random queries for random readers."""
    dice, every = random.Random(SEED), list(chain.from_iterable(queries.values()))
    pairs = [(dice.choice(every), _codes(dice)) for _ in range(PAIRS)]
    found = [engine.ask("totals", pairs) for engine in opened.values()]
    if len(found) > 1:
        apart = sum(len(set(totals)) > 1 for totals in zip(*found, strict=True))
        yield Figure(f"{size} entrées : totaux qui diffèrent entre moteurs, sur {PAIRS}", apart, "", most=0)
        yield Figure(f"{size} entrées : totaux non nuls, sur {PAIRS}", sum(map(bool, found[0])), "", least=PAIRS / 2)


def _codes(dice: random.Random) -> list[str]:
    some = [f"c:{dice.randint(1, COMMUNES)}" for _ in range(dice.randint(0, 3))]
    return [*some, f"r:{dice.randint(1, RESEAUX)}", *(["toutes"] if dice.random() < 0.9 else [])]


def _growth(small: Durations, large: Durations) -> Iterator[Figure]:
    for nom in small:
        ratio = p95(_all(large[nom])) / p95(_all(small[nom]))
        yield Figure(f"de {min(SIZES)} à {max(SIZES)} entrées, {nom} : p95", ratio, "fois")
