"""500 mails due and nobody to take them; `veille` killed in the middle; the server killed in the middle.

Everything is real: the acts write, `manage.py veille` sends, a mail server in its own process takes. An uncertain mail
(handed over when its sender died) is never sent again by itself: the proof ends with what an administrator does.
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from collectivites.models import Agent
from notifications.enums import BLOQUES, EN_VIE, StatutCourriel
from notifications.envoi import notify, write_mail
from notifications.expedition import tidy
from notifications.models import Courriel, Notification, Veille
from notifications.models.courriel import BAIL_REMISE
from notifications.preferences import sortes
from tests.mesures import Figure
from tests.serveur_courriel import ServeurCourriel

MAILS, KILLS, CODES = 500, 12, 20
ROOT = Path(settings.BASE_DIR)
PATIENCE = 600


def figures() -> Iterator[Figure]:
    random.seed(20261012)
    yield Figure(f"base : {connection.vendor}", 1, "")
    yield from _dead_server()
    yield from _killed_veille()
    yield from _killed_server()
    yield from _code_in_a_queue()


def _dead_server() -> Iterator[Figure]:
    """Two veilles, no server for 30 s, then one."""
    with _fresh() as server:
        began = time.monotonic()
        write(MAILS)
        yield Figure("serveur mort : écrire un courriel", (time.monotonic() - began) / MAILS * 1000, "ms", most=100)
        with veille(server), veille(server):
            time.sleep(30)
            yield Figure("serveur mort : partis", sent(), "courriels", most=0)
            server.start()
            began = time.monotonic()
            wait(lambda: sent() == MAILS)
            yield Figure("serveur revenu : tout est parti en", time.monotonic() - began, "s", most=600)
        yield from outcome("serveur mort", server)


def _killed_veille() -> Iterator[Figure]:
    """kill -9 of the only veille, again and again, at a moment nobody chose."""
    with _fresh(delay=0.01) as server:
        server.start()
        write(MAILS)
        for _ in range(KILLS):
            before = len(server.received())
            with veille(server) as process:
                wait(lambda before=before: len(server.received()) > before)
                time.sleep(random.uniform(0.0, 0.4))
                process.kill()
        with veille(server):
            wait(lambda: not Courriel.objects.filter(statut__in=EN_VIE[:2]).exists())
        yield Figure("veille tuée : kill -9", KILLS, "fois")
        yield from outcome("veille tuée", server, doubts=KILLS)


def _killed_server() -> Iterator[Figure]:
    """kill -9 of the mail server while it takes mails, then a new one on the same port."""
    with _fresh(delay=0.01) as server:
        write(MAILS)
        with veille(server):
            for _ in range(KILLS):
                server.start()
                before = len(server.received())
                wait(lambda before=before: len(server.received()) > before + 5 or not _waiting())
                time.sleep(random.uniform(0.0, 0.2))
                server.stop()
            server.start()
            wait(lambda: not _waiting())
        yield from outcome("serveur tué", server, doubts=KILLS)


def _code_in_a_queue() -> Iterator[Figure]:
    """A code asked for while 500 mails wait for a server that takes half a second for each."""
    with _fresh(delay=0.5) as server:
        server.start()
        write(MAILS)
        delays = []
        with veille(server):
            wait(lambda: len(server.received()) > 2)
            for number in range(CODES):
                (code,) = write_mail(*_direct(number), adresse=f"code-{number}@essai.example", express=True)
                began = time.monotonic()
                wait(lambda code=code: code.message_id in server.copies())
                delays.append(time.monotonic() - began)
        yield Figure("code, file pleine : médiane jusqu’au serveur", sorted(delays)[CODES // 2], "s", most=2)
        yield Figure("code, file pleine : le plus lent", max(delays), "s", most=5)


def outcome(name: str, server: ServeurCourriel, *, doubts: int = 0) -> Iterator[Figure]:
    """What arrived, what is uncertain, and what is left once an administrator has decided of the uncertain ones."""
    tidy(timezone.now() + BAIL_REMISE + timedelta(seconds=1))
    uncertain = list(Courriel.objects.filter(statut=StatutCourriel.INCERTAIN))
    copies = server.copies()
    lost = [mail for mail in uncertain if mail.message_id not in copies]
    yield Figure(f"{name} : arrivés", len(copies), "courriels", least=MAILS - doubts)
    yield Figure(f"{name} : arrivés deux fois", sum(count > 1 for count in copies.values()), "courriels", most=0)
    yield Figure(f"{name} : incertains, montrés à l’administrateur", len(uncertain), "courriels", most=doubts)
    yield Figure(f"{name} : incertains et non arrivés", len(lost), "courriels")
    for mail in lost:
        mail.send_again()
    with veille(server):
        wait(lambda: not _waiting())
    copies = server.copies()
    yield Figure(f"{name} : arrivés après sa décision", len(copies), "courriels", least=MAILS)
    yield Figure(
        f"{name} : arrivés deux fois après elle", sum(count > 1 for count in copies.values()), "courriels", most=0
    )


def write(number: int) -> None:
    """Half direct mails, half notifications, each in its own transaction as the acts of a site."""
    agents = list(Agent.objects.in_office().exclude(email=None)[: number // 2])
    kind = next(iter(sortes()))
    for index in range(number):
        if index < len(agents):
            notify([agents[index]], kind, f"Nouvelle {index}", url="/annuaire/", urgente=True)
        else:
            write_mail(*_direct(index), adresse=f"boite-{index}@essai.example")
    if Courriel.objects.count() != number:
        raise RuntimeError(f"{Courriel.objects.count()} courriels écrits au lieu de {number}.")


def _direct(number: int) -> tuple[str, dict]:
    line = {"titre_complet": f"Message {number}", "url": "", "texte": "", "transmission": "", "urgente": False}
    return "notifications/courriels/resume.html", {
        "titre": f"Message {number}",
        "groupes": [{"espace": {"libelle": "Essai"}, "lignes": [line]}],
    }


@contextmanager
def _fresh(delay: float = 0.0) -> Iterator[ServeurCourriel]:
    """An empty outbox and a server that is not started."""
    Courriel.objects.all().delete()
    Notification.objects.all().delete()
    Veille.objects.all().delete()
    with tempfile.TemporaryDirectory() as folder:
        server = ServeurCourriel(Path(folder), delay=delay)
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def veille(server: ServeurCourriel) -> Iterator[subprocess.Popen]:
    environment = {
        **os.environ,
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(server.port),
        "LOG_LEVEL": "ERROR",
    }
    process = subprocess.Popen([sys.executable, str(ROOT / "manage.py"), "veille"], env=environment)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(timeout=60)


def sent() -> int:
    return Courriel.objects.filter(statut=StatutCourriel.ENVOYE).count()


def _waiting() -> bool:
    """Something will still leave, or is leaving."""
    return Courriel.objects.filter(statut__in=EN_VIE).exists()


def wait(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            states = list(Courriel.objects.exclude(statut__in=BLOQUES).values_list("statut", flat=True))
            raise RuntimeError(f"Rien n’est venu en {PATIENCE} s : {sorted(set(states))}.")
        time.sleep(0.05)
