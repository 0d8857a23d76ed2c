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
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collectivites.models import Agent
from extranet.lib.demi_journees import DemiJournee, Moment
from materiel.adresses import BOARD
from materiel.contrats.conventions import draw
from materiel.enums import TypeConvention
from materiel.models import Convention, Engagement, Materiel, Occupation, Pret
from materiel.registre import release, take
from materiel.registre.disponibilite import availability, only_free
from materiel.registre.verification import differences
from materiel.vitrine.filtres import Choix
from materiel.vitrine.selection import distances_from, select
from tests.mesures import Figure
from tests.mesures.accounts import accounts
from tests.mesures.materiel.fabrique import make_late, make_loans, make_things
from tests.sessions import open_session

THINGS = int(os.environ.get("BENCH_MATERIELS", "10000"))
LOANS = int(os.environ.get("BENCH_PRETS", "1000000"))
ROUNDS, UNITS = 15, 1
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
    yield from _page(agent)
    yield from _written()
    yield from _drawn()
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
    """What a search of the board asks: how many are free for this reader, the nearest twelve, and how each stands."""
    debut, fin = period(days)
    place = agent.postes_en_cours[0].collectivite
    choix = Choix(debut=debut, fin=fin, combien=UNITS, libres=True)
    found = select(choix, agent, distances_from(place))
    if not all(one.suffit(UNITS) for one in availability(found.materiels, debut, fin, UNITS).values()):
        raise RuntimeError("La liste montre ce qui n’est pas libre.")
    return found.libres


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


def _page(agent: Agent) -> Iterator[Figure]:
    """The board as it is answered, three days asked for, at its second visit."""
    debut, fin = period(3)
    client = open_session(agent, Client(headers={"host": "localhost"}))
    address = f"{BOARD}?du={debut.date}&au={fin.date}"
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} : {answer.status_code}")
    yield Figure("tableau, une recherche : requêtes", len(captured), "", most=25)
    yield Figure("tableau, une recherche : page", _cpu(lambda: client.get(address), ROUNDS), "ms")


def _drawn() -> Iterator[Figure]:
    """The longest convention of the demonstration, another number each time: nothing of it is kept."""
    papers = Convention.objects.filter(type=TypeConvention.PRET)
    longest = max(papers, key=lambda one: len(one.donnees["articles"]))
    times = []
    for n in range(ROUNDS):
        longest.donnees = longest.donnees | {"numero": f"2000-{n}"}
        began = time.perf_counter()
        draw(longest)
        times.append((time.perf_counter() - began) * 1000)
    yield Figure("convention : articles", len(longest.donnees["articles"]))
    yield Figure("convention en PDF : médiane", median(times), "ms", most=150)


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
