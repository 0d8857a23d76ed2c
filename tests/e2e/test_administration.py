"""The admin in a browser: what authors and responsables do there, without a word from the console nor from the CSP."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from collectivites.enums import Domaine
from collectivites.models import Poste
from home.models import ActualitePage, ActualitesPage
from notifications.models import Notification
from ressources.models import ImagePrivee
from tests.admin.test_relecture import responsable_of
from tests.distribution import Distribution
from tests.e2e.browser import picture
from tests.e2e.conftest import Visitor
from tests.ressources.factories import ImageFactory
from tests.ressources.factories import picture as photo
from tests.ressources.pages import news

Visit = Callable[..., Visitor]


@pytest.fixture
def photo_file(tmp_path: Path) -> Path:
    path = tmp_path / "place.jpg"
    path.write_bytes(photo("teal", (800, 600)))
    return path


def send_photo(page: Page, path: Path) -> None:
    """From the chooser of the page: the tab of sending, the file, its words."""
    page.get_by_role("button", name="Choisir une image").first.click()
    page.get_by_role("tab", name="Transférer").click()
    page.set_input_files("#id_image-chooser-upload-file", path)
    page.fill("#id_image-chooser-upload-title", "Place du village")
    page.fill("#id_image-chooser-upload-description", "La place, un jour de marché")
    picture(page, "administration-envoi-image")
    page.locator("form[data-chooser-modal-creation-form] button[type=submit]").click()
    expect(page.get_by_text("Place du village").first).to_be_visible()


def test_news_are_proposed_with_a_photo_then_published(visitor: Visit, distribution: Distribution, photo_file: Path):
    author = responsable_of(distribution, Domaine.MATERIEL)
    page = visitor(author).go(
        reverse("wagtailadmin_pages:add", args=["home", "actualitepage", ActualitesPage.objects.get().pk])
    )
    page.locator("#id_title").fill("La nacelle est libre en mai")
    page.locator("#id_chapeau").fill("Trois semaines sans réservation.")
    page.get_by_role("button", name="Choisir une collectivité").click()
    page.get_by_role("link", name="Aval").click()
    page.locator("#id_diffusion").select_option("toutes")
    send_photo(page, photo_file)
    picture(page, "administration-actualite")
    page.locator("footer button[aria-label], footer [data-w-dropdown-target='toggle']").first.click()
    page.get_by_role("button", name="Soumettre").first.click()
    expect(page.get_by_text("créée et soumise pour modération")).to_be_visible()
    proposed = ActualitePage.objects.get(title="La nacelle est libre en mai")
    assert not proposed.live
    assert ImagePrivee.objects.get().default_alt_text == "La place, un jour de marché"
    line = Notification.objects.get(sorte="relecture")
    assert line.destinataire == distribution.responsable

    reviewer = visitor(distribution.responsable).go(line.url)
    expect(reviewer.locator("#id_title")).to_have_value("La nacelle est libre en mai")
    picture(reviewer, "administration-relecture")


def test_a_page_is_previewed_beside_its_form(visitor: Visit, distribution: Distribution):
    actualite = news(distribution.a, image=ImageFactory(), codes=["toutes"])
    page = visitor(distribution.responsable).go(reverse("wagtailadmin_pages:edit", args=[actualite.pk]))
    page.get_by_role("button", name="Afficher/masquer la prévisualisation").or_(
        page.locator("[data-side-panel-toggle='preview'], button[aria-controls='side-panel-preview']")
    ).first.click()
    frame = page.frame_locator("iframe[title='Prévisualisation'], [data-preview-panel] iframe").first
    expect(frame.get_by_role("heading", level=1, name="La balayeuse est de retour")).to_be_visible()
    picture(page, "administration-previsualisation")


def test_a_person_is_found_and_given_a_poste(visitor: Visit, distribution: Distribution):
    page = visitor(distribution.responsable).go(reverse("admin_postes:add"))
    page.get_by_role("button", name="Choisir une personne").click()
    page.get_by_label("Chercher", exact=True).fill("élise")
    page.get_by_role("link", name="Elise Bourg").click()
    page.get_by_role("button", name="Choisir une collectivité").click()
    page.get_by_role("link", name="Aval").click()
    page.get_by_label("Fonction").select_option(label="Essai secretaire")
    page.get_by_label("Jour, ligne 1", exact=True).select_option("lundi")
    page.get_by_label("Moment, ligne 1", exact=True).select_option("matin")
    picture(page, "administration-poste")
    page.get_by_role("button", name="Créer").click()
    expect(page.get_by_text("est enregistré")).to_be_visible()
    poste = Poste.objects.get(agent=distribution.elue_b, collectivite=distribution.a)
    assert str(poste.presences.get()).startswith("lundi matin")


def test_lists_fit_a_telephone(visitor: Visit, distribution: Distribution):
    page = visitor(distribution.responsable, phone=True).go("/admin/agents/")
    expect(page.get_by_role("link", name="Elise Bourg")).to_be_visible()
    picture(page, "administration-agents-telephone")
