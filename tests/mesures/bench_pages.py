"""Requests per second, p50, p95 and SQL queries of each page, beside an empty Wagtail page of the same machine and run.

Five rounds go through all the pages in turn, so that what the machine does meanwhile weighs on all alike; each figure
is the median of its five. The target of the rate is a ratio to the probe: how much a page of ours costs above nothing.
"""

from collections.abc import Iterator
from itertools import repeat
from statistics import median

from django.db import connection
from django.test.utils import CaptureQueriesContext

from home.models import PageStandard
from tests.mesures import Figure
from tests.mesures.accounts import accounts
from tests.mesures.pages import pages
from tests.mesures.server import Server, serve
from tests.mesures.visitor import Load, burst
from tests.sessions import open_session, session_cookie

ROUNDS, REQUESTS = 5, 60
MOST_QUERIES = {"accueil": 35}
PROBE = "page Wagtail vide"


def queries(path: str) -> int:
    """Of a second visit: the first one fills the caches of the process."""
    client = open_session(accounts()["secretaire"])
    client.get(path, headers={"host": "localhost"})
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path, headers={"host": "localhost"})
    if response.status_code != 200:
        raise RuntimeError(f"{path} : {response.status_code}")
    return len(captured)


def measure(server: Server, path: str, cookie: str) -> Load:
    return burst(server.url, repeat(path, REQUESTS), cookie)


def figures() -> Iterator[Figure]:
    cookie = "=".join(session_cookie(accounts()["secretaire"]))
    addresses = pages()
    empty = "/vide" + PageStandard.objects.live().first().url
    loads: dict[str, list[Load]] = {name: [] for name in [PROBE, *addresses]}
    with serve() as server, serve(DJANGO_SETTINGS_MODULE="tests.mesures.vide") as probe:
        for path in addresses.values():
            burst(server.url, [path] * 8, cookie)
        burst(probe.url, [empty] * 8, cookie)
        for _ in range(ROUNDS):
            loads[PROBE].append(measure(probe, empty, cookie))
            for name, path in addresses.items():
                loads[name].append(measure(server, path, cookie))
    rate = {name: median(load.per_second for load in found) for name, found in loads.items()}
    for name, found in loads.items():
        yield Figure(f"{name} : débit", rate[name], "requêtes/s")
        yield Figure(f"{name} : p50", median(load.p50 for load in found), "ms")
        yield Figure(f"{name} : p95", median(load.p95 for load in found), "ms")
        if name != PROBE:
            yield Figure(f"{name} : coût face à la page vide", rate[PROBE] / rate[name], "fois")
            yield Figure(f"{name} : requêtes SQL", queries(addresses[name]), "", most=MOST_QUERIES.get(name, 25))
