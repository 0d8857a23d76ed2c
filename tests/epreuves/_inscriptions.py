"""The processes of `epreuve formations`: `python -m tests.epreuves._inscriptions ACT ARGS`, one line of JSON each.

prepare PEOPLE       the six sessions and their people
play RANK NUMBER     that many acts, any of them
count FILE           the faults, and what was told (lines of `play`) that is not written
crowd PEOPLE         large sessions, and as many people
book RANK OF FILE    one seat each, and each answer written to FILE as soon as it is there
seats FILE…          those that were shown and are not written, and the faults
"""

import json
import os
import sys
from pathlib import Path

import django

django.setup()

from collectivites.models import Agent  # noqa: E402
from formations.enums import PLACEES  # noqa: E402
from formations.models import Inscription, SessionFormation  # noqa: E402
from formations.places import reserver  # noqa: E402
from tests.collectivites.factories import CollectiviteFactory  # noqa: E402
from tests.epreuves import _places  # noqa: E402
from tests.formations.factories import make_formation, make_session, monday, worker  # noqa: E402

PER_SESSION = 400


def prepare(people: str, crowd: str) -> dict:
    """In one process: the factories count from one in each. Everybody of the crowd is to have a seat."""
    _places.prepare(int(people))
    for n in range(-(-int(crowd) // PER_SESSION)):
        make_session(make_formation(f"Foule {n}"), on=monday(10 + n), capacite=PER_SESSION + 20)
    place = CollectiviteFactory(nom="Foule")
    for _ in range(int(crowd)):
        worker(place)
    return {}


def play(rank: str, number: str) -> dict:
    share = _places.Attempts(int(rank))
    share.play(int(number))
    return {"compte": share.count, "dit": share.told}


def count(path: str) -> dict:
    told = [tuple(one) for one in json.loads(Path(path).read_text(encoding="utf-8"))]
    return _places.faults(told)


def book(rank: str, of: str, path: str) -> dict:
    """Killed, it begins again: who has a seat already is told so, and nobody else."""
    crowd = Agent.objects.filter(postes__collectivite__nom="Foule").order_by("pk")
    keys = list(SessionFormation.objects.filter(formation__title__startswith="Foule").order_by("pk"))
    shown = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    for number, agent in enumerate(crowd):
        if number % int(of) == int(rank):
            asked = reserver.Demande(agent, agent.postes_en_cours[0].collectivite)
            answer = reserver.reserver(keys[number // PER_SESSION].pk, [asked], None)
            os.write(shown, b"".join(b"%d\n" % one.pk for one in answer.inscriptions))
    return {}


def seats(*paths: str) -> dict:
    shown = [int(line) for path in paths if Path(path).exists() for line in Path(path).read_text().split()]
    placed = Inscription.objects.filter(session__formation__title__startswith="Foule", statut__in=PLACEES)
    held = set(placed.values_list("pk", flat=True))
    return {
        "montrees": len(shown),
        "places": len(held),
        "perdues": len(set(shown) - held) + len(shown) - len(set(shown)),
        "personnes": placed.values("agent").distinct().count(),
        "ecarts": len(_places.check(reveil=1).ecarts),
    }


if __name__ == "__main__":
    print(json.dumps(globals()[sys.argv[1]](*sys.argv[2:])))
