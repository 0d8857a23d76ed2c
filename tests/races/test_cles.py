"""A double click is two requests at once: one row, whatever the engine; without the key, two."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from collectivites.models import CleUtilisee, Expertise
from tests.collectivites.factories import AgentFactory, PosteFactory
from tests.sessions import open_session

CLICKS = 12

pytestmark = [
    pytest.mark.races,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.collectivites.essai"),
]


def click_together(client: Client, path: str, words: list[str], key: str) -> list[int]:
    """Sends the same form from as many threads as words, all released at the same moment."""
    start = threading.Barrier(len(words))

    def click(libelle: str) -> int:
        mine = Client(raise_request_exception=False)
        mine.cookies = client.cookies
        start.wait()
        try:
            return mine.post(path, {"cle_unique": key, "libelle": libelle}).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(words)) as pool:
        return list(pool.map(click, words))


@pytest.fixture
def client() -> Client:
    return open_session(PosteFactory(agent=AgentFactory(notice_vue_le=timezone.now())).agent)


def key_of(client: Client) -> str:
    return re.search(r'name="cle_unique" value="([^"]+)"', client.get("/essai/").content.decode())[1]


def test_one_key_makes_one_row(client: Client) -> None:
    """The words differ, so that only the key, and no other rule, can make them one."""
    words = [f"Paie {rank}" for rank in range(CLICKS)]
    statuses = click_together(client, "/essai/", words, key_of(client))
    assert set(statuses) == {302}
    assert Expertise.objects.count() == CleUtilisee.objects.count() == 1


def test_without_the_key_each_click_makes_a_row(client: Client) -> None:
    """The control: the same clicks do race."""
    words = [f"Paie {rank}" for rank in range(CLICKS)]
    click_together(client, "/essai/sans-cle/", words, "")
    assert Expertise.objects.count() == CLICKS
