"""Kinds of notification of the tests, and a real mail server."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from extranet.lib.apports import Sorte
from notifications import envoi, preferences
from tests.serveur_courriel import ServeurCourriel

SORTES = {
    "essai": Sorte("essai", "annuaire", "Un essai", "pour voir"),
    "jour": Sorte("jour", "accueil", "Une nouvelle du jour", frequence="quotidien"),
    "semaine": Sorte("semaine", "annuaire", "Une nouvelle de la semaine", frequence="hebdomadaire"),
    "reservee": Sorte("reservee", "accueil", "Pour Élise seule", pour=lambda agent: agent.prenom == "Elise"),
    "imposee": Sorte("imposee", "annuaire", "Un changement grave", imposee=True),
}


@pytest.fixture(autouse=True)
def sortes(monkeypatch: pytest.MonkeyPatch) -> dict[str, Sorte]:
    """The kinds that the tests tell, in place of those of the apps."""
    for module in (preferences, envoi):
        monkeypatch.setattr(module, "sortes", lambda: SORTES)
    return SORTES


@pytest.fixture
def mail_server(tmp_path: Path, settings: Settings) -> Iterator[Callable[..., ServeurCourriel]]:
    """`mail_server()` starts one and sends this test's mails there; `mail_server(started=False)` leaves it dead."""
    servers = []

    def make(*, started: bool = True, delay: float = 0.0) -> ServeurCourriel:
        server = ServeurCourriel(tmp_path, delay=delay)
        servers.append(server)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        if started:
            server.start()
        return server

    yield make
    for server in servers:
        server.stop()
