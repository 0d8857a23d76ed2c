"""A real server, a real browser: one Chromium per worker, one context per visitor, every complaint of a page fails."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from collectivites.models import Agent
from tests.e2e.browser import Watch
from tests.sessions import session_cookie

DESKTOP = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.e2e)


# A busy machine is slow, not wrong.
PATIENCE = 15_000  # ms
expect.set_options(timeout=PATIENCE)


def find_chromium() -> str:
    script = Path(settings.BASE_DIR) / "script" / "navigateur"
    return subprocess.run([str(script)], capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    # Playwright's loop runs in this thread, and Django would take our queries for asynchronous ones.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        yield browser
        browser.close()


class Visitor:
    """One person at one screen: a context of the browser, its pages, and what they complained of."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context = context
        self.url = url
        self.watch = Watch(context)

    def log_in(self, agent: Agent) -> None:
        """As after a whole login; the journeys of the login itself go through its pages."""
        name, value = session_cookie(agent)
        self.context.add_cookies([{"name": name, "value": value, "url": self.url}])

    def go(self, path: str = "/") -> Page:
        page = self.context.pages[0] if self.context.pages else self.context.new_page()
        page.goto(path)
        return page


@pytest.fixture
def visitor(chromium: Browser, live_server: LiveServer) -> Iterator[Callable[..., Visitor]]:
    """`visitor(agent, phone=True, dark=True)`; several may visit in one test. Complaints are told at the end."""
    visitors: list[Visitor] = []

    def visit(agent: Agent | None = None, *, phone: bool = False, dark: bool = False, **options: object) -> Visitor:
        context = chromium.new_context(
            base_url=live_server.url,
            locale="fr-FR",
            timezone_id="Europe/Paris",
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            **{**(PHONE if phone else DESKTOP), **options},
        )
        context.set_default_timeout(PATIENCE)
        person = Visitor(context, live_server.url)
        visitors.append(person)
        if agent:
            person.log_in(agent)
        return person

    yield visit
    complaints = [complaint for person in visitors for complaint in person.watch.complaints]
    for person in visitors:
        person.context.close()
    assert not complaints, "\n".join(complaints)
