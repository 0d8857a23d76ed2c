"""10 000 attempts on six sessions, 16 processes on SQLite then 50 on PostgreSQL: nobody is promised what there is not.

Book for one or several, withdraw, replace, give or refuse a visa, take an offer, change the number of seats; then the
faults are counted from the rows, and by `verifier_inscriptions`. Then 2 000 bookings while the processes that make them
are killed (SIGKILL) and begin again: what was shown as confirmed is written, and nothing is half-made.
EPREUVE_POSTGRES names a server where a database may be made; EPREUVE_TENTATIVES and EPREUVE_FOULE give other numbers.
"""

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings

from tests.mesures import Figure

ATTEMPTS = int(os.environ.get("EPREUVE_TENTATIVES", "10000"))
CROWD = int(os.environ.get("EPREUVE_FOULE", "2000"))
PEOPLE, BOOKERS, KILLS = 240, 8, 40
GRAINE = 20261123
MANAGE = str(Path(settings.BASE_DIR) / "manage.py")
WORK = [sys.executable, "-m", "tests.epreuves._inscriptions"]
BASE = "epreuve_formations"

DONE = {
    "places": "places données",
    "rangs": "rangs donnés",
    "retraits": "désistements",
    "remplaces": "remplacements",
    "visas": "visas donnés ou refusés",
    "offres": "places proposées acceptées",
    "capacites": "nombres de places changés",
    "refuses": "refusées, avec la raison",
    "occupes": "pas servies après trois essais, redemandées",
}
NEVER = {
    "au_dela": "places au-delà du nombre",
    "quotas": "places au-delà d’un quota",
    "deux_fois": "personnes deux fois dans une session",
    "deux_endroits": "personnes à deux endroits à la fois",
    "perdues": "réponses montrées et perdues",
    "demi_journees": "demi-journées mal tenues",
    **{code: f"verifier_inscriptions, {code}" for code in ("I1", "I2", "I3", "I4", "I6", "I7")},
    "I5": "promotions hors de leur tour, rangs en double",
}


def figures() -> Iterator[Figure]:
    with TemporaryDirectory() as folder:
        yield from _on("SQLite", 16, {"DATABASE_URL": "", "DATA_DIR": folder}, Path(folder))
    server = os.environ.get("EPREUVE_POSTGRES")
    if server:
        with TemporaryDirectory() as folder:
            yield from _on("PostgreSQL", 50, {"DATABASE_URL": _database(server)}, Path(folder))


def _on(engine: str, processes: int, environment: dict[str, str], folder: Path) -> Iterator[Figure]:
    environment = os.environ | environment | {"LOG_LEVEL": "ERROR"}
    for command in ("migrate", "createcachetable", "installer"):
        subprocess.run([sys.executable, MANAGE, command, "--verbosity", "0"], env=environment, check=True)
    yield from _any_acts(engine, processes, environment, folder)
    yield from _killed(engine, environment, folder)


def _any_acts(engine: str, processes: int, environment: dict[str, str], folder: Path) -> Iterator[Figure]:
    _run(environment, "prepare", PEOPLE, CROWD)
    began = time.perf_counter()
    each = -(-ATTEMPTS // processes)
    shares = [_start(environment, "play", n, each, stdout=subprocess.PIPE) for n in range(processes)]
    told = [json.loads(share.communicate()[0] or "{}") for share in shares]
    elapsed = time.perf_counter() - began
    total = sum((Counter(one.get("compte", {})) for one in told), start=Counter())
    shown = folder / "dit.json"
    shown.write_text(json.dumps([line for one in told for line in one.get("dit", [])]), encoding="utf-8")
    found = _run(environment, "count", shown)
    yield Figure(f"{engine}, {processes} processus : tentatives", each * processes)
    yield Figure(f"{engine} : répondues", total["repondus"] + total["erreurs"], "", least=each * processes)
    yield Figure(f"{engine} : tentatives par seconde", each * processes / elapsed)
    for name, words in DONE.items():
        yield Figure(f"{engine} : {words}", total[name])
    yield Figure(f"{engine} : erreurs", total["erreurs"] + sum(not one for one in told), "", most=0)
    for name, words in NEVER.items():
        yield Figure(f"{engine} : {words}", found[name], "", most=0)


def _killed(engine: str, environment: dict[str, str], folder: Path) -> Iterator[Figure]:
    """Each process killed is replaced by another one on the same share, until all of them have ended by themselves."""
    dice, killed = random.Random(GRAINE), 0
    paths = [str(folder / f"montre-{n}") for n in range(BOOKERS)]

    def start(n: int) -> subprocess.Popen:
        return _start(environment, "book", n, BOOKERS, paths[n], stdout=subprocess.DEVNULL)

    running = {n: start(n) for n in range(BOOKERS)}
    while running:
        time.sleep(0.2)
        for n, process in list(running.items()):
            if process.poll() == 0:
                del running[n]
            elif process.poll() is not None:
                running[n] = start(n)
        # One that has begun to show, so that a booking is what is cut.
        busy = [n for n in running if running[n].poll() is None and Path(paths[n]).exists()]
        if busy and killed < KILLS:
            running[dice.choice(busy)].kill()
            killed += 1
    found = _run(environment, "seats", *paths)
    yield Figure(f"{engine} : processus tués pendant les réservations", killed, "", least=min(5, KILLS))
    yield Figure(f"{engine} : réservations montrées", found["montrees"])
    yield Figure(f"{engine} : écrites sans avoir été montrées", found["places"] - found["montrees"])
    yield Figure(f"{engine} : montrées et absentes", found["perdues"], "", most=0)
    yield Figure(f"{engine} : personnes placées", found["personnes"], "", least=CROWD)
    yield Figure(f"{engine} : places en trop", found["places"] - CROWD, "", most=0)
    yield Figure(f"{engine} : rien à moitié, écarts", found["ecarts"], "", most=0)


def _start(environment: dict[str, str], act: str, *args: object, stdout: int) -> subprocess.Popen:
    return subprocess.Popen([*WORK, act, *map(str, args)], env=environment, stdout=stdout, text=True)


def _run(environment: dict[str, str], act: str, *args: object) -> dict:
    command = [*WORK, act, *map(str, args)]
    return json.loads(subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout)


def _database(server: str) -> str:
    """The address of an empty database of that server."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {BASE} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {BASE}")
    return urlunsplit(urlsplit(server)._replace(path=f"/{BASE}"))
