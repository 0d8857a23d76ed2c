"""A process of `bench inscription`: `python -m tests.mesures.inscription.poste prepare | RANK`, orders on its input.

`prepare` makes the people, and a session for each line of input « STRATEGY ROUND »; a RANK books its share of a session
when it is told « go », and answers with the moments of each attempt.
"""

import json
import sys
import time

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from collectivites.models import Agent  # noqa: E402
from formations.enums import PolitiqueVisa  # noqa: E402
from formations.models import RegleVisa, SessionFormation  # noqa: E402
from tests.collectivites.factories import CollectiviteFactory  # noqa: E402
from tests.formations.factories import make_formation, make_session, monday, worker  # noqa: E402
from tests.mesures.inscription.strategies import STRATEGIES, TABLES  # noqa: E402

ATTEMPTS, SEATS, QUOTA, PROCESSES, COMMUNES = 200, 12, 4, 16, 20
# Of other people than the rest of the installation.
MARQUE = "Mesure"


def prepare(rounds: int) -> None:
    """One day and one training for each session: nobody is taken elsewhere, nor has a seat in another of the training.

    One line of JSON: the keys, by strategy.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for sql in TABLES:
            cursor.execute(sql)
    places = [CollectiviteFactory(nom=f"{MARQUE} {n}") for n in range(COMMUNES)]
    RegleVisa.objects.bulk_create(RegleVisa(collectivite=one, politique=PolitiqueVisa.SANS) for one in places)
    for n in range(ATTEMPTS):
        worker(places[n % COMMUNES])
    keys: dict[str, list[int]] = {}
    for number, name in enumerate(name for name in STRATEGIES for _ in range(rounds)):
        fiche = make_formation(f"{MARQUE} {number}")
        session = make_session(fiche, on=monday(8 + number), capacite=SEATS, quota_commune=QUOTA)
        keys.setdefault(name, []).append(session.pk)
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO mesure_session VALUES (%s, %s, %s)", [session.pk, SEATS, QUOTA])
    print(json.dumps(keys), flush=True)


def work(rank: int) -> None:
    """Everything that a page has read before is read before « go »."""
    for line in sys.stdin:
        name, key = line.split()
        session = SessionFormation.objects.select_related("formation").get(pk=key)
        people = Agent.objects.filter(postes__collectivite__nom__startswith=MARQUE).order_by("pk")
        mine = [(one, one.postes_en_cours[0].collectivite) for one in people[rank::PROCESSES]]
        act, moments = STRATEGIES[name], []
        print("prêt", flush=True)
        sys.stdin.readline()
        for agent, place in mine:
            began = time.monotonic()
            act(session, agent, place)
            moments.append((began, time.monotonic()))
        print(json.dumps(moments), flush=True)


if __name__ == "__main__":
    prepare(int(sys.argv[2])) if sys.argv[1] == "prepare" else work(int(sys.argv[1]))
