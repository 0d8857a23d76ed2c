"""One's own card in the browser: a portrait put on and withdrawn, the week on a phone, an absence, sound pages."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from annuaire.models import Consentement, Photo
from collectivites.models import Agent, Presence
from extranet.lib.demi_journees import Moment
from tests.annuaire.portraits import portrait
from tests.distribution import Distribution
from tests.e2e.browser import picture
from tests.e2e.conftest import Visitor
from tests.e2e.controles import check_and_keep, check_page

Visit = Callable[..., Visitor]


@pytest.fixture
def agent(live_server: object, distribution: Distribution) -> Agent:
    Presence.objects.create(poste=distribution.agent_a.postes.get(), jour=1, moment=Moment.MATIN)
    return distribution.agent_a


@pytest.fixture
def picture_file(tmp_path: Path) -> Path:
    path = tmp_path / "moi.jpg"
    path.write_bytes(portrait())
    return path


def test_a_portrait_is_put_on_then_withdrawn(
    visitor: Visit, agent: Agent, distribution: Distribution, picture_file: Path
) -> None:
    page = visitor(agent).go(agent.get_absolute_url())
    page.get_by_role("link", name="Ma photo").click()
    page.get_by_role("button", name="Enregistrer la photo").click()
    expect(page.get_by_role("alert")).to_contain_text("Choisissez une photo")
    check_page(page)
    page.get_by_label("La photo").set_input_files(picture_file)
    page.get_by_label("J’ai lu ce texte et je l’accepte").check()
    page.get_by_role("button", name="Enregistrer la photo").click()
    expect(page.locator("#messages")).to_contain_text("La photo est sur la fiche.")
    shown = page.locator(".ec-avatar--xl img")
    expect(shown).to_be_visible()
    expect(shown).to_have_js_property("naturalWidth", 640)  # le temps que l’image arrive
    picture(page, "fiche/photo")
    address = Photo.objects.get(agent=agent).url
    reader = visitor(distribution.secretaire_b).go("/")
    assert reader.request.get(address).status == 200
    page.get_by_role("button", name="Retirer la photo").click()
    expect(page.locator("#messages")).to_contain_text("La photo est supprimée.")
    assert reader.request.get(address).status == 404
    assert page.request.get(address).status == 404
    assert not Photo.objects.exists()
    assert Consentement.objects.filter(agent=agent).count() == 2


def test_the_week_is_written_on_a_phone(visitor: Visit, agent: Agent) -> None:
    page = visitor(agent, phone=True).go(agent.get_absolute_url())
    page.get_by_role("link", name="Modifier", exact=True).tap()
    page.get_by_text("Présence dans la semaine").first.tap()
    page.get_by_label("Mardi matin, présence").select_option("Oui")
    page.get_by_label("Mardi matin, de").fill("08:30")
    page.get_by_role("button", name="Enregistrer").tap()
    expect(page.get_by_role("alert")).to_contain_text("donnez les deux heures")
    picture(page, "fiche/semaine-erreur-telephone")
    check_page(page)
    page.get_by_label("Mardi matin, à").fill("12:00")
    page.get_by_role("button", name="Enregistrer").tap()
    expect(page.locator("#messages")).to_contain_text("Votre fiche est à jour.")
    assert agent.postes.get().presences.count() == 2


@pytest.mark.parametrize("phone", [False, True], ids=["bureau", "telephone"])
def test_sound_pages(visitor: Visit, agent: Agent, phone: bool) -> None:
    look = "telephone" if phone else "bureau"
    who, card = visitor(agent, phone=phone), agent.get_absolute_url()
    for name, path in (
        ("fiche", card),
        ("modifier", f"{card}modifier/"),
        ("absences", f"{card}absences/"),
        ("visibilite", "/annuaire/ma-fiche/visibilite/"),
        ("donnees", "/annuaire/ma-fiche/mes-donnees/"),
    ):
        page = who.go(path)
        check_and_keep(page, f"fiche/{name}-{look}")
