"""The long trial of the seats (`script/epreuve formations`), three hundred attempts of it, by threads."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from formations.models import Mouvement
from tests.epreuves import _places

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
THREADS, EACH = 6, 45
# How the threads follow one another decides what they meet: begun again until they have met all of it.
MET = {"inscrite", "rangee", "promue", "desistee", "remplacee"}
ROUNDS = 6


def test_any_acts_at_once_leave_every_seat_right() -> None:
    _places.prepare(48)
    shares = [_places.Attempts(rank) for rank in range(THREADS)]

    def play(share: _places.Attempts) -> None:
        try:
            share.play(EACH)
        finally:
            connections.close_all()

    for _ in range(ROUNDS):
        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(play, shares))
        if set(Mouvement.objects.values_list("acte", flat=True)) >= MET:
            break
    else:
        pytest.fail("Otherwise it has shown nothing.")
    total = sum((share.count for share in shares), start=_places.Counter())
    assert total["erreurs"] == 0
    told = [one for share in shares for one in share.told]
    assert _places.faults(told) == dict.fromkeys(_places.faults(told), 0)
