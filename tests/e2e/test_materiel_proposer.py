"""« Proposer un matériel »: the mini-pelle on a phone, in how many fields and taps; on a desk; without script."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from collectivites.models import Collectivite
from materiel.models import Materiel
from tests.distribution import Distribution
from tests.e2e.browser import every, picture
from tests.e2e.conftest import Visitor
from tests.e2e.controles import check_page
from tests.e2e.test_telephone import tap
from tests.materiel.envois import SVG, heic, jpeg
from tests.materiel.factories import make_materiel

Visit = Callable[..., Visitor]
PATH = "/materiel/proposer/"


class Pouce:
    """A person on a phone, and what it costs them: taps of the thumb, fields filled, letters typed."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps, self.fields, self.letters = page, 0, 0, 0

    def tap(self, target: Locator) -> None:
        tap(self.page, target)
        self.taps += 1

    def write(self, field: Locator, words: str) -> None:
        self.tap(field)
        self.page.keyboard.type(words)
        self.fields += 1
        self.letters += len(words)

    def shoot(self, button: Locator, photo: Path) -> None:
        """One tap on the button, one on the trigger of the camera, one to keep the picture."""
        with self.page.expect_file_chooser() as chooser:
            self.tap(button)
        chooser.value.set_files(photo)
        self.taps += 2
        self.fields += 1

    @property
    def seconds(self) -> float:
        """A slow estimate: three seconds a tap, half a second a letter, thirty seconds of reading."""
        return 3 * self.taps + 0.5 * self.letters + 30


@pytest.fixture
def place(distribution: Distribution) -> Collectivite:
    """Aval, with an address, and a workshop that it already gave."""
    Collectivite.objects.filter(pk=distribution.a.pk).update(adresse="2 rue de Dole", ville="Aval")
    make_materiel("Barnum", collectivite=distribution.a, lieu="Atelier municipal, 12 rue de l’Industrie, Aval")
    return distribution.a


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "IMG_0412.jpg"
    path.write_bytes(jpeg((1600, 1000)))
    return path


def test_the_mini_pelle_is_posted_on_a_phone_in_under_two_minutes(
    visitor: Visit, distribution: Distribution, place: Collectivite, photo: Path
) -> None:
    page = visitor(distribution.gestionnaire_a, phone=True).go(PATH)
    check_page(page)
    thumb = Pouce(page)
    thumb.shoot(page.locator("label[for=id_photo]"), photo)
    expect(page.locator("#q-photos .ec-saved").first).to_contain_text("Le lieu de la prise de vue est effacé")
    thumb.write(page.locator("#id_nom"), "Mini-pelle 2,5 t")
    expect(page.get_by_role("radio", name="Terrassement")).to_be_checked()
    expect(page.locator("#q-categorie [role=status]")).to_contain_text("vient du nom")
    expect(page.locator("#plis")).to_contain_text("rapport de vérification, assurance et notice à joindre")
    expect(page.locator("#apercu h3")).to_have_text(re.compile("Mini-pelle 2,5.t"))
    expect(page.locator("[data-compte]")).to_contain_text("5 réponses sur 5")
    picture(page, "materiel/proposer-390")
    check_page(page)
    thumb.tap(page.get_by_role("button", name="Publier", exact=True))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Mini-pelle")
    thing = Materiel.objects.exclude(page__title="Barnum").get()
    assert (thing.page.live, thing.categorie.code, len(thing.page.photos)) == (True, "terrassement", 1)
    assert thing.lieu.startswith("Atelier municipal")
    assert (thumb.fields, thumb.taps) == (2, 5)
    assert thumb.seconds < 120


def test_on_a_desk_one_changes_the_category_the_number_and_the_place(
    visitor: Visit, distribution: Distribution, place: Collectivite, photo: Path, tmp_path: Path
) -> None:
    page = visitor(distribution.gestionnaire_a).go(PATH)
    (tmp_path / "logo.jpg").write_bytes(SVG)
    (tmp_path / "IMG.HEIC").write_bytes(heic())
    page.locator("#id_photo_choisie").set_input_files([tmp_path / "logo.jpg", photo, tmp_path / "IMG.HEIC"])
    expect(page.locator("#q-photos")).to_contain_text("est un SVG")
    expect(page.locator("#q-photos img")).to_have_count(2)
    page.get_by_role("button", name="Retirer la photo 2").click()
    expect(page.locator("#q-photos img")).to_have_count(1)
    page.locator("#id_nom").fill("Barrières")
    expect(page.get_by_role("radio", name="Sécurité")).to_be_checked()
    page.get_by_role("radio", name="Fêtes et cérémonies").check(force=True)
    expect(page.locator("#plis")).to_contain_text("dix jours ouvrés de préavis")
    for _ in range(2):
        page.get_by_role("button", name="En ajouter un").click()
    page.get_by_role("button", name="En retirer un").click()
    expect(page.locator("#id_stock")).to_have_value("2")
    page.get_by_label("Un autre lieu").check()
    page.get_by_role("button", name="Publier", exact=True).click()
    expect(page.locator(".ec-errors")).to_be_focused()
    expect(page.locator(".ec-errors")).to_contain_text("Écrivez le lieu")
    expect(page.locator("#q-photos img")).to_have_count(1)
    picture(page, "materiel/proposer-a-corriger-1280")
    check_page(page)
    page.get_by_label("Quel lieu").fill("Salle des fêtes")
    page.locator("summary", has_text="Description et accessoires").click()
    page.get_by_label("Accessoires prêtés avec").fill("2 chariots (150 €)")
    page.get_by_role("button", name="Terminer plus tard").click()
    expect(page.locator("#messages")).to_contain_text("gardé en brouillon")
    expect(page.locator("#q-photos img")).to_have_count(1)
    picture(page, "materiel/modifier-1280")
    check_page(page)
    page.get_by_role("button", name="Publier", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Barrières")
    thing = Materiel.objects.get(page__title="Barrières")
    assert (thing.stock, thing.lieu, thing.preavis_jours) == (2, "Salle des fêtes", 10)


def test_in_the_dark_the_page_is_as_clear(visitor: Visit, distribution: Distribution, place: Collectivite) -> None:
    for phone in (False, True):
        page = visitor(distribution.gestionnaire_a, phone=phone, dark=True).go(PATH)
        page.locator("#id_nom").fill("Broyeur de branches 12 cm")
        expect(page.get_by_role("radio", name="Espaces verts")).to_be_checked()
        picture(page, f"materiel/proposer-sombre-{390 if phone else 1280}")
    page = visitor(distribution.gestionnaire_a).go(PATH)
    page.locator("#id_nom").fill("Broyeur de branches 12 cm")
    expect(page.get_by_role("radio", name="Espaces verts")).to_be_checked()
    for fold in every(page.locator("#plis summary")):
        fold.click()
    picture(page, "materiel/proposer-plis-1280")
    check_page(page)


def test_without_script_the_same_page_posts_it(
    visitor: Visit, distribution: Distribution, place: Collectivite, photo: Path
) -> None:
    page = visitor(distribution.gestionnaire_a, phone=True, java_script_enabled=False).go(PATH)
    expect(page.get_by_role("button", name="En ajouter un")).to_be_hidden()
    page.locator("#id_photo").set_input_files(photo)
    picture(page, "materiel/proposer-sans-script-390")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.get_by_role("button", name="Publier", exact=True).click()
    expect(page.locator(".ec-errors")).to_contain_text("Donnez-lui un nom")
    expect(page.locator("#q-photos img")).to_have_count(1)
    page.locator("#id_nom").fill("Mini-pelle")
    page.get_by_role("button", name="Publier", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Mini-pelle")
    assert len(Materiel.objects.get(page__title="Mini-pelle").page.photos) == 1


def test_the_other_pages_of_who_looks_after_a_thing(
    visitor: Visit, distribution: Distribution, place: Collectivite
) -> None:
    thing = Materiel.objects.get()
    page = visitor(distribution.gestionnaire_a, phone=True).go(f"/materiel/{thing.pk}/papiers/")
    picture(page, "materiel/papiers-390")
    check_page(page)
    for path in ("statut", "transferer"):
        page.goto(f"/materiel/{thing.pk}/{path}/")
        picture(page, f"materiel/{path}-390")
        check_page(page)
    for path in ("importer", "etiquettes"):
        page.goto(f"/materiel/{path}/")
        picture(page, f"materiel/{path}-390")
        check_page(page)
