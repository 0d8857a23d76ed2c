"""A real cluster of three nodes, killed one then all while people search and write; then one that never answers.

Everything is real: entries are written as the site writes them, `manage.py veille` sends them, nodes die by kill -9. An
answer has failed when it is an error or when its total is wrong; it is « simplifiée » when the database gave it in the
place of the cluster.
"""

import io
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

from extranet.lib.apports import Entree
from search.chercher import Reponse, chercher
from search.engines import moteur, moteur_de_base
from search.engines.base import Demande, MoteurInjoignable, Terme
from search.engines.elastic import ElasticMoteur
from search.indexation import write
from search.lecteur import Lecteur
from search.models import SearchAudience, SearchOutbox
from search.poids import Lieux
from tests.mesures import Figure
from tests.mesures.recherche.corpus import Corpus

ENTRIES, SEARCHES, WRITES, UPDATES, FINDABLE = 3_000, 2_000, 500, 1_000, 60
THREADS, PATIENCE = 4, 300
SCRIPT = str(Path(settings.BASE_DIR) / "script" / "elasticsearch")
# Beside the installation of the trial, which is made anew each time; the cluster is not fetched each time.
CACHE = Path(settings.DATA_DIR).parent
WORDS = ("délibération", "arrêté voirie", "eau", "convention", "budget", "école", "marché public", "urbanisme")


def figures() -> Iterator[Figure]:
    url = cluster("start", "3").rpartition("/")[0] + "/epreuve"
    try:
        yield Figure(f"base : {connection.vendor}, entrées", ENTRIES)
        settings.SEARCH_URL = url
        patient().indexes.delete_all()
        fill()
        with veille():
            yield from told_at_once(findable())
            yield from told_at_once(one_node_killed())
            yield from told_at_once(all_nodes_killed())
        yield from told_at_once(mute())
        settings.SEARCH_URL = url
        patient().indexes.delete_all()
    finally:
        cluster("stop", "3")


def told_at_once(found: Iterator[Figure]) -> Iterator[Figure]:
    """It lasts minutes: what is known is said."""
    for figure in found:
        print(f"{figure.name} : {figure.value:.3g} {figure.unit}", file=sys.stderr)
        yield figure


def findable() -> Iterator[Figure]:
    """From the commit to the answer of the cluster, `veille` doing what it does."""
    delays = []
    for n in range(FINDABLE):
        began = time.monotonic()
        write([mark(n)])
        wait(lambda n=n: _held(f"epreuve{n}"), pause=0.01)
        delays.append(time.monotonic() - began)
    ranked = sorted(delays)
    yield Figure("un changement se trouve : médiane", ranked[len(ranked) // 2], "s", most=1)
    yield Figure("un changement se trouve : 95 fois sur 100 en", ranked[int(len(ranked) * 0.95)], "s", most=1)


def one_node_killed() -> Iterator[Figure]:
    """The node that holds the primary copy, at a third of the way."""
    crowd = Crowd()
    with crowd.searching(SEARCHES):
        for n in range(WRITES):
            if n == WRITES // 3:
                kill(primary())
            crowd.time_write(mark(n))
    yield from crowd.told("un nœud tué")
    restart()
    yield Figure("un nœud tué : changements perdus", moteur().check().total, "", most=0)


def all_nodes_killed() -> Iterator[Figure]:
    crowd = Crowd()
    with crowd.searching(SEARCHES // 4):
        for n in range(UPDATES):
            if n == 2 * UPDATES // 5:
                for node in (1, 2, 3):
                    kill(node)
            crowd.time_write(mark(n, "de retour"))
    yield from crowd.told("tous tués")
    yield Figure("tous tués : changements en attente", SearchOutbox.objects.count())
    began = time.monotonic()
    restart()
    yield Figure("tous tués : rattrapé après le lancement en", time.monotonic() - began, "s")
    yield Figure("tous tués : écarts avant réparation", moteur().check().total)
    call_command("search_check", "--repair", stdout=io.StringIO())
    yield Figure("tous tués : écarts après réparation", moteur().check().total, "", most=0)
    yield Figure("tous tués : écarts dans la base", moteur_de_base().check().total, "", most=0)


def mute() -> Iterator[Figure]:
    """Three servers that accept and never answer."""
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as two:
        settings.SEARCH_URL = f"elasticsearch://{','.join(_address(server) for server in (one, two))}/muet"
        first = Crowd()
        first.search(WORDS[0], expected(WORDS[0]))
        yield Figure("grappe muette : première réponse", first.slowest * 1000, "ms", most=1000)
        after = Crowd()
        for word, total in list(totals().items()) * 5:
            after.search(word, total)
        yield Figure("grappe muette : la plus lente des suivantes", after.slowest * 1000, "ms", most=400)
        yield Figure("grappe muette : réponses fausses", first.failed + after.failed, "", most=0)


@dataclass
class Crowd:
    """People who search while somebody writes, and what they saw."""

    answers: list[float] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)
    failed: int = 0
    simplified: int = 0
    errors: list[str] = field(default_factory=list)

    @property
    def slowest(self) -> float:
        return max(self.answers)

    def search(self, word: str, total: int) -> None:
        began, answer = time.monotonic(), None
        try:
            answer = chercher(word, reader())
        except Exception as error:  # whatever it is, somebody saw it
            self.errors.append(repr(error))
        self.answers.append(time.monotonic() - began)
        self.failed += _has_failed(answer, total)
        self.simplified += bool(answer and answer.simplifiee)

    @contextmanager
    def searching(self, number: int) -> Iterator[None]:
        """At least `number` searches, and as long as the block lasts."""
        known, done = totals(), threading.Event()

        def run() -> None:
            for n, (word, total) in enumerate(cycle(known.items())):
                if n >= number / THREADS and done.is_set():
                    break
                self.search(word, total)
            connections.close_all()

        threads = [threading.Thread(target=run) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            done.set()
            for thread in threads:
                thread.join()

    def time_write(self, entree: Entree) -> None:
        began = time.monotonic()
        write([entree])
        self.writes.append(time.monotonic() - began)

    def told(self, name: str) -> Iterator[Figure]:
        yield Figure(f"{name} : recherches", len(self.answers))
        yield Figure(f"{name} : réponses en échec", self.failed, "", most=0)
        yield Figure(f"{name} : réponses simplifiées", self.simplified)
        yield Figure(f"{name} : la plus lente", self.slowest * 1000, "ms")
        yield Figure(f"{name} : plus lentes qu’une seconde", sum(one > 1 for one in self.answers))
        yield Figure(f"{name} : écritures", len(self.writes))
        yield Figure(f"{name} : l’écriture la plus lente", max(self.writes) * 1000, "ms")
        for error in self.errors[:3]:
            print(error, file=sys.stderr)


def _has_failed(answer: Reponse | None, total: int) -> bool:
    if answer is not None and (answer.total, len(answer.rangs)) == (total, min(total, 500)):
        return False
    print(f"attendu {total}, reçu {answer and (answer.total, len(answer.rangs), answer.simplifiee)}", file=sys.stderr)
    return True


def mark(n: int, title: str = "Repère") -> Entree:
    """An entry that none of WORDS finds."""
    words = f"epreuve{n} " + "lorem ipsum " * 200
    return Entree(kind="repere", pk=n, titre=f"{title} {n}", url=f"/repere/{n}/", texte=words, codes=("toutes",))


def fill() -> None:
    lot: list[Entree] = []
    for entree in Corpus(ENTRIES).entrees():
        lot.append(entree)
        if len(lot) == 200:
            write(lot)
            lot = []
    write(lot)
    call_command("search_rebuild", stderr=io.StringIO(), stdout=io.StringIO())
    SearchOutbox.objects.all().delete()


def reader() -> Lecteur:
    return Lecteur(frozenset(SearchAudience.objects.values_list("pk", flat=True)), frozenset(), Lieux())


def totals() -> dict[str, int]:
    return {word: expected(word) for word in WORDS}


def expected(word: str) -> int:
    """What the engine of the database finds."""
    url, settings.SEARCH_URL = settings.SEARCH_URL, ""
    try:
        return chercher(word, reader()).total
    finally:
        settings.SEARCH_URL = url


def _held(word: str) -> bool:
    """The cluster finds it, and the outbox does not keep it from readers any more."""
    demande = Demande(((Terme((word,)),),), reader().audiences)
    try:
        found = moteur().reparti.search(demande).rangs
    except MoteurInjoignable:
        return False
    return bool(found) and not SearchOutbox.objects.filter(entree=found[0][0]).exists()


def patient() -> ElasticMoteur:
    return ElasticMoteur(settings.SEARCH_URL, 10)


def cluster(*args: str) -> str:
    environment = os.environ | {"DATA_DIR": str(CACHE)}
    return subprocess.run(
        [SCRIPT, *args], env=environment, stdout=subprocess.PIPE, text=True, check=True
    ).stdout.strip()


def primary() -> int:
    """The number of the node that takes the writes."""
    engine = patient()
    shards = engine.client.cat.shards(index=engine.indexes.behind(engine.adresse.nom), format="json")
    return next(int(one["node"].removeprefix("n")) for one in shards if one["prirep"] == "p")


def kill(node: int) -> None:
    places = (CACHE / "elasticsearch", *Path("/tmp").glob("extranet-elasticsearch-*"))
    (pid,) = [path for place in places if (path := place / "grappe3" / f"n{node}" / "pid").exists()]
    os.kill(int(pid.read_text()), signal.SIGKILL)


def restart() -> None:
    """What is missing comes back, and everything that waited leaves."""
    cluster("start", "3")
    wait(lambda: not SearchOutbox.objects.exists() and moteur().reparti.health().ok)
    moteur().disjoncteur.close()


@contextmanager
def veille() -> Iterator[None]:
    environment = os.environ | {"SEARCH_URL": settings.SEARCH_URL, "LOG_LEVEL": "ERROR"}
    process = subprocess.Popen([sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "veille"], env=environment)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=60)


def wait(condition: Callable[[], bool], pause: float = 0.1) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            left = SearchOutbox.objects.count()
            raise RuntimeError(f"Rien n’est venu en {PATIENCE} s : {left} changement(s) en attente.")
        time.sleep(pause)


def _address(server: socket.socket) -> str:
    return f"127.0.0.1:{server.getsockname()[1]}"
