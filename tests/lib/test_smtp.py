"""Handing a mail over, against a real server."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives
from pytest_django import Settings

from extranet.lib.smtp import (
    Connexion,
    Interruption,
    RefusDefinitif,
    RefusTemporaire,
    RemiseIncertaine,
    RemiseRetiree,
    ServeurIndisponible,
)
from tests.serveur_courriel import ServeurCourriel


@pytest.fixture
def server(tmp_path: Path, settings: Settings):
    with ServeurCourriel(tmp_path) as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


def mail(to: str = "boite@essai.example", body: str = "Bonjour") -> EmailMultiAlternatives:
    return EmailMultiAlternatives("Essai", body, to=[to])


def send(message: EmailMultiAlternatives, before_dot: Callable[[], bool] = lambda: True) -> None:
    connexion = Connexion()
    try:
        connexion.deliver(message, before_dot)
    finally:
        connexion.close()


def test_a_mail_arrives_whole(server: ServeurCourriel):
    send(mail(body="Une ligne\n.\n.. deux points\rfin"))
    (received,) = server.received()
    assert received["a"] == "boite@essai.example"


def test_several_mails_share_a_connection(server: ServeurCourriel):
    connexion = Connexion()
    for number in range(3):
        connexion.deliver(mail(f"boite-{number}@essai.example"), lambda: True)
    first = connexion.backend.connection
    connexion.deliver(mail(), lambda: True)
    assert connexion.backend.connection is first
    connexion.close()
    assert len(server.received()) == 4


def test_nothing_arrives_when_the_mail_is_no_longer_ours(server: ServeurCourriel):
    with pytest.raises(RemiseRetiree):
        send(mail(), before_dot=lambda: False)
    assert server.received() == []


def test_nothing_arrives_when_writing_down_fails(server: ServeurCourriel):
    def fail() -> bool:
        raise OSError("disque plein")

    with pytest.raises(OSError, match="disque plein"):
        send(mail(), before_dot=fail)
    assert server.received() == []


@pytest.mark.parametrize(
    ("address", "error", "code"),
    [
        ("refuse@essai.example", RefusDefinitif, 550),
        ("plus-tard@essai.example", RefusTemporaire, 451),
        ("cher@essai.example", RefusDefinitif, 554),
        ("coupe@essai.example", Interruption, None),
        ("muet@essai.example", RemiseIncertaine, None),
        ("été@essai.example", RefusDefinitif, None),
    ],
)
def test_refusals(server: ServeurCourriel, address: str, error: type[Exception], code: int | None):
    with pytest.raises(error) as raised:
        send(mail(address))
    assert raised.value.code == code


def test_a_refusal_leaves_the_connection_to_the_next_mail(server: ServeurCourriel):
    connexion = Connexion()
    for address in ("refuse@essai.example", "cher@essai.example"):
        with pytest.raises(RefusDefinitif):
            connexion.deliver(mail(address), lambda: True)
    connexion.deliver(mail(), lambda: True)
    connexion.close()
    assert len(server.received()) == 1


def test_a_dead_server_refuses_no_mail(server: ServeurCourriel):
    server.stop()
    with pytest.raises(ServeurIndisponible):
        send(mail())


def test_a_refused_sender_is_not_the_fault_of_the_mail(server: ServeurCourriel, settings: Settings):
    settings.DEFAULT_FROM_EMAIL = "x" * 600 + "@essai.example"
    with pytest.raises(ServeurIndisponible):
        send(mail())
