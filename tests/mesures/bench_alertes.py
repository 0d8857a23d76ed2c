"""`script/bench alertes`: one pass over 500 kept searches, ten for each of fifty agents, in all the lists.

Everything is done inside a transaction that is undone: the base is left as it was.
"""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from datetime import time as hour

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collectivites.enums import FamilleFonction
from collectivites.models import Agent, Theme
from extranet.lib.jours_ouvres import working_day_from
from search.enums import FrequenceAlerte
from search.gardees.alertes import write_alerts
from search.gardees.garder import keep
from search.gardees.listes import listes, read
from search.models import Nouveaute, RechercheGardee
from tests.mesures import Figure

AGENTS, GARDEES = 50, 500
WORDS = ("délibération", "cimetière", "arrêté circulation", "convention", "budget")
# Queries of one search: those of its list, what notes it, and its part of what is read for its agent.
REQUETES, SECONDES = 15, 60


def asked() -> list[tuple[str, str]]:
    """Ten searches: themes and words, people of a trade, a thing to borrow, trainings."""
    themes = list(Theme.objects.values_list("slug", flat=True)[:3])
    return [
        *(("ressources", f"theme={slug}") for slug in themes),
        ("ressources", f"q={WORDS[0]}"),
        *(("recherche", f"q={word}") for word in WORDS[1:4]),
        ("annuaire", f"fonction=famille:{FamilleFonction.TECHNIQUE}"),
        ("materiel", "quoi=barnum"),
        ("formations", "q=secourisme"),
    ]


def keep_all() -> None:
    found = asked()
    for agent in Agent.objects.in_office().filter(email__isnull=False).order_by("pk")[:AGENTS]:
        place = agent.postes_en_cours[0].collectivite
        for liste, query in found:
            demande = read(listes()[liste], query, agent, place)
            keep(agent, listes()[liste], demande, nom=query, frequence=FrequenceAlerte.QUOTIDIENNE)


def seen(now: datetime) -> tuple[float, int, int]:
    """Seconds, queries and mails of a pass."""
    connection.queries_log.clear()  # it keeps the last 9 000
    with CaptureQueriesContext(connection) as queries:
        start = time.perf_counter()
        mails = write_alerts(now)
        return time.perf_counter() - start, len(queries), mails


def figures() -> Iterator[Figure]:
    with transaction.atomic():
        RechercheGardee.objects.all().delete()
        keep_all()
        yield from measure()
        transaction.set_rollback(True)


def measure() -> Iterator[Figure]:
    day = working_day_from(timezone.localdate() + timedelta(days=1))
    now = datetime.combine(day, hour(8), tzinfo=timezone.get_default_timezone())
    number = RechercheGardee.objects.count()
    yield Figure("Recherches gardées", number, "", least=GARDEES)
    seconds, queries, mails = seen(now)
    yield Figure("Un passage, rien de nouveau", seconds, "s", most=SECONDES)
    yield Figure("… requêtes par recherche", queries / number, "", most=REQUETES)
    yield Figure("… courriels écrits", mails, "", most=0)
    RechercheGardee.objects.update(depart=[])
    seconds, queries, mails = seen(now + timedelta(days=7))
    yield Figure("Un passage, tout est nouveau", seconds, "s", most=SECONDES)
    yield Figure("… requêtes par recherche", queries / number, "", most=REQUETES)
    yield Figure("… courriels écrits", mails, "", least=1)
    yield Figure("… nouveautés annoncées", Nouveaute.objects.count(), "")
    seconds, _, mails = seen(now + timedelta(days=7))
    yield Figure("Un passage dont l’heure n’est pas venue", seconds, "s", most=1)
