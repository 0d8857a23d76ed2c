"""The accounts of mutual help and the calendar address, in the browser: sound pages, and an address that is copied."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from collectivites.models import Collectivite
from materiel.entraide import agendas
from tests.distribution import Distribution
from tests.e2e.browser import picture
from tests.e2e.conftest import Visitor
from tests.e2e.controles import check_and_keep, check_page
from tests.materiel.factories import make_materiel
from tests.materiel.prets import commune, keeper, manager
from tests.materiel.test_entraide import PAGE, closed

Visit = Callable[..., Visitor]


@pytest.fixture
def tavaux(live_server: object, distribution: Distribution) -> Collectivite:
    """Two years of loans with its neighbours, and an address already given."""
    place, other = commune("Tavaux"), commune("Foucherans")
    podium = make_materiel("Podium", collectivite=place, categorie_code="fetes")
    closed(podium, other, "120.10")
    closed(podium, commune("Gevry"), "1230.05")
    closed(make_materiel("Nacelle", collectivite=other), place, "80")
    closed(podium, other, "45", year=2024)
    agendas.create(manager(place), place)
    return place


@pytest.mark.parametrize("phone", [False, True], ids=["bureau", "telephone"])
def test_sound_pages(visitor: Visit, tavaux: Collectivite, phone: bool) -> None:
    look = "telephone" if phone else "bureau"
    who = visitor(keeper(tavaux), phone=phone)
    for name, path in (
        ("entraide", f"{PAGE}?annee=2025"),
        ("agenda", "/materiel/agenda/"),
        ("collectivite", tavaux.get_absolute_url()),
    ):
        page = who.go(path)
        check_and_keep(page, f"compte/{name}-{look}")


def test_an_address_is_made_read_and_revoked(visitor: Visit, tavaux: Collectivite) -> None:
    page = visitor(keeper(tavaux), phone=True).go("/materiel/prets/")
    page.get_by_role("link", name="Dans votre agenda").tap()
    page.get_by_role("button", name="Créer mon adresse").tap()
    address = page.get_by_label("Adresse du calendrier").input_value()
    picture(page, "compte/agenda-adresse")
    check_page(page)
    assert page.request.get(address).text().startswith("BEGIN:VCALENDAR")
    page.reload()
    expect(page.get_by_label("Adresse du calendrier")).to_have_count(0)
    page.get_by_role("button", name="Révoquer ma propre adresse").tap()
    expect(page.locator("#messages")).to_contain_text("Cette adresse ne répond plus.")
    assert page.request.get(address).status == 404


def test_on_paper_the_figures_remain_and_the_buttons_go(visitor: Visit, tavaux: Collectivite) -> None:
    page = visitor(keeper(tavaux)).go(f"{PAGE}?annee=2025")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_have_text("L’entraide en 2025")
    expect(page.locator("#soldes table")).to_be_visible()
    expect(page.get_by_role("link", name="Tableau XLSX")).to_be_hidden()
    expect(page.locator(".ec-seg")).to_be_hidden()
    picture(page, "compte/entraide-papier")
