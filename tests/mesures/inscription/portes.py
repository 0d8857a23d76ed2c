"""`python -m tests.mesures.inscription.portes prepare PEOPLE TURNS | count`: who comes, and what is left.

`prepare` tells the cookies of people already signed in, what each ticks, and the page of each session; a line of JSON.
"""

import json
import sys

import django

django.setup()

from django.conf import settings  # noqa: E402

from formations.models import Inscription, SessionFormation  # noqa: E402
from tests.collectivites.factories import CollectiviteFactory  # noqa: E402
from tests.formations.factories import make_formation, make_session, monday, worker  # noqa: E402
from tests.sessions import session_cookie  # noqa: E402

SEATS, QUOTA, COMMUNES = 12, 4, 30
TITRE = "Ouverture"


def prepare(people: str, turns: str) -> dict:
    places = [CollectiviteFactory(nom=f"Porte {n}") for n in range(COMMUNES)]
    crowd = [worker(places[n % COMMUNES]) for n in range(int(people))]
    cookies = ["=".join(session_cookie(agent)) for agent in crowd]
    # A training for each opening: whoever has a seat in one is refused in the others of the same.
    fiches = [make_formation(f"{TITRE} {n}") for n in range(int(turns))]
    sessions = [
        make_session(one, on=monday(40 + n), capacite=SEATS, quota_commune=QUOTA) for n, one in enumerate(fiches)
    ]
    pages = [f"{one.formation.adresse}?session={one.numero}" for one in sessions]
    keys = [f"{one.pk}-{places[n % COMMUNES].pk}" for n, one in enumerate(crowd)]
    return {"cookies": cookies, "personnes": keys, "pages": pages, "csrf": settings.CSRF_COOKIE_NAME}


def count() -> dict:
    mine = SessionFormation.objects.filter(formation__title__startswith=TITRE)
    seats = [one.inscriptions.placed().count() - one.capacite for one in mine]
    return {
        "inscriptions": Inscription.objects.filter(session__in=mine).count(),
        "en_trop": sum(max(0, over) for over in seats),
    }


if __name__ == "__main__":
    print(json.dumps(prepare(*sys.argv[2:]) if sys.argv[1] == "prepare" else count()))
