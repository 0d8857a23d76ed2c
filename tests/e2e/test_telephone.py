"""On a phone, with a thumb: from the home page to the number of a colleague."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from collectivites.models import Poste
from tests.distribution import Distribution
from tests.e2e.browser import every, picture
from tests.e2e.conftest import Visitor
from tests.e2e.controles import check_page
from tests.e2e.pages import Entete

Visit = Callable[..., Visitor]
THUMB = 44  # px: WCAG 2.5.5, and the design


def tap(page: Page, target) -> None:
    """A tap of a thumb, on something wide enough for it."""
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    assert min(box["width"], box["height"]) >= THUMB, (target, box)
    target.tap()


def test_a_number_is_three_taps_away(visitor: Visit, distribution: Distribution) -> None:
    """One on the search, one to send it, one on the person: then the number is there, to be called."""
    poste = Poste.objects.get(agent=distribution.secretaire_b)
    poste.telephone = "0199001122"
    poste.save()
    page = visitor(distribution.agent_a, phone=True).go("/")
    search = Entete(page).search
    tap(page, search.get_by_role("combobox"))
    page.keyboard.type("simone")
    expect(page.get_by_role("option", name="Simone Bourg")).to_contain_text("01 99 00 11 22")
    tap(page, search.get_by_role("button", name="Rechercher"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Rechercher partout")
    picture(page, "telephone-1-resultats")
    check_page(page)
    tap(page, page.get_by_role("link", name="Simone Bourg", exact=True))
    call = page.get_by_role("link", name="01 99 00 11 22").first
    expect(call).to_be_in_viewport(ratio=1)
    expect(call).to_have_attribute("href", "tel:+33199001122")
    assert min(call.bounding_box()["width"], call.bounding_box()["height"]) >= THUMB
    picture(page, "telephone-2-fiche")
    check_page(page)


def test_the_bar_of_areas_is_under_the_thumb(visitor: Visit, distribution: Distribution) -> None:
    page = visitor(distribution.agent_a, phone=True).go("/")
    bar = Entete(page).tabs
    for link in every(bar.get_by_role("link")):
        box = link.bounding_box()
        assert min(box["width"], box["height"]) >= THUMB
        assert box["y"] > 844 - 80, box
    tap(page, bar.get_by_role("link", name="Annuaire"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Annuaire")
    page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    theme = page.get_by_role("group", name="Apparence")  # the last thing of the page is above the bar
    assert theme.bounding_box()["y"] + theme.bounding_box()["height"] <= bar.bounding_box()["y"]
