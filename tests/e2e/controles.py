"""What every page owes to everybody, checked on the page as it stands: menus open, errors shown, light then dark."""

from playwright.sync_api import Page, expect

from tests.e2e.browser import axe, no_horizontal_scroll, picture

STRUCTURE = """() => ({
  lang: document.documentElement.lang,
  titles: [...document.querySelectorAll('h1')].map(node => node.innerText.trim()),
  duplicates: [...document.querySelectorAll('[id]')].map(node => node.id)
    .filter((id, rank, all) => all.indexOf(id) !== rank),
  torn: document.body.innerText.match(/.{0,20}[\\wà-ÿ’»)] [:;?!»](?=\\s|$)|« .{0,20}/gmu) || [],
})"""


def in_theme(page: Page, theme: str) -> None:
    """Light or dark, as the system asks, without loading the page again."""
    page.emulate_media(color_scheme=theme)
    expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)


def check_page(page: Page) -> None:
    """French, one title, no accessibility fault in light and dark, nothing past the edge at any width."""
    # A click gives the hand back as soon as the next page begins: what is judged is a page that is all there.
    page.wait_for_load_state()
    page.wait_for_function("document.readyState === 'complete'")
    found = page.evaluate(STRUCTURE)
    assert found["lang"] == "fr", page.url
    assert len(found["titles"]) == 1, (page.url, found["titles"])
    assert found["titles"][0], page.url
    assert not found["duplicates"], (page.url, found["duplicates"])
    assert not found["torn"], (page.url, found["torn"])  # « : » alone at the head of a line
    assert page.title().strip(" ·"), page.url
    axe(page)
    no_horizontal_scroll(page)
    in_theme(page, "dark")
    axe(page)
    in_theme(page, "light")


def check_and_keep(page: Page, name: str) -> None:
    """As `check_page`, with a picture of each theme: `name` says the step and the screen."""
    for theme, said in (("dark", "sombre"), ("light", "clair")):
        in_theme(page, theme)
        picture(page, f"{name}-{said}")
    check_page(page)
