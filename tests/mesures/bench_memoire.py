"""Memory of the web process, and whether it grows: between request 1 000 and request 5 000."""

from collections.abc import Iterator
from itertools import cycle, islice

from tests.mesures import Figure
from tests.mesures.accounts import accounts
from tests.mesures.pages import pages
from tests.mesures.server import serve
from tests.mesures.visitor import burst
from tests.sessions import session_cookie


def figures() -> Iterator[Figure]:
    cookie = "=".join(session_cookie(accounts()["secretaire"]))
    paths = list(pages().values())
    with serve() as server:
        burst(server.url, islice(cycle(paths), 1000), cookie)
        early = server.memory()
        burst(server.url, islice(cycle(paths), 4000), cookie)
        late = server.memory()
    yield Figure("mémoire après 1 000 requêtes", early, "Mo", most=260)
    yield Figure("mémoire après 5 000 requêtes", late, "Mo", most=260)
    yield Figure("croissance entre les deux", (late / early - 1) * 100, "%", most=5)
