"""When it goes wrong: what happened, what became of one's work, where to go."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from tests.distribution import Distribution
from tests.e2e.browser import picture
from tests.e2e.conftest import Visitor
from tests.e2e.controles import check_page
from tests.e2e.pages import Connexion

Visit = Callable[..., Visitor]


def is_told(page: Page, title: str, name: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    picture(page, f"erreur-{name}")
    check_page(page)


def test_a_page_that_does_not_exist(visitor: Visit, distribution: Distribution) -> None:
    page = visitor(distribution.agent_a).context.new_page()
    assert page.goto("/annuaire/agents/personne/").status == 404
    is_told(page, "Cette page n’existe plus", "404")
    page.get_by_role("link", name="Rechercher partout").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rechercher partout")


def test_a_stranger_learns_nothing_of_what_exists(visitor: Visit, distribution: Distribution) -> None:
    page = visitor().go("/annuaire/agents/personne/")
    there = page.url.replace("personne", "…")
    page.goto(distribution.agent_a.get_absolute_url())
    expect(Connexion(page).address).to_be_visible()
    assert page.url.replace("alain-aval", "…") == there


def test_a_page_that_is_reserved(visitor: Visit, distribution: Distribution) -> None:
    page = visitor(distribution.agent_a).context.new_page()
    assert page.goto("/annuaire/inviter/").status == 403
    expect(page.locator("main")).to_contain_text("Gisele Aval")
    is_told(page, "Cette page est réservée aux gestionnaires d’Aval", "403")


@pytest.mark.parametrize(
    ("path", "status", "title"),
    [("/panne/", 500, "L’extranet a eu une panne"), ("/base-absente/", 503, "L’extranet revient bientôt")],
    ids=["500", "503"],
)
def test_what_is_broken(
    visitor: Visit, distribution: Distribution, settings: Settings, path: str, status: int, title: str
) -> None:
    settings.ROOT_URLCONF = "tests.e2e.urls_essai"
    person = visitor(distribution.agent_a)
    page = person.context.new_page()
    assert page.goto(path).status == status
    is_told(page, title, str(status))
    person.watch.forgive(path)


def test_the_site_is_closed_for_a_while(visitor: Visit, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "maintenance").write_text("2030-05-12T14:00\n0353010000\n")
    settings.DATA_DIR = tmp_path
    person = visitor()
    page = person.context.new_page()
    assert page.goto("/annuaire/").status == 503
    expect(page.get_by_role("link", name="03 53 01 00 00")).to_be_visible()
    is_told(page, "L’extranet revient dimanche 12 mai 2030 vers 14 h", "travaux")
    person.watch.forgive("/annuaire/")


def test_too_many_tries(visitor: Visit, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "1/m/ip"}
    page = visitor().go("/connexion/")
    Connexion(page).ask_code("inconnue@essai.example")
    page.goto("/connexion/")
    Connexion(page).address.fill("inconnue@essai.example")
    page.get_by_role("button", name="Recevoir un code").click()
    is_told(page, "Trop d’essais en peu de temps", "429")


def test_a_page_that_stayed_open_too_long(visitor: Visit) -> None:
    person = visitor()
    page = person.go("/connexion/")
    person.context.clear_cookies()
    Connexion(page).address.fill("inconnue@essai.example")
    page.get_by_role("button", name="Recevoir un code").click()
    is_told(page, "Cette page est restée ouverte trop longtemps", "jeton")


@pytest.mark.parametrize("path", ["/composants/", "/courriels/"])
def test_the_pages_of_development(visitor: Visit, distribution: Distribution, settings: Settings, path: str) -> None:
    settings.ROOT_URLCONF = "tests.e2e.urls_essai"
    page = visitor(distribution.agent_a).go(path)
    picture(page, f"dev{path.replace('/', '-')}")
    check_page(page)
