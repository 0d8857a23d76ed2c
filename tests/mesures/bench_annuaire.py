"""`script/bench annuaire`: the lists of 5 200 agents beside the same lists of the ordinary demonstration (150 or so).

Both are served by gunicorn and fetched in turn, so that what the machine does meanwhile weighs on both alike.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import repeat
from statistics import median

from collectivites.models import Agent
from tests.mesures import Figure
from tests.mesures.accounts import accounts
from tests.mesures.bench_pages import queries
from tests.mesures.server import serve
from tests.mesures.visitor import Load, burst
from tests.sessions import session_cookie

ROUNDS, REQUESTS = 5, 12
LISTES = {
    "liste": "/annuaire/",
    "liste, en tableau": "/annuaire/?vue=liste",
    "liste, dernière page": "/annuaire/?page=9999",
    "liste, une fonction": "/annuaire/?fonction=metier:secretaires",
    "liste, présents aujourd’hui": "/annuaire/?present=1",
    "liste, compétence et distance": "/annuaire/?expertise=elections&km=10",
    "liste, quatre critères": "/annuaire/?fonction=famille:technique&km=20&present=1&secteur=1",
    "liste, un mot": "/annuaire/?q=guyon",
    "liste, trois mots": "/annuaire/?q=secretaire+mairie+tavaux",
    "carte": "/annuaire/carte/",
    "mairies": "/annuaire/collectivites/",
    "numéros": "/annuaire/numeros/",
}
COOKIE = """
import django
django.setup()
from tests.mesures.accounts import accounts
from tests.sessions import session_cookie
print("=".join(session_cookie(accounts()["secretaire"])))
"""


def figures() -> Iterator[Figure]:
    small = os.environ["BENCH_PETITE"]
    yield Figure("agents de la grande démonstration", Agent.objects.in_office().count())
    large, few = _loads(small)
    for name in LISTES:
        here, there = (median(load.p95 for load in loads[name]) for loads in (large, few))
        yield Figure(f"{name} : p50", median(load.p50 for load in large[name]), "ms")
        yield Figure(f"{name} : p95", here, "ms")
        # The map and the town halls have 130 communes to draw, not 47: their ratio is told, not held.
        most = 2 if name.startswith("liste") else None
        yield Figure(f"{name} : p95 face aux 150 agents", here / there, "fois", most=most)
        yield Figure(f"{name} : requêtes SQL", queries(LISTES[name]), "", most=25)


def _loads(small: str) -> tuple[dict[str, list[Load]], dict[str, list[Load]]]:
    """Of the large installation, then of the small one, by list."""
    cookies = "=".join(session_cookie(accounts()["secretaire"])), _cookie_of(small)
    loads: tuple[dict, dict] = ({name: [] for name in LISTES}, {name: [] for name in LISTES})
    with serve() as large, serve(DATA_DIR=small) as few:
        both = list(zip((large, few), cookies, loads, strict=True))
        for server, cookie, _ in both:
            burst(server.url, LISTES.values(), cookie)
        for _ in range(ROUNDS):
            for name, path in LISTES.items():
                for server, cookie, found in both:
                    found[name].append(burst(server.url, repeat(path, REQUESTS), cookie, visitors=1))
    return loads


def _cookie_of(small: str) -> str:
    """A session there: another database, hence another process."""
    environment = {**os.environ, "DATA_DIR": small}
    command = [sys.executable, "-c", COOKIE]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()
