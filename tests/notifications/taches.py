"""A background task, and `veille` in a process of its own on the test's database.

`python -m tests.notifications.taches SETTINGS` runs it; SETTINGS is a JSON object: settings, and under « bail » the
seconds after which a mail taken by a dead sender goes back to the queue. « sans_remise » takes away the mark before the
dot: the control of what the mark is for.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

import django
from django.conf import settings
from django_tasks import task


@task(backend="fond")
def add_theme(nom: str) -> int:
    """Writes a theme, so that one sees that it ran."""
    from collectivites.models import Theme  # noqa: PLC0415 the module is also run before django.setup()

    return Theme.objects.create(nom=nom, slug=nom).pk


@contextmanager
def veille(port: int, **options: object) -> Iterator[subprocess.Popen]:
    """A running `veille` that sends to that port; ended by SIGTERM if the test has not killed it."""
    database = {**settings.DATABASES["default"], "NAME": settings.DATABASES["default"]["NAME"]}
    options |= {
        "DATABASE": str(database["NAME"]),
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": port,
    }
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "extranet.settings.test"}
    command = [sys.executable, "-m", "tests.notifications.taches", json.dumps(options)]
    process = subprocess.Popen(command, env=environment)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=30)
            process.kill()


def wait_for(condition: object, seconds: float = 30) -> None:
    """Until `condition()` is true; fails the test after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "Rien n’est venu à temps."
        time.sleep(0.05)


def _main(options: dict) -> None:
    settings.DATABASES["default"]["NAME"] = options.pop("DATABASE")
    bail, without_mark = options.pop("bail", None), options.pop("sans_remise", False)
    for name, value in options.items():
        setattr(settings, name, value)
    django.setup()
    from notifications.models import Courriel, courriel  # noqa: PLC0415
    from notifications.veille import Veilleur  # noqa: PLC0415

    if bail is not None:
        courriel.BAIL = timedelta(seconds=bail)
    if without_mark:
        Courriel.hand_over = lambda self: True
    Veilleur().run()


if __name__ == "__main__":
    _main(json.loads(sys.argv[1]))
