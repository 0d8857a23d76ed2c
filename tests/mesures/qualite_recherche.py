"""`script/bench recherche --qualite`: is the right answer among the first five, by family of queries, on each engine?

With the synonyms that are delivered, then without any. The first line of each family gives the share of its queries
that are answered, the second the mean of 1 ÷ place of the first good answer.
"""

from collections.abc import Iterator
from itertools import groupby
from statistics import mean

from tests.mesures import Figure
from tests.mesures.recherche.postes import engines

SIZE, FIRST = 10_000, 5
PLANTED, REAL = 95, 85
Ranks = list[tuple[str, str, int]]


def figures() -> Iterator[Figure]:
    with engines(SIZE, bare=False) as opened:
        for nom, engine in opened.items():
            engine.ask("prepare", SIZE)
            yield from _told(f"plantées dans {SIZE}, {nom}", engine.ask("planted"), PLANTED)
    with engines("fiches", bare=False) as opened:
        for nom, engine in opened.items():
            yield from _told(f"fiches réelles, {nom}", engine.ask("real"), REAL)


def _told(what: str, found: dict[str, Ranks], least: int) -> Iterator[Figure]:
    for how, ranks in found.items():
        for famille, some in groupby(sorted(ranks), key=lambda rank: rank[0]):
            yield Figure(f"{what}, {how} synonymes, {famille} : rappel à 5", *_recall(list(some)))
        target = least if how == "avec" else None
        value, unit = _recall(ranks)
        yield Figure(f"{what}, {how} synonymes, toutes : rappel à 5", value, unit, least=target)
        yield Figure(f"{what}, {how} synonymes, toutes : MRR", mean(1 / rank if rank else 0 for *_, rank in ranks))
        missed = [query for _, query, rank in sorted(ranks) if not 0 < rank <= FIRST]
        print(f"{what}, {how} synonymes, sans bonne réponse parmi {FIRST} : {', '.join(missed) or 'aucune'}")


def _recall(ranks: Ranks) -> tuple[float, str]:
    return 100 * sum(0 < rank <= FIRST for *_, rank in ranks) / len(ranks), "%"
