"""Making the index anew, and when that was done last."""

from collections.abc import Callable
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING

from django.db import transaction

from collectivites.journal import record
from collectivites.models import EntreeJournal, Territoire
from search.analyse.mots import ANALYSE
from search.engines import est_reparti, moteur, moteur_de_base
from search.indexation import textes
from search.models import SearchEntry
from search.vocabulaire import recount

if TYPE_CHECKING:
    from collectivites.models import Agent

ACTE = "index.reconstruit"


def rebuild(avance: Callable[[int], None] = lambda done: None, by: "Agent | None" = None) -> int:
    """The engine of the database from the table of entries, the distributed one if there is one, then the words.

    `avance` is told how many entries are done, engine after engine. Returns how many entries there are.
    """
    start = monotonic()
    SearchEntry.objects.exclude(analyse=ANALYSE).update(analyse=ANALYSE)
    for engine in dict.fromkeys([moteur_de_base(), *([moteur()] if est_reparti() else [])]):
        engine.rebuild(textes, avance)
    recount()
    total = SearchEntry.objects.count()
    with transaction.atomic():
        record(ACTE, Territoire.load(), agent=by, entrees=total, secondes=round(monotonic() - start))
    return total


def last_rebuilt() -> datetime | None:
    """The journal knows it, for a year."""
    done = EntreeJournal.objects.filter(acte=ACTE).order_by("-created_at")
    return done.values_list("created_at", flat=True).first()
