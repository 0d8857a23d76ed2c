"""Light, dark or as the system: a choice that lasts, and paper that is always light."""

import io
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from pypdf.generic import ContentStream

from tests.distribution import Distribution
from tests.e2e.browser import picture
from tests.e2e.conftest import Visitor
from tests.e2e.controles import in_theme
from tests.e2e.pages import Entete

Visit = Callable[..., Visitor]
GROUND = "() => getComputedStyle(document.body).backgroundColor"
LIGHT, DARK = "rgb(245, 245, 240)", "rgb(16, 26, 27)"


def looks(page: Page, theme: str, ground: str) -> None:
    expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)
    assert page.evaluate(GROUND) == ground


@pytest.mark.parametrize("phone", [False, True], ids=["bureau", "telephone"])
def test_the_choice_is_kept(visitor: Visit, distribution: Distribution, phone: bool) -> None:
    person = visitor(distribution.agent_a, phone=phone)
    page = person.go("/")
    looks(page, "light", LIGHT)
    Entete(page).choose_theme("Sombre")
    looks(page, "dark", DARK)
    expect(page.get_by_role("button", name="Sombre")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Auto")).to_have_attribute("aria-pressed", "false")
    picture(page, f"apparence-sombre-{phone}")
    page.reload()
    looks(page, "dark", DARK)
    other = person.context.new_page()
    other.goto("/compte/")
    looks(other, "dark", DARK)
    Entete(other).log_out()
    looks(other, "dark", DARK)  # the login page too
    other.emulate_media(color_scheme="dark")
    Entete(other).choose_theme("Clair")
    looks(other, "light", LIGHT)
    looks(page, "light", LIGHT)  # the other tab follows


def test_auto_follows_the_system(visitor: Visit, distribution: Distribution) -> None:
    page = visitor(distribution.agent_a, dark=True).go("/")
    looks(page, "dark", DARK)
    in_theme(page, "light")
    looks(page, "light", LIGHT)
    Entete(page).choose_theme("Clair")
    page.emulate_media(color_scheme="dark")
    looks(page, "light", LIGHT)
    Entete(page).choose_theme("Auto")
    looks(page, "dark", DARK)


def test_the_dark_page_is_never_light_first(visitor: Visit, distribution: Distribution) -> None:
    """The script of the head runs before anything is drawn: no flash in the other colour."""
    page = visitor(distribution.agent_a).go("/")
    Entete(page).choose_theme("Sombre")
    page.add_init_script(
        """window.seen = [];
        new MutationObserver(() => {
          if (document.body) window.seen.push(document.documentElement.dataset.bsTheme);
        }).observe(document, {childList: true, subtree: true, attributes: true});"""
    )
    page.reload()
    seen = page.evaluate("window.seen")
    assert seen
    assert set(seen) == {"dark"}


def ink(pdf: bytes) -> list[float]:
    """Luminance (0 black, 1 white) of the colour of each piece of text."""
    found = []
    for page in PdfReader(io.BytesIO(pdf)).pages:
        colour = (0.0, 0.0, 0.0)
        for operands, operator in ContentStream(page.get_contents(), page.pdf).operations:
            if operator == b"rg":
                colour = tuple(float(part) for part in operands)
            elif operator == b"g":
                colour = (float(operands[0]),) * 3
            elif operator in {b"Tj", b"TJ"}:
                found.append(0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2])
    return found


def test_paper_is_light(visitor: Visit, distribution: Distribution) -> None:
    """The same sheet from the light and from the dark page: no pale words on white paper."""
    page = visitor(distribution.agent_a).go(distribution.a.get_absolute_url())
    light = page.pdf()
    Entete(page).choose_theme("Sombre")
    dark = page.pdf()
    looks(page, "dark", DARK)  # the screen comes back as it was
    assert len(ink(light)) > 20
    assert ink(dark) == ink(light)
    words = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(dark)).pages)
    assert "Alain Aval" in words
    assert "Besoin d’aide" not in words
    assert "Apparence" not in words
    assert "Rechercher" not in words
