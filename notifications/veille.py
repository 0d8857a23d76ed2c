"""`manage.py veille`: one process that sends the outbox, runs the background tasks and keeps the timetable.

Five threads, so that nothing waits for something slower: the heartbeat, the mails that somebody waits for, the others,
the tasks, and the timetable in the first one; then those of the apps (`boucles`). Each looks at the database a few
times a second, which costs one indexed query: no request has to call it, and one that was away catches up. Two
processes share the work without doing anything twice. SIGTERM lets each thread end what it holds.
"""

import logging
import os
import secrets
import signal
import socket
import threading
from collections.abc import Callable
from datetime import timedelta
from types import FrameType

from django.conf import settings
from django.db import OperationalError, connections
from django.utils import timezone
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from extranet.lib.apports import collect
from notifications.expedition import Expediteur
from notifications.models import Veille
from notifications.models.veille import BATTEMENT
from notifications.passages import run_due

logger = logging.getLogger(__name__)

# Seconds between two looks; and after a look that found no database.
EXPRESS, ORDINAIRE, TACHES, HORAIRE = 0.5, 1.0, 1.0, 1.0
APRES_PANNE = 2.0
FILE = "fond"
# A task that its worker dropped three times on its way is what kills the workers.
CHANCES = 3


class Veilleur:
    """The process. `run` returns when it was asked to stop."""

    def __init__(self) -> None:
        self.identifiant = f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"
        self.stop = threading.Event()
        self.express = Expediteur(express=True, stop=self.stop)
        self.ordinaire = Expediteur(stop=self.stop)
        self.worker = _worker(self.identifiant)

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._asked_to_stop)
        self._beat()
        threads = [
            self._thread("pouls", self._beat, BATTEMENT.total_seconds()),
            self._thread("express", self.express.send_due, EXPRESS),
            self._thread("courriels", self.ordinaire.send_due, ORDINAIRE),
            self._thread("taches", self._run_tasks, TACHES),
            *(self._thread(one.nom, one.act, one.pause) for one in collect("boucles")),
        ]
        logger.info("veille.lancee %s", self.identifiant)
        self._loop(lambda: run_due(self.identifiant), HORAIRE)
        for thread in threads:
            thread.join(timeout=settings.EMAIL_TIMEOUT + 5)
        Veille.objects.filter(pk=self.identifiant).update(arretee_le=timezone.now())
        logger.info("veille.arretee %s", self.identifiant)

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        """A second request stops at once.

        Set from a thread: this one is most often inside `stop.wait`, and would wait for itself.
        """
        threading.Thread(target=self.stop.set, daemon=True).start()
        self.worker.running = False
        signal.signal(number, signal.SIG_DFL)

    def _thread(self, name: str, step: Callable[[], object], pause: float) -> threading.Thread:
        thread = threading.Thread(target=self._loop, args=(step, pause), name=name, daemon=True)
        thread.start()
        return thread

    def _loop(self, step: Callable[[], object], pause: float) -> None:
        """Step after step until the end; a failure is logged and the next step starts afresh."""
        while not self.stop.is_set():
            wait = pause
            try:
                step()
            except OperationalError as error:
                logger.warning("veille.base_indisponible %s", str(error).split("\n")[0])
                connections.close_all()
                wait = max(pause, APRES_PANNE)
            except Exception:
                logger.exception("veille.etape_echouee %s", threading.current_thread().name)
                connections.close_all()
            self.stop.wait(wait)
        connections.close_all()

    def _beat(self) -> None:
        Veille.objects.update_or_create(pk=self.identifiant, defaults={"battement_le": timezone.now()})

    def _run_tasks(self) -> None:
        """The worker locks the whole SQLite file to look for a task: only when there is one."""
        if DBTaskResult.objects.ready().filter(backend_name=FILE).exists():
            self.worker.run()


def _worker(identifiant: str) -> Worker:
    return Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name=FILE,
        startup_delay=False,
        max_tasks=None,
        worker_id=identifiant,
        excluded_queue_names=[],
    )


def take_back_tasks() -> int:
    """Tasks whose process died go back to the queue, where a few chances are left to them. Returns how many."""
    alive = set(Veille.objects.alive().values_list("pk", flat=True))
    count = 0
    for task in DBTaskResult.objects.running().filter(backend_name=FILE):
        if task.worker_ids and task.worker_ids[-1] in alive:
            continue
        same = DBTaskResult.objects.filter(pk=task.pk, status=TaskResultStatus.RUNNING, worker_ids=task.worker_ids)
        if len(task.worker_ids) < CHANCES:
            count += same.update(status=TaskResultStatus.READY)
        else:
            words = f"Interrompue {CHANCES} fois\u00a0: le processus s’est arrêté pendant la tâche."
            same.update(status=TaskResultStatus.FAILED, finished_at=timezone.now(), traceback=words)
    return count


def age_veille() -> timedelta | None:
    """How long ago `veille` gave its last sign; None when none runs, or when the last one stopped."""
    last = Veille.objects.filter(arretee_le=None).order_by("-battement_le").first()
    return timezone.now() - last.battement_le if last else None
