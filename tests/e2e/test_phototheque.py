"""The photos: two of them deposited from a phone, then looked at with the keyboard, and one taken away."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from ressources.enums import Confiance, Licence
from ressources.models import Photo, ReglagesRessources, Telechargement
from tests.distribution import Distribution
from tests.e2e.browser import picture
from tests.e2e.conftest import Visitor
from tests.e2e.controles import check_page
from tests.ressources.factories import picture as drawn
from tests.ressources.photos import agreed, make_photo
from tests.sessions import open_session

Visit = Callable[..., Visitor]


@pytest.fixture
def taken(tmp_path: Path) -> list[Path]:
    """As a phone names them: nobody knows which is which."""
    for name, color in (("IMG_2041.jpg", "teal"), ("IMG_2042.jpg", "goldenrod")):
        (tmp_path / name).write_bytes(drawn(color, (1200, 900)))
    return sorted(tmp_path.iterdir())


def fold(page: Page, name: str) -> Locator:
    """That of a photo, whatever its title has become: two are sent at once, either may come first."""
    return page.locator("#plis details").filter(has=page.locator(f'img[alt="Aperçu de {name}"]'))


def describe(page: Page, name: str, titre: str, vue: str, qui: str) -> None:
    asked = fold(page, name)
    asked.get_by_label("Titre").fill(titre)
    asked.get_by_label("Ce qu’on y voit").fill(vue)
    asked.get_by_role("radio", name=qui).check()


def test_two_photos_are_deposited_from_a_phone(visitor: Visit, distribution: Distribution, taken: list[Path]) -> None:
    """Three answers each, and one tap to send them."""
    ReglagesRessources.objects.update_or_create(pk=1, defaults={"confiance": Confiance.TOUS})
    page = visitor(distribution.agent_a, phone=True).go("/ressources/photos/")
    expect(page.get_by_role("heading", name="La photothèque est vide")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Déposer des photos").first.tap()
    expect(page.get_by_text("Prendre ou choisir des photos")).to_be_visible()
    expect(page.locator("#prises")).to_have_attribute("accept", "image/*,.heic")
    page.locator("#prises").set_input_files(taken)
    expect(page.locator("#bilan")).to_contain_text("2 prêts")
    expect(page.get_by_text("D’une photo, dites ce qu’on y voit")).to_be_visible()
    expect(page.get_by_text("viennent du texte")).to_be_hidden()
    describe(page, "IMG_2041.jpg", "Le lavoir", "Un lavoir de pierre, sous les arbres.", "Personne")
    describe(page, "IMG_2042.jpg", "La rentrée", "Des élèves dans la cour.", "Des mineurs")
    expect(page.get_by_label("Qui est d’accord, et comment").filter(visible=True)).to_have_count(1)
    expect(page.get_by_label("Crédit")).to_have_value("Aval")
    page.get_by_label("Même lieu pour toutes").fill("Place basse")
    picture(page, "phototheque/deposer-390")
    check_page(page)
    page.get_by_role("button", name="Publier").tap()
    expect(page.get_by_role("alert")).to_contain_text("Dites qui est d’accord")
    expect(fold(page, "IMG_2041.jpg").get_by_label("Ce qu’on y voit")).to_have_value(
        "Un lavoir de pierre, sous les arbres."
    )
    check_page(page)
    page.get_by_label("Qui est d’accord, et comment").filter(visible=True).fill("Les parents, par écrit")
    page.get_by_label("Leur accord vaut jusqu’au").filter(visible=True).fill("2099-07-01")
    page.get_by_role("button", name="Publier").tap()
    expect(page.locator("#messages")).to_contain_text("Vos 2\u00a0documents sont en ligne")
    page.goto("/ressources/photos/")
    expect(page.get_by_role("heading", name="2 photos")).to_be_visible()
    picture(page, "phototheque/grille-390")
    check_page(page)
    assert {photo.lieu for photo in Photo.objects.all()} == {"Place basse"}


@pytest.fixture
def quatre(distribution: Distribution) -> list[Photo]:
    """The last one comes first."""
    titres = ["Le pont", "Le marché", "La fête", "Le lavoir"]
    return [
        make_photo(
            titre,
            color=color,
            size=(1900, 1200),
            lieu="Place basse",
            prise_le=date(2025, 7, rank + 1),
            licence=Licence.CC_BY,
            credit="Mairie d’Aval",
            collectivite=distribution.a,
            description=f"On y voit {titre.lower()}",
            **(agreed() if rank == 1 else {}),
        )
        for rank, (titre, color) in enumerate(zip(titres, ("teal", "navy", "maroon", "olive"), strict=True))
    ]


def test_a_photo_is_looked_at_and_taken_with_the_keyboard(
    visitor: Visit, distribution: Distribution, quatre: list[Photo]
) -> None:
    visit = visitor(distribution.elue_b, permissions=["clipboard-read", "clipboard-write"])
    page = visit.go("/ressources/photos/?libre=1")
    expect(page.get_by_role("heading", name="4 photos")).to_be_visible()
    picture(page, "phototheque/grille-1280")
    check_page(page)
    page.get_by_role("link", name="On y voit le lavoir").focus()
    page.keyboard.press("Enter")
    title = page.get_by_role("heading", level=1)
    expect(title).to_have_text("Le lavoir")
    for key, found in (("ArrowRight", "La fête"), ("ArrowRight", "Le marché"), ("ArrowLeft", "La fête")):
        page.wait_for_load_state()
        page.keyboard.press(key)
        expect(title).to_have_text(found)
    picture(page, "phototheque/zoom-1280")
    check_page(page)
    page.get_by_role("button", name="Copier le crédit").press("Enter")
    expect(page.locator("#credit-etat")).to_have_text("Le crédit est copié.")
    assert page.evaluate("navigator.clipboard.readText()") == ("«\u00a0La fête\u00a0», Mairie d’Aval, CC BY 4.0")
    with page.expect_download() as taking:
        page.get_by_role("link", name="Taille web").press("Enter")
    assert taking.value.suggested_filename == "lavoir-1600.jpg"
    assert Telechargement.objects.filter(agent=distribution.elue_b).count() == 1
    page.get_by_label("Crédit à écrire").focus()
    page.keyboard.press("ArrowRight")
    expect(title).to_have_text("La fête")
    page.get_by_role("link", name="Suivante").focus()
    page.keyboard.press("Escape")
    expect(title).to_have_text("Photothèque")
    expect(page).to_have_url(re.compile(r"/ressources/photos/\?libre=1#photo-\d+$"))
    expect(page.get_by_role("link", name="On y voit la fête")).to_be_focused()


def test_without_script_one_goes_from_photo_to_photo(
    visitor: Visit, distribution: Distribution, quatre: list[Photo]
) -> None:
    page = visitor(distribution.elue_b, java_script_enabled=False).go("/ressources/photos/")
    page.get_by_role("link", name="On y voit le lavoir").click()
    page.get_by_role("link", name="Suivante").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("La fête")


def test_an_agreement_is_taken_back(visitor: Visit, distribution: Distribution, quatre: list[Photo]) -> None:
    photo = quatre[1]
    page = visitor(distribution.gestionnaire_a).go(f"/ressources/photos/{photo.page_id}/")
    check_page(page)
    page.get_by_role("link", name="Quelqu’un retire son accord").click()
    check_page(page)
    page.get_by_label("Pourquoi").fill("Une personne ne veut plus paraître")
    page.get_by_role("button", name="Retirer l’accord").click()
    expect(page.locator("#messages")).to_contain_text("ne se montre plus à ses lecteurs")
    check_page(page)
    page.goto("/ressources/photos/")
    expect(page.get_by_role("heading", name="3 photos")).to_be_visible()
    assert open_session(distribution.elue_b).get(f"/ressources/photos/{photo.page_id}/").status_code == 404
    for path in (f"mes-documents/{photo.page_id}", quatre[0].page.slug):
        page.goto(f"/ressources/{path}/")
        check_page(page)


def test_nothing_moves_while_the_pictures_come(visitor: Visit, distribution: Distribution, quatre: list[Photo]) -> None:
    page = visitor(distribution.elue_b).go("/ressources/photos/")
    boxes = page.eval_on_selector_all(
        ".ec-cliche img", "all => all.map(one => [one.getAttribute('width'), one.getAttribute('height')])"
    )
    assert boxes == [["480", "360"]] * 4
    shifted = page.evaluate(
        """() => new Promise(done => new PerformanceObserver(seen => done(
             seen.getEntries().reduce((sum, one) => sum + one.value, 0)
           )).observe({type: 'layout-shift', buffered: true}) || setTimeout(() => done(0), 500))"""
    )
    assert shifted < 0.02
