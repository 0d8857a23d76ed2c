"""États des lieux in the browser: without network, taken up again, without script, in parts."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Page, expect

from collectivites.models import TypeHabilitation
from materiel.enums import EtatElement, StatutPret, TypeConstat
from materiel.models import Constat, Pret
from tests.distribution import Distribution
from tests.e2e.browser import every, picture
from tests.e2e.conftest import Visitor
from tests.e2e.constats import element, of_the_digger, ready, see_all
from tests.e2e.controles import check_page
from tests.materiel.contrats import out, signed
from tests.materiel.factories import make_materiel

Visit = Callable[..., Visitor]


@pytest.fixture
def cast(distribution: Distribution) -> Distribution:
    return ready(distribution)


@pytest.fixture
def pret(cast: Distribution) -> Pret:
    return of_the_digger(cast)


@pytest.fixture
def camera(tmp_path: Path) -> Path:
    """A photo as a phone takes them: larger than what is sent."""
    path = tmp_path / "IMG_0042.jpg"
    Image.effect_noise((2400, 1800), 80).convert("RGB").save(path, "JPEG")
    return path


def test_handed_over_on_a_phone_without_network_then_sent_once(
    visitor: Visit, cast: Distribution, pret: Pret, camera: Path
) -> None:
    signed(pret, cast.elue_b)
    person = visitor(cast.agent_a, phone=True)
    page = person.go(reverse("materiel:constat_du_materiel", args=[pret.materiel_id]))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Remise")
    picture(page, "materiel/remise-390-vide")
    check_page(page)
    person.context.set_offline(True)
    expect(page.locator("[data-hors-ligne]")).to_be_visible()
    see_all(page)
    sangles = element(page, "Sangles")
    sangles.locator("label", has_text="Manque").click()
    sangles.get_by_label("Ce que vous voyez").fill("Trois sangles sur quatre.")
    sangles.get_by_label("Combien vous en comptez").fill("3")
    sangles.locator('input[type="file"]').set_input_files(camera)
    expect(sangles.locator(".ec-photo img")).to_have_count(1)
    expect(page.locator("[data-garde]")).to_contain_text("Enregistré sur cet appareil")
    expect(page.locator("[data-a-faire]")).to_be_hidden()
    picture(page, "materiel/remise-390")
    page.get_by_role("button", name="Confirmer la remise").tap()
    expect(page.get_by_role("heading", name="Gardé sur ce téléphone, pas encore envoyé")).to_be_visible()
    picture(page, "materiel/remise-390-attente")
    assert not Constat.objects.exists()
    person.context.set_offline(False)
    expect(page.get_by_text("État des lieux du")).to_be_visible()
    person.watch.complaints.clear()  # the browser tells of each try without network
    constat = Constat.objects.get()
    assert (constat.type, constat.quantite) == (TypeConstat.REMISE, 1)
    photo = constat.elements.get(nom="Sangles").photos.get()
    with photo.file.open("rb") as raw, Image.open(raw) as kept:
        assert max(kept.size) == 1600
    assert kept_on_device(page, cast.agent_a.pk) == []
    expect(page.locator(".ec-photo img")).to_have_count(1)
    picture(page, "materiel/constat-390")
    check_page(page)


def test_what_the_server_would_refuse_is_told_without_network(visitor: Visit, cast: Distribution, pret: Pret) -> None:
    signed(pret, cast.elue_b)
    person = visitor(cast.agent_a, phone=True)
    page = person.go(reverse("materiel:remise", args=[pret.numero]))
    person.context.set_offline(True)
    confirm = page.get_by_role("button", name="Confirmer la remise")
    errors = page.locator("[data-erreurs] .ec-errors li")
    confirm.tap()
    expect(errors.first).to_have_text("État général\u00a0: Dites dans quel état il est.")
    page.get_by_role("button", name="Tout est en bon état").tap()
    expect(page.locator("[data-vus]")).to_have_text("3 vus sur 3")
    sangles = element(page, "Sangles")
    sangles.locator("label", has_text="Manque").click()
    element(page, "Propreté").locator("label", has_text="Sans objet").click()
    page.get_by_label("Compteur d’heures").fill("beaucoup")
    confirm.tap()
    expect(errors).to_have_text(
        [
            "Sangles\u00a0: Écrivez ce qui manque, par exemple «\u00a0trois sangles sur quatre\u00a0».",
            "Écrivez des heures, par exemple 1482,5.",
            f"Cochez le nom de qui est venu pour {cast.a.nom}.",
            f"Cochez le nom de qui est venu pour {cast.b.nom}.",
        ]
    )
    picture(page, "materiel/remise-390-a-corriger")
    assert kept_on_device(page, cast.agent_a.pk) in ([], [[f"/materiel/prets/{pret.numero}/remise/", "brouillon"]])
    sangles.get_by_label("Ce que vous voyez").fill("Une sangle.")
    page.get_by_label("Compteur d’heures").fill("1482,5")
    for box in every(page.locator("[data-qui] > label input")):
        box.check()
    confirm.tap()
    expect(page.get_by_role("heading", name="Gardé sur ce téléphone, pas encore envoyé")).to_be_visible()
    expect(page.locator("[data-resume]")).to_contain_text("2 éléments vus")
    person.context.set_offline(False)
    expect(page.get_by_text("État des lieux du")).to_be_visible()
    person.watch.complaints.clear()  # the browser tells of each try without network
    assert [one.nom for one in Constat.objects.get().elements.all()] == ["État général", "Sangles"]


KEPT = """account => new Promise(done => {
  const asked = indexedDB.open('ec-constats-' + account, 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore('constats', {keyPath: 'page'});
  asked.onsuccess = () => {
    const read = asked.result.transaction('constats').objectStore('constats').getAll();
    read.onsuccess = () => { asked.result.close(); done(read.result.map(one => [one.page, one.etat])); };
  };
})"""
BASES = "() => indexedDB.databases().then(all => all.map(one => one.name))"
AGE = """account => new Promise(done => {
  localStorage.setItem('ec-constats', JSON.stringify({[account]: Date.now() - 8 * 24 * 3600 * 1000}));
  done();
})"""


def kept_on_device(page: Page, account: int) -> list:
    return page.evaluate(KEPT, account)


def test_a_form_that_was_left_comes_back_on_its_device(
    visitor: Visit, cast: Distribution, pret: Pret, camera: Path
) -> None:
    signed(pret, cast.elue_b)
    address = reverse("materiel:remise", args=[pret.numero])
    person = visitor(cast.agent_a)
    page = person.go(address)
    line = page.locator("[data-element]").first
    line.locator("label", has_text="Usé").click()
    line.get_by_label("Ce que vous voyez").fill("Lame émoussée.")
    line.locator('input[type="file"]').set_input_files(camera)
    expect(line.locator(".ec-photo")).to_have_count(1)
    expect(page.locator("[data-garde]")).to_contain_text("Enregistré")
    page.wait_for_timeout(500)
    page.reload()
    line = page.locator("[data-element]").first
    expect(line.get_by_label("Ce que vous voyez")).to_have_value("Lame émoussée.")
    expect(line.locator(".ec-photo img")).to_have_count(1)
    expect(page.locator("[data-garde]")).to_contain_text("Repris de cet appareil")
    picture(page, "materiel/remise-1280")
    check_page(page)
    other = visitor(cast.secretaire_b).go(address)
    expect(other.locator("[data-element]").first.get_by_label("Ce que vous voyez")).to_have_value("")


def test_logging_out_leaves_nothing_on_the_device(visitor: Visit, cast: Distribution, pret: Pret) -> None:
    signed(pret, cast.elue_b)
    page = visitor(cast.agent_a).go(reverse("materiel:remise", args=[pret.numero]))
    page.locator("[data-element] label", has_text="Usé").first.click()
    expect(page.locator("[data-garde]")).to_contain_text("Enregistré")
    page.wait_for_timeout(500)
    assert len(kept_on_device(page, cast.agent_a.pk)) == 1
    page.goto("/")
    page.get_by_role("banner").get_by_role("button", name=re.compile("Mon compte")).click()
    page.get_by_role("banner").get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url(re.compile("/connexion/"))
    assert page.evaluate(BASES) == []
    assert page.evaluate("() => localStorage.getItem('ec-constats')") == "{}"


def test_after_seven_days_any_page_forgets_it(visitor: Visit, cast: Distribution, pret: Pret) -> None:
    signed(pret, cast.elue_b)
    page = visitor(cast.agent_a).go(reverse("materiel:remise", args=[pret.numero]))
    page.locator("[data-element] label", has_text="Usé").first.click()
    page.wait_for_timeout(600)
    assert len(kept_on_device(page, cast.agent_a.pk)) == 1
    page.evaluate(AGE, cast.agent_a.pk)
    page.goto("/")
    page.wait_for_timeout(300)
    assert page.evaluate(BASES) == []


def test_what_is_to_be_corrected_is_said_on_the_spot(visitor: Visit, cast: Distribution, pret: Pret) -> None:
    signed(pret, cast.elue_b)
    person = visitor(cast.agent_a)
    page = person.go(reverse("materiel:remise", args=[pret.numero]))
    page.get_by_role("button", name="Confirmer la remise").click()
    expect(page.get_by_role("alert")).to_contain_text("Dites dans quel état il est.")
    picture(page, "materiel/remise-1280-a-corriger")
    check_page(page)
    assert not person.watch.complaints  # said by the device: nothing was sent
    see_all(page)
    page.get_by_role("button", name="Confirmer la remise").click()
    expect(page.get_by_text("État des lieux du")).to_be_visible()
    assert Pret.objects.get().statut == StatutPret.REMIS


def test_without_script_the_form_is_a_form(visitor: Visit, cast: Distribution, pret: Pret, camera: Path) -> None:
    signed(pret, cast.elue_b)
    page = visitor(cast.agent_a, java_script_enabled=False).go(reverse("materiel:remise", args=[pret.numero]))
    see_all(page)
    line = page.locator("[data-element]").first
    line.locator("label", has_text="Usé").click()
    line.locator('input[type="file"]').set_input_files(camera)
    page.get_by_role("button", name="Confirmer la remise").click()
    expect(page.get_by_text("État des lieux du")).to_be_visible()
    first = Constat.objects.get().elements.first()
    assert (first.etat, first.photos.count()) == (EtatElement.USE, 1)


def test_part_of_a_lot_comes_back_and_the_rest_is_lost(
    visitor: Visit, cast: Distribution, pret: Pret, camera: Path
) -> None:
    lot = make_materiel("Barrières Vauban", collectivite=cast.a, stock=80, unite="barrières", categorie_code="securite")
    loan = out(lot, cast.b, cast.agent_a, quantite=40, demandeur=cast.secretaire_b)
    page = visitor(cast.agent_a, phone=True).go(reverse("materiel:retour", args=[loan.numero]))
    page.get_by_label("Combien sont rendus").fill("38")
    page.get_by_label(re.compile("Combien sont perdus")).fill("2")
    see_all(page)
    picture(page, "materiel/retour-390")
    check_page(page)
    page.get_by_role("button", name="Confirmer le retour").tap()
    expect(page.get_by_text("À suivre")).to_be_visible()
    check_page(page)
    lot.refresh_from_db()
    assert lot.stock == 78


def test_what_is_left_counts_the_title_of_whoever_drives_without_network_too(
    visitor: Visit, cast: Distribution, pret: Pret
) -> None:
    signed(pret, cast.elue_b)
    pret.materiel.habilitations.set([TypeHabilitation.objects.create(code="r482-a", libelle="CACES R482 A")])
    person = visitor(cast.agent_a, phone=True)
    page = person.go(reverse("materiel:remise", args=[pret.numero]))
    left = page.locator("[data-a-faire]")
    expect(left).to_contain_text("le titre de qui conduira à voir et les deux noms à cocher.")
    person.context.set_offline(True)
    see_all(page)
    expect(left).to_have_text("Il reste le titre de qui conduira à voir.")
    page.get_by_label("Prénom et nom").first.fill("Mickaël Prost")
    expect(left).to_be_visible()
    page.locator("[name=habilitation_vue]").check()
    expect(left).to_be_hidden()
    picture(page, "materiel/remise-390-habilitation")
    person.context.set_offline(False)
    person.watch.complaints.clear()  # the browser tells of each try without network
    check_page(page)
