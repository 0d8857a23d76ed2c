"""`script/bench materiel`: what is free among 10 000 things and a million loans, by the real code and by bare SQL.

The figure is the processor time of the process and of its database server, since the machine is shared; ours and the
bare statement are asked in turn. The history is told twice, with a tenth of it then whole: nothing of it should weigh.
BENCH_MATERIELS and BENCH_PRETS give other sizes, for a try. Works on the database of DATABASE_URL, else on SQLite.
"""

import os
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from collectivites.models import Agent
from extranet.lib.demi_journees import DemiJournee, Moment
from materiel.disponibilite import availability, only_free
from materiel.models import Engagement, Materiel, Occupation, Pret
from materiel.registre import release, take
from materiel.verification import differences
from tests.mesures import Figure
from tests.mesures.accounts import accounts
from tests.mesures.materiel.fabrique import make_late, make_loans, make_things

THINGS = int(os.environ.get("BENCH_MATERIELS", "10000"))
LOANS = int(os.environ.get("BENCH_PRETS", "1000000"))
ROUNDS, PAGE, UNITS = 15, 24, 1
DAYS = (3, 14, 60)
BARE = {
    "sqlite": "SELECT count(*) FROM materiel_materiel m WHERE m.stock >= %s AND m.id NOT IN (SELECT o.materiel_id "
    "FROM materiel_occupation o WHERE o.creneau BETWEEN %s AND %s AND o.stock - o.pris - o.retard < %s)",
    "postgresql": "SELECT count(*) FROM materiel_materiel m WHERE m.stock >= %s AND NOT EXISTS (SELECT 1 "
    "FROM materiel_occupation o WHERE o.materiel_id = m.id AND o.creneau BETWEEN %s AND %s "
    "AND o.stock - o.pris - o.retard < %s)",
}


def figures() -> Iterator[Figure]:
    each = max(1, LOANS // THINGS)
    tenth = max(1, each // 10)
    if not Pret.objects.filter(numero__startswith="v").exists():
        make_things(THINGS)
        make_loans(tenth, future=True)
        make_late()
        _settle()
    agent = accounts()["secretaire"]
    yield Figure(f"base : {connection.vendor}, matériels", Materiel.objects.count())
    yield Figure("prêts à venir, lignes du registre", Occupation.objects.count())
    young = {}
    if Pret.objects.count() < THINGS * each:
        yield Figure("prêts, le dixième", Pret.objects.count())
        young = {days: _cpu(lambda days=days: board(agent, days), ROUNDS) for days in DAYS}
        make_loans(each, future=False, sauf=tenth)
        _settle()
    yield Figure("prêts en tout", Pret.objects.count())
    yield from _searched(agent, young)
    yield from _written()
    began = time.process_time()
    wrong = differences()
    yield Figure("verifier_registre : processeur", time.process_time() - began, "s")
    yield Figure("verifier_registre : différences", len(wrong), "", most=0)


def _settle() -> None:
    """As a server that has run for a while has it."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def period(days: int) -> tuple[DemiJournee, DemiJournee]:
    """In three weeks: where the ledger is full."""
    first = timezone.localdate() + timedelta(days=21)
    return DemiJournee(first, Moment.MATIN), DemiJournee(first + timedelta(days=days - 1), Moment.APRES_MIDI)


def board(agent: Agent, days: int) -> int:
    """What a search of the board asks: how many are free for this reader, the first page, and how each one stands."""
    debut, fin = period(days)
    found = only_free(Materiel.objects.visible_to(agent), debut, fin, UNITS)
    total = found.count()
    first = list(found.order_by("page__title", "pk").values_list("pk", flat=True)[:PAGE])
    page = list(Materiel.objects.filter(pk__in=first).for_list())
    if not all(one.suffit(UNITS) for one in availability(page, debut, fin, UNITS).values()):
        raise RuntimeError("La liste montre ce qui n’est pas libre.")
    return total


def real(days: int) -> QuerySet[Materiel]:
    return only_free(Materiel.objects.all(), *period(days), UNITS)


def bare(days: int) -> int:
    debut, fin = period(days)
    with connection.cursor() as cursor:
        cursor.execute(BARE[connection.vendor], [UNITS, debut.index, fin.index, UNITS])
        return cursor.fetchone()[0]


def _searched(agent: Agent, young: dict[int, float]) -> Iterator[Figure]:
    for days in DAYS:
        times: dict[str, list[float]] = {"nu": [], "filtre": [], "tableau": []}
        for _ in range(ROUNDS):
            times["nu"].append(_cpu(lambda days=days: bare(days)))
            times["filtre"].append(_cpu(lambda days=days: real(days).count()))
            times["tableau"].append(_cpu(lambda days=days: board(agent, days)))
        least = median(times["nu"])
        yield Figure(f"{days} jours : libres selon le SQL nu", bare(days))
        yield Figure(f"{days} jours : libres une fois comptés les jours gardés après", real(days).count())
        yield Figure(f"{days} jours : SQL nu", least, "ms")
        yield Figure(f"{days} jours : filtre du code", median(times["filtre"]), "ms")
        yield Figure(f"{days} jours : filtre du code face au SQL nu", median(times["filtre"]) / least, "fois", most=2)
        yield Figure(f"{days} jours : recherche entière (rights, total, page, raisons)", median(times["tableau"]), "ms")
        if young:
            ratio = median(times["tableau"]) / young[days]
            yield Figure(f"{days} jours : un million de prêts face à cent mille", ratio, "fois", most=1.2)


def _written() -> Iterator[Figure]:
    """An acceptance of three days and its giving back, on things that are free then."""
    debut, fin = period(3)
    free = Materiel.objects.filter(pk__in=real(3).values_list("pk", flat=True)[:200])
    pret = Pret.objects.filter(numero__startswith="v").first()
    took: dict[str, list[float]] = {"accorder": [], "rendre": []}
    for thing in free:
        one = Engagement(materiel=thing, nature="pret", pret=pret, quantite=1, debut=debut.index, fin=fin.index)
        took["accorder"].append(_cpu(lambda one=one: take(one)))
        took["rendre"].append(_cpu(lambda one=one: release(one)))
        one.delete()
    for name, times in took.items():
        yield Figure(f"registre, {name} trois jours : médiane", median(times), "ms")


def _cpu(act: Callable[[], object], rounds: int = 1) -> float:
    """Median milliseconds of processor, of this process and of the server behind it."""
    times = []
    for _ in range(rounds):
        began = _spent()
        act()
        times.append((_spent() - began) * 1000)
    return median(times)


def _spent() -> float:
    own = time.process_time()
    if connection.vendor == "sqlite":
        return own
    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    return own + int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9
