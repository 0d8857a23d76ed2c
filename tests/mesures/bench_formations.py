"""`script/bench formations`: the catalogue of the large demonstration, 500 sessions and 20 000 inscriptions.

Each list is asked for by the secretary as it is answered, at its second visit: its queries, and the time of the page.
The whole catalogue in one page stands beside its two first months: rows cost no query.
"""

from collections.abc import Iterator
from itertools import repeat
from statistics import median

from django.utils import timezone

from formations.adresses import CALENDRIER, CATALOGUE
from formations.models import Inscription, SessionFormation
from tests.mesures import Figure
from tests.mesures.accounts import accounts
from tests.mesures.bench_pages import queries
from tests.mesures.server import serve
from tests.mesures.visitor import burst
from tests.sessions import session_cookie

ROUNDS, REQUESTS, REQUETES = 5, 12, 25
LISTES = {
    "catalogue": CATALOGUE,
    "catalogue, s’il reste des places": f"{CATALOGUE}?places=on",
    "catalogue, un thème à moins de 20 km": f"{CATALOGUE}?theme=sante-securite&ou=20",
    "catalogue, un mot": f"{CATALOGUE}?q=secourisme",
    "toutes les formations": f"{CATALOGUE}?vue=toutes",
    "calendrier": f"{CALENDRIER}?mois={{mois}}",
}
ENTIER = f"{CATALOGUE}?jusque=9999-12"


def figures() -> Iterator[Figure]:
    yield Figure("sessions", SessionFormation.objects.count())
    yield Figure("inscriptions", Inscription.objects.count())
    last = SessionFormation.objects.dated().order_by("-date_debut").first()
    pages = {name: path.format(mois=f"{last.date_debut:%Y-%m}") for name, path in LISTES.items()}
    cookie = "=".join(session_cookie(accounts()["secretaire"]))
    times: dict[str, list[float]] = {name: [] for name in pages}
    with serve() as server:
        burst(server.url, pages.values(), cookie)
        for _ in range(ROUNDS):
            for name, path in pages.items():
                times[name].append(burst(server.url, repeat(path, REQUESTS), cookie, visitors=1).p95)
    for name, path in pages.items():
        yield Figure(f"{name} : p95", median(times[name]), "ms")
        yield Figure(f"{name} : requêtes SQL", queries(path), "", most=REQUETES)
    shown = SessionFormation.objects.proposed().coming(timezone.localdate()).count()
    yield Figure("catalogue entier en une page : sessions", shown)
    more = queries(ENTIER) - queries(CATALOGUE)
    yield Figure("catalogue entier en une page : requêtes de plus que deux mois", more, "", most=0)
