"""`veille` as a process: it sends, works, stops when asked, and may be killed at the worst moment."""

import signal
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from collectivites.models import Theme
from notifications.enums import StatutCourriel
from notifications.expedition import tidy
from notifications.models import Courriel, Passage, Veille
from notifications.models.courriel import BAIL_REMISE
from notifications.veille import CHANCES, Veilleur, age_veille, take_back_tasks
from tests.notifications.factories import CourrielFactory
from tests.notifications.taches import add_theme, veille, wait_for

real_database = pytest.mark.django_db(transaction=True)
pytestmark = pytest.mark.lent


def sent() -> int:
    return Courriel.objects.filter(statut=StatutCourriel.ENVOYE).count()


@real_database
def test_it_sends_works_and_stops_when_asked(mail_server: Callable):
    server = mail_server()
    CourrielFactory.create_batch(5)
    add_theme.enqueue("fait-par-la-veille")
    with veille(server.port) as process:
        wait_for(lambda: sent() == 5 and Theme.objects.filter(slug="fait-par-la-veille").exists())
        wait_for(lambda: Passage.objects.filter(nom="resumes", reussi_le__isnull=False).exists())
        assert age_veille() < timedelta(seconds=10)
        start = timezone.now()
        CourrielFactory(express=True)
        wait_for(lambda: sent() == 6)
        assert timezone.now() - start < timedelta(seconds=2)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    assert Veille.objects.get().arretee_le is not None
    assert age_veille() is None
    assert set(server.copies().values()) == {1}


@real_database
def test_two_do_nothing_twice(mail_server: Callable):
    server = mail_server(delay=0.01)
    CourrielFactory.create_batch(40)
    with veille(server.port), veille(server.port):
        wait_for(lambda: sent() == 40)
        wait_for(lambda: Veille.objects.count() == 2)
    assert set(server.copies().values()) == {1}
    assert len(server.copies()) == 40


@real_database
def test_a_dead_server_then_kill_9_in_the_middle_every_mail_once(mail_server: Callable):
    """The small sibling of `script/epreuve courriels`: killed when the server has the mail and has not said so."""
    server = mail_server(started=False, delay=0.3)
    CourrielFactory.create_batch(30)
    with veille(server.port, bail=2) as process:
        wait_for(lambda: Veille.objects.exists())
        assert sent() == 0
        server.start()
        wait_for(lambda: len(server.received()) >= 3)
        process.kill()
        process.wait(timeout=10)
    (doubtful,) = Courriel.objects.filter(statut=StatutCourriel.REMISE)
    server.stop()
    server.delay = 0
    server.start()
    with veille(server.port, bail=2):
        wait_for(lambda: sent() == 29)
    assert set(server.copies().values()) == {1}
    assert len(server.copies()) == 30
    assert doubtful.message_id in server.copies()
    tidy(timezone.now() + BAIL_REMISE + timedelta(seconds=1))
    assert Courriel.objects.blocked().get() == doubtful


@real_database
def test_without_the_mark_before_the_dot_the_same_kill_sends_twice(mail_server: Callable):
    """The control: what the other test would show if « remise » were not written."""
    server = mail_server(delay=0.3)
    CourrielFactory.create_batch(3)
    with veille(server.port, bail=2, sans_remise=True) as process:
        wait_for(lambda: server.received())
        process.kill()
        process.wait(timeout=10)
    with veille(server.port, bail=2, sans_remise=True):
        wait_for(lambda: max(server.copies().values()) == 2)


@real_database
def test_a_code_passes_before_five_hundred_mails_of_a_slow_server(mail_server: Callable):
    server = mail_server(delay=0.5)
    CourrielFactory.create_batch(40)
    with veille(server.port):
        wait_for(lambda: server.received())
        code = CourrielFactory(express=True)
        start = timezone.now()
        wait_for(lambda: code.message_id in server.copies())
        assert timezone.now() - start < timedelta(seconds=3)
        assert Courriel.objects.due().count() > 20


def test_a_step_that_fails_does_not_end_the_work(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture):
    monkeypatch.setattr("notifications.veille.APRES_PANNE", 0)
    failures = [OperationalError("la base redémarre\ndétails"), ValueError("imprévu")]
    veilleur = Veilleur()

    def step() -> None:
        if not failures:
            return veilleur.stop.set()
        raise failures.pop(0)

    veilleur._loop(step, 0)
    assert failures == []
    assert "veille.base_indisponible la base redémarre" in caplog.text
    assert "ValueError: imprévu" in caplog.text


@pytest.mark.django_db
class TestTasks:
    def running(self, *workers: str) -> DBTaskResult:
        task = add_theme.enqueue("perdue").db_result
        task.status, task.worker_ids, task.started_at = TaskResultStatus.RUNNING, list(workers), timezone.now()
        task.save()
        return task

    def test_that_of_a_dead_process_goes_back_to_the_queue(self):
        Veille.objects.create(identifiant="morte", battement_le=timezone.now() - timedelta(minutes=2))
        task = self.running("morte")
        assert take_back_tasks() == 1
        task.refresh_from_db()
        assert task.status == TaskResultStatus.READY

    def test_that_of_a_living_one_is_left_alone(self):
        Veille.objects.create(identifiant="vive")
        self.running("morte", "vive")
        assert take_back_tasks() == 0

    def test_one_that_kills_its_workers_fails_in_the_end(self):
        task = self.running(*["morte"] * CHANCES)
        assert take_back_tasks() == 0
        task.refresh_from_db()
        assert task.status == TaskResultStatus.FAILED
        assert "Interrompue 3 fois" in task.traceback
