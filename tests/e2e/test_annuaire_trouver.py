"""Finding the right person: « qui connaît les élections à moins de 10 km », and every page on the way is sound."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from annuaire.models import AnnuairePage, Astreinte
from collectivites.models import Expertise, Presence, Theme
from extranet.lib.demi_journees import Jour, Moment
from tests.collectivites.factories import CollectiviteFactory, PosteFactory
from tests.distribution import Distribution, make_distribution
from tests.e2e.browser import picture
from tests.e2e.conftest import Visitor
from tests.e2e.controles import check_page

Visit = Callable[..., Visitor]


@pytest.fixture
def cast(live_server: object) -> Distribution:
    """Three communes whose positions are known; somebody in each knows the elections."""
    cast = make_distribution()
    far = CollectiviteFactory(nom="Loin", slug="loin")
    for place, latitude in ((cast.a, 47.09), (cast.b, 47.04), (far, 47.4)):
        place.latitude, place.longitude = latitude, 5.45
        place.save()
    PosteFactory(agent__prenom="Luc", agent__nom="Loin", agent__slug="luc-loin", collectivite=far)
    there = far.postes.get().agent
    theme = Theme.objects.get(slug="elections")
    for agent in (there, cast.agent_a, cast.elue_b):
        Expertise.objects.create(agent=agent, theme=theme, libelle="Bureau de vote")
    cast.agent_a.postes.update(mobile="06 39 98 01 12")
    for day in list(Jour)[:5]:
        Presence.objects.create(poste=cast.agent_a.postes.get(), jour=day, moment=Moment.MATIN)
    Astreinte.objects.create(collectivite=cast.a, libelle="Élu d’astreinte", telephone="06 39 98 01 99")
    page = AnnuairePage.objects.get()
    page.services = [("service", {"nom": "Trésorerie", "telephone": "03 53 01 90 10", "horaires": "le matin"})]
    page.save()
    return cast


def people(page: Page) -> object:
    return page.locator("#annuaire .ec-person h3")


@pytest.mark.parametrize("phone", [False, True], ids=["bureau", "telephone"])
def test_who_knows_the_elections_at_less_than_ten_kilometres(visitor: Visit, cast: Distribution, phone: bool) -> None:
    page = visitor(cast.gestionnaire_a, phone=phone).go("/annuaire/")
    page.get_by_label("Compétence", exact=True).select_option("Élections")
    expect(people(page)).to_have_text(["Alain Aval", "Elise Bourg", "Luc Loin"])
    page.get_by_text("Plus de critères").click()
    page.get_by_label("Autour d’Aval").select_option("à moins de 10 km")
    expect(people(page)).to_have_text(["Alain Aval", "Elise Bourg"])
    expect(page.get_by_role("status").get_by_role("heading", name="2 personnes")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/annuaire/\?expertise=elections&km=10$"))
    picture(page, f"annuaire-elections-{'telephone' if phone else 'bureau'}")
    check_page(page)
    page.get_by_role("link", name="Liste", exact=True).click()
    expect(page.get_by_role("row", name="Alain Aval")).to_contain_text("06 39 98 01 12")
    check_page(page)
    page.get_by_role("link", name="Alain Aval").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Alain Aval")
    expect(page.get_by_text("Bureau de vote")).to_be_visible()
    check_page(page)


def test_words_and_chips(visitor: Visit, cast: Distribution) -> None:
    """Typing narrows without a button; a chip takes its filter away; the way back brings it again."""
    page = visitor(cast.gestionnaire_a).go("/annuaire/")
    page.get_by_label("Nom, métier ou compétence").press_sequentially("bourg")
    expect(people(page)).to_have_text(["Elise Bourg", "Simone Bourg", "Paul Deux"])
    page.get_by_role("link", name="Élus").click()
    expect(people(page)).to_have_text(["Elise Bourg"])
    expect(page.get_by_label("Fonction")).to_have_value("famille:elus")
    page.get_by_role("link", name="« bourg » Retirer ce filtre").click()
    expect(page).to_have_url(re.compile(r"/annuaire/\?fonction=famille%3Aelus$"))
    page.go_back()
    expect(people(page)).to_have_text(["Elise Bourg"])
    page.goto("/annuaire/?q=zzz&km=5")
    page.get_by_role("link", name="Chercher sur tout le territoire").click()
    expect(page).to_have_url(re.compile(r"\?q=zzz$"))


@pytest.mark.parametrize(
    "path",
    [
        "/annuaire/",
        "/annuaire/?q=zzz",
        "/annuaire/?km=7",
        "/annuaire/carte/?expertise=elections",
        "/annuaire/numeros/",
        "/annuaire/collectivites/",
        "/annuaire/collectivites/aval/",
        "/annuaire/collectivites/aval/astreintes/",
    ],
)
def test_every_page_is_sound(visitor: Visit, cast: Distribution, path: str) -> None:
    page = visitor(cast.gestionnaire_a).go(path)
    picture(page, f"annuaire{re.sub(r'[^a-z]+', '-', path)}")
    check_page(page)


def test_numbers_are_written_from_the_page_of_the_commune(visitor: Visit, cast: Distribution) -> None:
    page = visitor(cast.gestionnaire_a).go("/annuaire/collectivites/aval/")
    page.get_by_role("link", name="Modifier les numéros d’astreinte").click()
    fresh = page.get_by_role("group", name="Un autre numéro").first
    fresh.get_by_label("Qui répond").fill("Services techniques")
    fresh.get_by_label("Téléphone").fill("12")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("alert")).to_contain_text("Rien n’est encore enregistré.")
    check_page(page)
    fresh.get_by_label("Téléphone").fill("0639980198")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("#astreintes")).to_contain_text("06 39 98 01 98")
