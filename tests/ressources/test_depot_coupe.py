"""An upload cut by the network, on a real server: nothing of it stays, neither in the deposit nor on the disk."""

import gc
import time
import uuid
from collections.abc import Iterator

import pytest
from pytest_django.live_server_helper import LiveServer

from ressources.models import Depot, FichierDepose
from tests.distribution import make_distribution
from tests.ressources.deposes import files_on_disk
from tests.ressources.envois_coupes import HEAD, arrives_then_breaks, arriving, begin
from tests.sessions import session_cookie

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("megabytes", [1, 5], ids=["en memoire", "sur le disque"])
def test_what_the_network_cuts_leaves_nothing(live_server: LiveServer, megabytes: int) -> None:
    agent = make_distribution().agent_a
    name, value = session_cookie(agent)
    before, key = files_on_disk(), uuid.uuid4()
    size = megabytes * 1_000_000
    answer = begin(
        live_server.url,
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


@pytest.fixture
def uncollected() -> Iterator[None]:
    """What is only forgotten stays on the disk: Python is not to tidy up in its place."""
    gc.disable()
    yield
    gc.enable()


def test_a_line_that_breaks_leaves_nothing_either(live_server: LiveServer, uncollected: None) -> None:
    """The server is told by an error in the middle of its reading, and has nobody to answer."""
    agent = make_distribution().agent_a
    name, value = session_cookie(agent)
    before, size = files_on_disk(), 5_000_000
    body = HEAD + b"Une ligne de texte.\n" * (size // 20)
    arrives_then_breaks(live_server.url, f"/ressources/deposer/{uuid.uuid4()}/fichier/", f"{name}={value}", body)
    waited = time.monotonic() + 10
    while arriving() and time.monotonic() < waited:
        time.sleep(0.05)
    assert arriving() == []
    assert not FichierDepose.objects.exists()
    assert files_on_disk() == before
