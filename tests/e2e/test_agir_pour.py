"""« Vous agissez pour »: the plate of the header, by mouse, by touch and by keyboard, and forms already open."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from annuaire.models import Invitation as InvitationModel
from collectivites.models import Agent, Poste
from tests.distribution import Distribution
from tests.e2e.browser import axe, picture
from tests.e2e.conftest import Visitor
from tests.e2e.controles import check_page
from tests.e2e.pages import Entete, Invitation

Visit = Callable[..., Visitor]


@pytest.fixture
def shared(distribution: Distribution) -> Agent:
    """Of A and B, gestionnaire in both; A first, where the week is longer."""
    Poste.objects.filter(agent=distribution.partage_ab).update(gestionnaire=True)
    return distribution.partage_ab


@pytest.mark.parametrize("phone", [False, True], ids=["bureau", "telephone"])
def test_the_plate_switches_and_stays_on_the_page(
    visitor: Visit, distribution: Distribution, shared: Agent, phone: bool
) -> None:
    a, b = distribution.a, distribution.b
    page = visitor(shared, phone=phone).go("/annuaire/collectivites/?tri=nom")
    entete = Entete(page)
    entete.acting_for(a)
    (entete.plate.tap if phone else entete.plate.click)()
    expect(entete.choice(a)).to_have_attribute("aria-current", "true")
    expect(entete.choice(b)).to_be_in_viewport(ratio=1)
    picture(page, f"agir-1-choix-{phone}")
    axe(page)
    page.keyboard.press("Escape")
    entete.switch_to(b, phone=phone)
    expect(page).to_have_url("/annuaire/collectivites/?tri=nom")
    expect(page.locator("#messages")).to_contain_text("Bourg")
    picture(page, f"agir-2-fait-{phone}")
    check_page(page)
    page.goto("/annuaire/inviter/")  # kept from page to page
    entete.acting_for(b)
    expect(page.locator("main .ec-plaque")).to_have_text("Bourg")


def test_the_plate_by_keyboard(visitor: Visit, distribution: Distribution, shared: Agent) -> None:
    page = visitor(shared).go("/")
    entete = Entete(page)
    entete.plate.focus()
    page.keyboard.press("Enter")
    expect(entete.choice(distribution.a)).to_be_visible()
    page.keyboard.press("Escape")
    expect(entete.choice(distribution.a)).to_be_hidden()
    expect(entete.plate).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(entete.choice(distribution.a)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(entete.choice(distribution.b)).to_be_focused()
    page.keyboard.press("Enter")
    entete.acting_for(distribution.b)


def test_who_has_one_poste_has_nothing_to_choose(visitor: Visit, distribution: Distribution) -> None:
    page = visitor(distribution.agent_a).go("/")
    entete = Entete(page)
    entete.acting_for(distribution.a)
    expect(entete.plate).to_have_count(0)


def test_a_form_opened_for_a_is_done_for_a_after_the_switch(
    visitor: Visit, distribution: Distribution, shared: Agent
) -> None:
    """Two tabs: the form of the first still says Aval while the second already acts for Bourg."""
    person = visitor(shared)
    first = person.go("/annuaire/inviter/")
    second = person.context.new_page()
    second.goto("/")
    Entete(second).switch_to(distribution.b)

    form = Invitation(first)
    expect(first.locator("main .ec-plaque")).to_have_text("Aval")
    form.fill("Nora", "Petit", "nora.petit@essai.example", "Essai technique")
    form.send.click()
    form.is_sent("nora.petit@essai.example")
    assert [one.collectivite for one in InvitationModel.objects.all()] == [distribution.a]
    Entete(first).acting_for(distribution.b)

    form.open().fill("Omar", "Roux", "omar.roux@essai.example", "Essai technique")
    form.send.click()
    form.is_sent("omar.roux@essai.example")
    assert InvitationModel.objects.get(email="omar.roux@essai.example").collectivite == distribution.b
