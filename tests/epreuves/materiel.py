"""10 000 acceptances that overlap, 16 processes, on SQLite then PostgreSQL: nothing is ever promised twice.

Each engine begins empty of things, without the loans of the demonstration.

Twenty single things and five lots, thirty days; meanwhile loans are cancelled, shortened, moved to another thing, and
the lots are counted anew. At the end the peak of what is held is counted from the loans alone, the ledger is told again
by its sweep, and straight SQL tries to promise more. EPREUVE_POSTGRES names a server where a database may be made;
EPREUVE_PRETS gives another number, for a try.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings

from tests.mesures import Figure

LOANS, PROCESSES = int(os.environ.get("EPREUVE_PRETS", "10000")), 16
MANAGE = str(Path(settings.BASE_DIR) / "manage.py")
WORK = [sys.executable, "-m", "tests.epreuves._acceptations"]
BASE = "epreuve_materiel"


def figures() -> Iterator[Figure]:
    with TemporaryDirectory() as folder:
        yield from _on("SQLite", {"DATABASE_URL": "", "DATA_DIR": folder})
    server = os.environ.get("EPREUVE_POSTGRES")
    if server:
        yield from _on("PostgreSQL", {"DATABASE_URL": _database(server)})


def _on(engine: str, environment: dict[str, str]) -> Iterator[Figure]:
    environment = os.environ | environment | {"LOG_LEVEL": "ERROR"}
    for command in ("migrate", "createcachetable", "installer"):
        subprocess.run([sys.executable, MANAGE, command, "--verbosity", "0"], env=environment, check=True)
    _run(environment, "prepare", LOANS)
    share = [*WORK, "accept"]
    shares = [
        subprocess.Popen([*share, str(n), str(PROCESSES)], env=environment, stdout=subprocess.PIPE, text=True)
        for n in range(PROCESSES)
    ]
    told = [json.loads(process.communicate()[0]) for process in shares]
    found = _run(environment, "count")
    total = {name: sum(one[name] for one in told) for name in told[0] if name != "millisecondes"}
    times = sorted(one for share in told for one in share["millisecondes"])
    yield Figure(f"{engine} : demandes répondues", total["repondus"], "", least=LOANS)
    yield Figure(f"{engine} : accordées", total["accordes"])
    yield Figure(f"{engine} : refusées, il n’en restait pas assez", total["refuses"])
    yield Figure(f"{engine} : annulées, raccourcies, changées de matériel", total["changes"])
    yield Figure(f"{engine} : stocks recomptés", total["stocks"])
    yield Figure(f"{engine} : attentes de plus de vingt secondes, redemandées", total["occupes"])
    yield Figure(f"{engine} : réponses en erreur", total["erreurs"], "", most=0)
    yield Figure(f"{engine} : accorder, médiane", times[len(times) // 2], "ms")
    yield Figure(f"{engine} : accorder, p95", times[len(times) * 95 // 100], "ms")
    yield Figure(f"{engine} : demi-journées promises au-delà du stock", found["au_dela"], "", most=0)
    yield Figure(f"{engine} : différences du registre", found["differences"], "", most=0)
    yield Figure(f"{engine} : écritures SQL directes tentées", found["tentees"])
    yield Figure(f"{engine} : écritures SQL directes acceptées", found["passees"], "", most=0)


def _run(environment: dict[str, str], act: str, *args: object) -> dict:
    command = [*WORK, act, *map(str, args)]
    return json.loads(subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout)


def _database(server: str) -> str:
    """The address of an empty database of that server."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {BASE} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {BASE}")
    return urlunsplit(urlsplit(server)._replace(path=f"/{BASE}"))
