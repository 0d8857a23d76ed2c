"""Sending what is due, each mail once.

A sender takes a mail by one conditional update, so that two senders, even on SQLite, never hold the same one; it writes
« remise » just before the final dot (`extranet/lib/smtp.py`), and « envoyé » at the server's answer. Hence, if it is
killed: before « remise », the server has delivered nothing and the mail goes back to the queue after BAIL; after it,
the mail is uncertain and never sent again by itself: an administrator sees it and decides. At most one mail a sender.

Refusals: 4xx on a mail, tried again after 1, 5, 15, 30 minutes, 1, 2, then every 4 hours, given up after 48 hours; 5xx,
stopped at once; both shown to administrators. A server that is ill (no answer, refusal at the door) costs no mail an
attempt: the sender itself waits, from one second to one minute, then everything leaves.
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from django.db import OperationalError, connection
from django.utils import timezone

from extranet.lib.smtp import (
    Connexion,
    Interruption,
    RefusDefinitif,
    RefusTemporaire,
    RemiseIncertaine,
    RemiseRetiree,
    ServeurIndisponible,
)
from notifications.composition import SansObjet, compose, keeps_words
from notifications.models import Courriel

logger = logging.getLogger(__name__)

# Seconds before the server is called again, after its 1st, 2nd… failure in a row; the last one repeats.
ATTENTES = (1, 5, 10, 20, 40, 60)
WRITE_DOWN_DURING = 60


class Expediteur:
    """One sender: its connection to the server, and its patience. `express`: it takes only what somebody waits for."""

    def __init__(self, *, express: bool = False, stop: threading.Event | None = None) -> None:
        self.express = express
        self.stop = stop or threading.Event()
        self.connexion = Connexion()
        self.failures = 0
        self.calm_until = 0.0
        self.error = ""
        self.bilan: Counter[str] = Counter()

    def next_due(self) -> Courriel | None:
        mails = Courriel.objects.filter(express=True) if self.express else Courriel.objects.all()
        return mails.next_due()

    def send_due(self) -> Counter[str]:
        """Sends until nothing is due, the server fails, or `stop` is set. Returns what became of the mails."""
        self.bilan = Counter()
        if time.monotonic() < self.calm_until or self.next_due() is None:
            return self.bilan
        _survive_power_cuts()
        try:
            while not self.stop.is_set() and self._send_one():
                pass
        except ServeurIndisponible as error:
            self._wait(error)
        finally:
            if self.failures == 0:
                self.connexion.close()
        return self.bilan

    def _send_one(self) -> bool:
        """Raises ServeurIndisponible. False when nothing is due."""
        courriel = self.next_due()
        if courriel is None:
            return False
        self.connexion.open()
        if courriel.take():
            self._deliver(courriel)
        return True

    def _deliver(self, courriel: Courriel) -> None:
        if courriel.expire_le <= timezone.now():
            self._note("abandonne", courriel.give_up)
            return
        try:
            self._hand_over(courriel)
        except SansObjet as reason:
            self._note("annule", courriel.cancel, str(reason))
        except RefusDefinitif as refusal:
            self._note("refuse", courriel.refuse, refusal.code, str(refusal))
        except RefusTemporaire as refusal:
            self._note("reporte", courriel.postpone, refusal.code, str(refusal))
            if isinstance(refusal, Interruption):
                self._wait(refusal)
        except ServeurIndisponible as error:
            self._note("rendu", courriel.release, str(error))
            raise
        except RemiseIncertaine as error:
            self._note("incertain", courriel.doubt, str(error))
        except RemiseRetiree:
            self.bilan["retire"] += 1
        else:
            words = {"texte": courriel.texte, "html": courriel.html} if keeps_words() else {}
            self._note("envoye", lambda: courriel.sent(**words))
            self.failures, self.error = 0, ""

    def _hand_over(self, courriel: Courriel) -> None:
        """A mail that cannot be composed is put back, with its error, and does not stop the others."""
        try:
            message = compose(courriel)
        except (SansObjet, OperationalError):
            raise
        except Exception as error:
            logger.exception("courriel.composition_failed pk=%s", courriel.pk)
            raise RefusTemporaire(f"Composition impossible\u00a0: {error!r}") from error
        self.connexion.deliver(message, courriel.hand_over)

    def _note(self, outcome: str, write: Callable[..., bool], *args: object) -> None:
        """Writes the outcome, even if the database is away for a moment: the server has already decided."""
        deadline = time.monotonic() + WRITE_DOWN_DURING
        while True:
            try:
                write(*args)
                break
            except OperationalError:
                if time.monotonic() > deadline:
                    raise
                connection.close()
                time.sleep(1)
        self.bilan[outcome] += 1
        logger.info("courriel.%s", outcome)

    def _wait(self, error: Exception) -> None:
        wait = ATTENTES[min(self.failures, len(ATTENTES) - 1)]
        self.failures += 1
        self.error = str(error)
        self.calm_until = time.monotonic() + wait
        self.bilan["serveur_indisponible"] += 1
        logger.warning("serveur_de_courriel.indisponible %s, nouvel essai dans %s s", error, wait)


def _survive_power_cuts() -> None:
    """On SQLite, « remise » must be on the disk before the dot leaves; the site itself can do with less."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=FULL")


def tidy(now: datetime | None = None) -> int:
    """Gives up what waited too long while the server was away, and names uncertain what a dead sender handed over."""
    given_up = 0
    for courriel in Courriel.objects.expired(now):
        given_up += courriel.give_up()
    for courriel in Courriel.objects.forsaken(now):
        given_up += courriel.doubt("L’expéditeur s’est arrêté pendant la remise.")
    return given_up
