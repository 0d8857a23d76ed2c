"""Booking a seat: 200 attempts on 12 seats, quota 4, 16 processes, three ways in turn, fifteen times, on both engines.

What is asked is the ratio of the full booking to the lean SQL transaction of the same run; the two statements are the
limit that nothing reaches. Then five hundred people at an opening (`inscription.foule`). BENCH_POSTGRES names a server
where a database may be made; BENCH_TOURS gives another number of turns.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings

from tests.mesures import Figure
from tests.mesures.inscription import foule

TURNS, PROCESSES = int(os.environ.get("BENCH_TOURS", "15")), 16
MANAGE = str(Path(settings.BASE_DIR) / "manage.py")
WORK = [sys.executable, "-m", "tests.mesures.inscription.poste"]
BASE = "bench_inscription"
WORDS = {"deux": "deux ordres SQL, la limite", "maigre": "cinq ordres SQL", "entier": "inscription entière"}

Moments = list[tuple[float, float]]


def figures() -> Iterator[Figure]:
    with TemporaryDirectory() as folder:
        yield from _on("SQLite", {"DATABASE_URL": "", "DATA_DIR": folder})
    server = os.environ.get("BENCH_POSTGRES")
    if server:
        yield from _on("PostgreSQL", {"DATABASE_URL": _database(server, BASE)})
        yield from foule.figures(_installed({"DATABASE_URL": _database(server, f"{BASE}_foule")}))


def _on(engine: str, environment: dict[str, str]) -> Iterator[Figure]:
    environment = _installed(environment)
    keys = json.loads(_output(environment, "prepare", str(TURNS + 1)))
    found: dict[str, list[Moments]] = {name: [] for name in WORDS}
    team = [
        subprocess.Popen([*WORK, str(n)], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for n in range(PROCESSES)
    ]
    try:
        for turn in range(TURNS + 1):
            for name in WORDS:
                moments = _round(team, name, keys[name][turn])
                if turn:  # the first opens the connections and loads the code
                    found[name].append(moments)
    finally:
        for one in team:
            one.stdin.close()
            one.wait(timeout=60)
    yield from _told(engine, found)
    yield Figure(f"{engine} : écarts relevés par verifier_inscriptions", _faults(environment, keys), "", most=0)


def _installed(environment: dict[str, str]) -> dict[str, str]:
    """The environment of the processes, once its database holds what `installer` makes."""
    environment = os.environ | environment | {"LOG_LEVEL": "ERROR"}
    for command in ("migrate", "createcachetable", "installer"):
        subprocess.run([sys.executable, MANAGE, command, "--verbosity", "0"], env=environment, check=True)
    return environment


def _round(team: list[subprocess.Popen], name: str, key: int) -> Moments:
    """All have read what they need before the first begins."""
    for one in team:
        one.stdin.write(f"{name} {key}\n")
        one.stdin.flush()
    for one in team:
        if one.stdout.readline().strip() != "prêt":
            raise RuntimeError("Un processus de la mesure s’est arrêté.")
    for one in team:
        one.stdin.write("go\n")
        one.stdin.flush()
    return [tuple(moment) for one in team for moment in json.loads(one.stdout.readline())]


def _told(engine: str, found: dict[str, list[Moments]]) -> Iterator[Figure]:
    rates = {}
    for name, words in WORDS.items():
        rounds = found[name]
        rates[name] = median(_rate(one) for one in rounds)
        times = sorted((end - began) * 1000 for one in rounds for began, end in one)
        yield Figure(f"{engine}, {words}", rates[name], "par seconde")
        yield Figure(f"{engine}, {words} : médiane", median(times), "ms")
        yield Figure(f"{engine}, {words} : p99", quantiles(times, n=100)[-1], "ms")
    yield Figure(f"{engine} : entière face aux cinq ordres", rates["entier"] / rates["maigre"], "fois", least=0.5)


def _rate(moments: Moments) -> float:
    return len(moments) / (max(end for _, end in moments) - min(began for began, _ in moments))


def _faults(environment: dict[str, str], keys: dict[str, list[int]]) -> int:
    """Of the sessions booked by the whole act: those of the lean SQL do not keep `dernier_rang`."""
    numbers = f"SessionFormation.objects.filter(pk__in={keys['entier']}).values_list('numero', flat=True)"
    code = (
        "from formations.models import SessionFormation; from formations.places.verification import check; "
        f"mine = set({numbers}); print(sum(one.session in mine for one in check().ecarts))"
    )
    done = subprocess.run(
        [sys.executable, MANAGE, "shell", "-v", "0", "-c", code], env=environment, check=True, stdout=subprocess.PIPE
    )
    return int(done.stdout.split()[-1])


def _output(environment: dict[str, str], *args: str) -> str:
    done = subprocess.run([*WORK, *args], env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


def _database(server: str, base: str) -> str:
    """The address of an empty database of that server."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {base} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {base}")
    return urlunsplit(urlsplit(server)._replace(path=f"/{base}"))
