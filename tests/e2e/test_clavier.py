"""The whole site without a mouse: where one is is always seen, and one can always go on."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from collectivites.models import Agent, Poste
from tests.distribution import Distribution
from tests.e2e.browser import picture
from tests.e2e.conftest import Visitor
from tests.e2e.pages import Entete
from tests.notifications.factories import NotificationFactory

Visit = Callable[..., Visitor]
PATHS = ["/", "/annuaire/inviter/", "/notifications/preferences/", "/compte/", "fiche", "/connexion/"]
MOST_STOPS = 150

# Where the focus is: what it is called, whether all of it can be seen, and what marks it.
STOP = """() => {
  const node = document.activeElement;
  if (!node || node === document.body) return null;
  const box = node.getBoundingClientRect();
  const marked = (el, pseudo) => {
    const style = el && getComputedStyle(el, pseudo);
    return !!style && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  };
  const near = [node, node.parentElement, node.parentElement.parentElement, node.closest('label')];
  const inside = other => other && (other === node || node.contains(other) || other.contains(node)
    || (node.labels && [...node.labels].some(label => label.contains(other))));
  const points = [[.5, .5], [.1, .2], [.9, .2], [.1, .8], [.9, .8]]
    .map(([x, y]) => [box.left + box.width * x, box.top + box.height * y]);
  return {
    name: node.outerHTML.replace(/\\s+/g, ' ').slice(0, 110),
    rank: [...document.querySelectorAll('*')].indexOf(node),
    // The whole of it inside the window, and at five points nothing else above it.
    seen: box.top >= -1 && box.bottom <= innerHeight + 1 && box.left >= -1 && box.right <= innerWidth + 1
      || box.height > innerHeight,
    covered: points.filter(([x, y]) => !inside(document.elementFromPoint(x, y))).length,
    // On itself, or drawn around what holds it: the field of the search, the label of a choice.
    marked: near.some(el => marked(el) || marked(el, '::after') || marked(el, '::before')),
  };
}"""


def walk(page: Page) -> Iterator[dict]:
    """Each stop from the top, until the focus leaves the page by its end."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None:
            return
        yield stop
    raise AssertionError(f"{page.url} : le clavier ne sort pas de la page.")


def walk_back(page: Page, stops: int) -> Iterator[dict]:
    """Each stop up to the top, from the last of these."""
    for step in range(stops):
        page.keyboard.press("Shift+Tab")
        stop = page.evaluate(STOP)
        assert stop is not None, f"{page.url} : perdu à {step + 1} pas de la fin."
        yield stop


def check_stops(page: Page, stops: list[dict]) -> list[int]:
    """Their order, once each is known to be seen."""
    faults = [stop for stop in stops if not stop["seen"] or stop["covered"] or not stop["marked"]]
    assert not faults, f"{page.url}\n" + "\n".join(map(str, faults))
    return [stop["rank"] for stop in stops]


@pytest.fixture
def busy(distribution: Distribution) -> Agent:
    """With a menu of each kind in the header, and things to read on each page."""
    agent = distribution.partage_ab
    Poste.objects.filter(agent=agent).update(gestionnaire=True, telephone="0199001122")
    for number in range(6):
        then = timezone.now() - timedelta(hours=number)
        NotificationFactory(destinataire=agent, titre=f"Ligne {number}", url="/aide/", created_at=then)
    return agent


@pytest.mark.parametrize("phone", [False, True], ids=["bureau", "telephone"])
@pytest.mark.parametrize("path", PATHS)
def test_every_stop_is_seen_forward_and_back(visitor: Visit, busy: Agent, path: str, phone: bool) -> None:
    """WCAG 2.1.2, 2.4.3, 2.4.7, 2.4.11; on a phone nothing stops under the bar of areas."""
    person = visitor(None if path == "/connexion/" else busy, phone=phone)
    page = person.go(busy.get_absolute_url() if path == "fiche" else path)
    order = check_stops(page, list(walk(page)))
    assert len(order) > 8
    assert order == sorted(order)  # the order of the page: nothing jumps
    back = check_stops(page, list(walk_back(page, len(order))))
    assert back == list(reversed(order))


def test_the_skip_link_leads_to_the_content(visitor: Visit, distribution: Distribution) -> None:
    page = visitor(distribution.agent_a).go("/annuaire/")
    skip = page.get_by_role("link", name="Aller au contenu")
    expect(skip).not_to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    picture(page, "clavier-1-evitement")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_the_tabs_by_keyboard(visitor: Visit, distribution: Distribution) -> None:
    page = visitor(distribution.agent_a).go("/")
    tabs = Entete(page).tabs.get_by_role("link")
    expect(tabs.first).to_have_attribute("aria-current", "page")
    tabs.first.focus()
    page.keyboard.press("Tab")
    expect(tabs.nth(1)).to_be_focused()
    picture(page, "clavier-2-onglets")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ressources")
    expect(tabs.nth(1)).to_have_attribute("aria-current", "page")
    expect(tabs.first).not_to_have_attribute("aria-current", "page")


def test_the_menu_of_the_account_by_keyboard(visitor: Visit, distribution: Distribution) -> None:
    page = visitor(distribution.agent_a).go("/")
    button = Entete(page).account
    card, leave = page.get_by_role("link", name="Ma fiche"), page.get_by_role("button", name="Se déconnecter")
    expect(card).to_be_hidden()
    button.focus()
    expect(button).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(card).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(card).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Mes notifications")).to_be_focused()
    picture(page, "clavier-3-compte")
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(button).to_be_focused()
    page.keyboard.press("Space")
    expect(card).to_be_visible()
    for _ in range(8):  # Tab goes through the menu, then out of it, which closes it
        page.keyboard.press("Tab")
    expect(leave).to_be_hidden()
