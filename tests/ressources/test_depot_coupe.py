"""An upload cut by the network, on a real server: nothing of it stays, neither in the deposit nor on the disk."""

import socket
import uuid
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from pytest_django.live_server_helper import LiveServer

from ressources.models import Depot, FichierDepose
from tests.distribution import make_distribution
from tests.ressources.deposes import files_on_disk
from tests.sessions import session_cookie

pytestmark = pytest.mark.django_db(transaction=True)

FRONTIER, TOKEN = "frontiere", "a" * 32
HEAD = (
    f'--{FRONTIER}\r\nContent-Disposition: form-data; name="fichiers"; filename="note.txt"\r\n'
    "Content-Type: text/plain\r\n\r\n"
).encode()


def begin(server: LiveServer, path: str, cookie: str, *, announced: int, sent: bytes) -> str:
    """Sends the beginning of a request, then hangs up."""
    where = urlsplit(server.url)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {where.netloc}\r\nCookie: {cookie}; csrftoken={TOKEN}\r\n"
        f"X-CSRFToken: {TOKEN}\r\nHX-Request: true\r\nContent-Length: {announced}\r\n"
        f"Content-Type: multipart/form-data; boundary={FRONTIER}\r\n\r\n"
    )
    with socket.create_connection((where.hostname, where.port)) as line:
        line.sendall(head.encode() + sent)
        line.shutdown(socket.SHUT_WR)
        line.settimeout(20)
        # The answer comes once all that was sent has been read.
        answer = b""
        while heard := line.recv(65_536):
            answer += heard
    return answer.decode("utf-8", "replace")


def arriving() -> list[Path]:
    return list(Path(settings.FILE_UPLOAD_TEMP_DIR).glob("*.upload*"))


@pytest.mark.parametrize("megabytes", [1, 5], ids=["en memoire", "sur le disque"])
def test_what_the_network_cuts_leaves_nothing(live_server: LiveServer, megabytes: int) -> None:
    agent = make_distribution().agent_a
    name, value = session_cookie(agent)
    before, key = files_on_disk(), uuid.uuid4()
    size = megabytes * 1_000_000
    answer = begin(
        live_server,
        f"/ressources/deposer/{key}/fichier/",
        f"{name}={value}",
        announced=2 * size,
        sent=HEAD + b"Une ligne de texte.\n" * (size // 20),
    )
    assert "s’est interrompu" in answer
    assert not FichierDepose.objects.exists()
    assert not Depot.objects.exists()
    assert files_on_disk() == before
    assert arriving() == []
