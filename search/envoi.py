"""Bringing to the cluster what the outbox holds.

A row leaves the outbox once its entry can be found as it is now, on every copy of the index, and if it has not changed
meanwhile: until then searches leave the entry out. Two senders may work at once: the cluster keeps the newest version.
A cluster that is away costs nobody anything: rows wait, and the sender calls it after 1, 2, 4… 60 seconds.
"""

import logging
import time
from collections.abc import Iterator

from django.db import transaction

from search.engines import est_reparti, moteur
from search.engines.base import MoteurInjoignable, Texte
from search.indexation import texte_of
from search.models import SearchEntry, SearchOutbox

logger = logging.getLogger(__name__)

LOT = 500
# Entries read at a time: a text may have a million characters.
LUES = 50
LONGEST_WAIT = 60.0


class Envoi:
    """One sender: its patience, and the rows that were refused (the key of each, and when to try it again)."""

    def __init__(self) -> None:
        self.failures = 0
        self.calm_until = 0.0
        self.error = ""
        self.aside: dict[int, float] = {}

    def send_due(self) -> int:
        """Sends until nothing is left or the cluster fails; returns how many rows have left the outbox."""
        sent = 0
        if not est_reparti() or time.monotonic() < self.calm_until:
            return sent
        try:
            while (rows := self._waiting()) and (left := self._send(rows)):
                sent += left
        except MoteurInjoignable as error:
            self._wait(str(error))
        else:
            self.failures, self.error = 0, ""
        return sent

    def _waiting(self) -> dict[int, int]:
        """The oldest rows: the key of each, by entry."""
        now = time.monotonic()
        self.aside = {key: until for key, until in self.aside.items() if until > now}
        rows = SearchOutbox.objects.exclude(pk__in=self.aside).order_by("pk")
        return dict(rows.values_list("entree", "pk")[:LOT])

    def _send(self, rows: dict[int, int]) -> int:
        """Returns how many rows have left, or been put aside so that they stop nobody."""
        sent: dict[int, int] = {}
        present = set(SearchEntry.objects.filter(pk__in=rows).values_list("pk", flat=True))
        gone = {key: version for key, version in rows.items() if key not in present}
        refused = moteur().reparti.send(_read(sorted(present), sent), gone)
        for key, reason in refused.items():
            logger.error("recherche.envoi_refuse entree=%s %s", key, reason)
            self.aside[rows[key]] = time.monotonic() + LONGEST_WAIT
        return len(refused) + _drop([version for key, version in (sent | gone).items() if key not in refused])

    def _wait(self, error: str) -> None:
        wait = min(2.0**self.failures, LONGEST_WAIT)
        self.failures += 1
        self.calm_until, self.error = time.monotonic() + wait, error
        logger.warning("recherche.envoi_reporte attente=%ss %s", int(wait), error)


def _read(keys: list[int], sent: dict[int, int]) -> Iterator[Texte]:
    """The entries as they are now; `sent` learns the version of each."""
    for start in range(0, len(keys), LUES):
        for row in SearchEntry.objects.filter(pk__in=keys[start : start + LUES]).order_by("pk"):
            sent[row.pk] = row.version
            yield texte_of(row)


def _drop(versions: list[int]) -> int:
    """A row that somebody is replacing is left to its successor: waiting for it could block both."""
    with transaction.atomic():
        free = SearchOutbox.objects.select_for_update(skip_locked=True).filter(pk__in=versions)
        return SearchOutbox.objects.filter(pk__in=list(free.values_list("pk", flat=True))).delete()[0]
