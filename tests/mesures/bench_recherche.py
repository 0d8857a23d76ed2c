"""`script/bench recherche`: complete answers of each engine beside bare FTS5, on 10 000 then 100 000 entries.

A complete answer is what the page needs: rights of the reader, exact total, five facets, ranking, twenty results with
their marks. Bare FTS5 gives twenty keys of all that there is. All are asked in turn, in rounds, so that what the
machine does meanwhile weighs on all alike. Durations are those of the clock; the work, in milliseconds of processor of
the process and of its database server, tells the same when others use the machine. BENCH_TAILLES gives other sizes, for
a try.
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
# Wagtail's own search takes an hour beyond.
STOCK = 10_000
MOST = {"SQLite": 1.0, "PostgreSQL": 4.0, "Elasticsearch": 1.0}
MOST_WITHOUT_PHRASES = {"PostgreSQL": 1.3}
MOST_UPDATE, MOST_FINDABLE = 5, 1000
MOST_SUGGEST = {"SQLite": 5, "PostgreSQL": 15, "Elasticsearch": 15}
# By engine and class: milliseconds of the clock, then of processor, of each answer.
Times = list[tuple[float, float]]
Durations = dict[str, dict[str, Times]]


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
            if size <= STOCK:
                yield from _stock(size, complete["SQLite"], queries)
    if len(SIZES) > 1:
        yield from _growth(answers[min(SIZES)], answers[max(SIZES)])


def clock(times: Times) -> list[float]:
    return [duration for duration, _ in times]


def work(times: Times) -> list[float]:
    return [duration for _, duration in times]


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
        for name, times in [*classes.items(), ("toutes", _all(classes))]:
            yield Figure(f"{size} entrées, {nom}, {name} : p50", median(clock(times)), "ms")
            yield Figure(f"{size} entrées, {nom}, {name} : p95", p95(clock(times)), "ms")
            yield Figure(f"{size} entrées, {nom}, {name} : travail p50", median(work(times)), "ms")
            yield Figure(f"{size} entrées, {nom}, {name} : travail p95", p95(work(times)), "ms")
    for nom in [nom for nom in found if nom != "nu"]:
        yield from _beside_bare(f"{size} entrées, {nom} ÷ nu", nom, found, strict=strict)


def _beside_bare(what: str, nom: str, found: Durations, *, strict: bool) -> Iterator[Figure]:
    """A cluster works in processes of its own: only its clock tells."""
    for but, said in {"": "toutes", "phrase": "sans les phrases"}.items():
        most = MOST[nom] if not but else MOST_WITHOUT_PHRASES.get(nom)
        ours, bare = _all(found[nom], but), _all(found["nu"], but)
        yield Figure(f"{what}, {said} : p50", median(clock(ours)) / median(clock(bare)), "fois")
        ratio = p95(clock(ours)) / p95(clock(bare))
        yield Figure(f"{what}, {said} : p95", ratio, "fois", most=most if strict else None)
        if nom != "Elasticsearch":
            ratio = p95(work(ours)) / p95(work(bare))
            yield Figure(f"{what}, {said} : travail p95", ratio, "fois", most=most if strict else None)


def _all(classes: dict[str, Times], but: str = "") -> Times:
    return list(chain.from_iterable(times for name, times in classes.items() if name != but))


def _suggestions(size: int, opened: dict[str, Engine], typed: list[str]) -> Iterator[Figure]:
    found: dict[str, Times] = {nom: [] for nom in opened}
    for start in range(0, len(typed), CHUNK):
        for nom, engine in opened.items():
            found[nom] += engine.ask("suggest", typed[start : start + CHUNK])
    for nom, times in found.items():
        yield from _absolute(f"{size} entrées, {nom}, suggestions", times, MOST_SUGGEST[nom])


def _absolute(what: str, times: Times, most: float) -> Iterator[Figure]:
    yield Figure(f"{what} : p50", median(clock(times)), "ms")
    yield Figure(f"{what} : p95", p95(clock(times)), "ms", most=most)
    yield Figure(f"{what} : travail p95", p95(work(times)), "ms")


def _updates(size: int, opened: dict[str, Engine]) -> Iterator[Figure]:
    for nom, engine in opened.items():
        times = engine.ask("update", UPDATES)
        yield Figure(f"{size} entrées, {nom}, une entrée récrite : p50", median(clock(times)), "ms")
        yield Figure(f"{size} entrées, {nom}, une entrée récrite : p95", p95(clock(times)), "ms", most=MOST_UPDATE)
        found = p95([later for _, later in times])
        yield Figure(f"{size} entrées, {nom}, récrite puis trouvée : p95", found, "ms", most=MOST_FINDABLE)


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


def _stock(size: int, engine: Engine, queries: dict[str, list[str]]) -> Iterator[Figure]:
    """Once each, in the same run: its slowest answers take longer than all of ours together."""
    asked = {name: queries[name][0] for name in ("mot fréquent", "mot moyen", "mot rare", "trois mots")}
    found = engine.ask("stock", size, list(asked.values()))
    for (name, query), (duration, total) in zip(asked.items(), found, strict=True):
        [(ours, _)] = engine.ask("search", [query])
        yield Figure(f"{size} entrées, {name}, recherche de Wagtail, {total} réponses", duration, "ms")
        yield Figure(f"{size} entrées, {name}, Wagtail ÷ SQLite", duration / ours, "fois")


def _growth(small: Durations, large: Durations) -> Iterator[Figure]:
    for nom in small:
        for said, of in {"p95": clock, "travail p95": work}.items():
            ratio = p95(of(_all(large[nom]))) / p95(of(_all(small[nom])))
            yield Figure(f"de {min(SIZES)} à {max(SIZES)} entrées, {nom} : {said}", ratio, "fois")
