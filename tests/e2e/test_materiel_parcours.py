"""A loan from the photo of the thing to the balance of the year; a need, until it is a loan."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from collectivites.models import Collectivite
from materiel.entraide import besoins
from materiel.models import Besoin
from tests.distribution import Distribution
from tests.e2e.browser import every, picture
from tests.e2e.conftest import Visitor
from tests.e2e.controles import check_page
from tests.materiel.contrats import give_roles
from tests.materiel.envois import jpeg

Visit = Callable[..., Visitor]
SCREENS = pytest.mark.parametrize("phone", [False, True], ids=["bureau", "telephone"])


@pytest.fixture
def cast(live_server: object, distribution: Distribution) -> Distribution:
    """Aval lends and Bourg borrows, seven kilometres away; each has who signs and who holds the états des lieux."""
    give_roles(distribution)
    for place, siren, latitude in ((distribution.a, "213905268", 47.09), (distribution.b, "213902331", 47.03)):
        Collectivite.objects.filter(pk=place.pk).update(
            **{"siren": siren, "latitude": latitude, "longitude": 5.49},
            **{"adresse": "1 place Haute", "code_postal": "39500", "ville": place.nom},
        )
    return distribution


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "IMG_0412.jpg"
    path.write_bytes(jpeg((1600, 1000)))
    return path


@SCREENS
def test_a_loan_from_the_photo_of_the_thing_to_the_balance_of_the_year(
    visitor: Visit, cast: Distribution, photo: Path, phone: bool
) -> None:
    gisele = visitor(cast.gestionnaire_a, phone=phone).go()
    post(gisele, photo)
    simone = visitor(cast.secretaire_b, phone=phone).go()
    ask(simone)
    accept(gisele)
    for agent in (cast.secretaire_a, cast.elue_b):
        sign(visitor(agent, phone=phone).go())
    expect_step(simone, "Convention signée")
    alain = visitor(cast.agent_a, phone=phone).go()
    hand_over(alain, photo)
    expect_step(simone, "Remise du")
    take_back(alain, photo)
    settle(gisele)
    expect_step(simone, "clôt le prêt", ended=True)
    seen(simone, "pret-clos")
    read_balance(simone)


def seen(page: Page, name: str) -> None:
    """Kept for who looks at the screens, then judged."""
    picture(page, f"parcours-materiel/{name}-{page.viewport_size['width']}")
    check_page(page)


def todo(page: Page, words: str) -> None:
    """From the home page, by what awaits this person."""
    page.goto("/")
    page.get_by_role("link", name=re.compile(words)).first.click()


def post(page: Page, photo: Path) -> None:
    """Five questions; the price of a day, its notice, its three buckets; then the paper it may not leave without."""
    show_and_name(page, photo, "Mini-pelle 2,5 t", "Terrassement")
    unfold(page, "Durée et préavis").get_by_label("Préavis").fill("0")
    unfold(page, "Prix, carburant").get_by_label("Valeur d’un jour d’usage").fill("90")
    unfold(page, "Description et accessoires").get_by_label("Accessoires prêtés avec").fill("3 godets (450 €)")
    seen(page, "proposer")
    page.get_by_role("button", name="Publier", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Mini-pelle")
    page.get_by_role("link", name="Papiers et vérifications").click()
    page.get_by_label("Valable jusqu’au").fill(day(200))
    page.get_by_label("Le fichier").set_input_files(photo)
    page.get_by_role("button", name="Joindre", exact=True).click()
    expect(page.locator("#messages")).to_be_visible()
    seen(page, "papiers")


def show_and_name(page: Page, photo: Path, name: str, category: str) -> None:
    """Its category comes from its name."""
    page.goto("/materiel/")
    page.get_by_role("link", name="Proposer un matériel").first.click()
    page.wait_for_url("**/proposer/")
    page.locator("#id_photo_choisie").set_input_files(photo)
    expect(page.locator("#q-photos img")).to_have_count(1)
    page.get_by_role("textbox", name="Comment l’appelez-vous").fill(name)
    expect(page.get_by_role("radio", name=category)).to_be_checked()


def ask(page: Page) -> None:
    """Found on the board by its days, asked for from its sheet."""
    page.goto("/materiel/")
    for label, value in (("Quoi", "pelle"), ("Du", day()), ("Au", day(1))):
        page.get_by_label(label, exact=True).fill(value)
        page.get_by_label(label, exact=True).blur()
        expect(page).to_have_url(re.compile(value))
    expect(page.locator("#h-resultats")).to_contain_text("libre")
    seen(page, "tableau")
    page.get_by_role("link", name=re.compile("Mini-pelle")).click()
    expect(page.get_by_label("Du", exact=True)).to_have_value(day())
    page.get_by_label("Pour quels travaux, quelle occasion").fill("Curage du fossé, chemin des Vignes")
    page.get_by_role("checkbox", name=re.compile("règlement de prêt")).check()
    seen(page, "fiche")
    page.get_by_role("button", name="Envoyer la demande").click()
    expect(page.get_by_text("Votre demande est partie.")).to_be_visible()
    seen(page, "demande")


def accept(page: Page) -> None:
    todo(page, "Répondre à Bourg")
    seen(page, "reponse")
    page.get_by_role("button", name=re.compile("^Accepter")).click()
    expect(page.locator("#messages")).to_contain_text("C’est accordé")
    page.get_by_role("link", name=re.compile("^Lire ")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Convention")
    seen(page, "convention")


def sign(page: Page) -> None:
    todo(page, "Signer la convention")
    page.get_by_role("checkbox", name=re.compile("J’ai lu cette convention")).check()
    seen(page, "signature")
    page.get_by_role("button", name="Signer la convention").click()
    expect(page.locator("#messages")).to_contain_text("Vous avez signé pour")


def hand_over(page: Page, photo: Path) -> None:
    """Everything in good state but the tracks, photographed; the title of whoever drives is seen."""
    todo(page, "Remettre .*pelle")
    look_at_all(page)
    page.get_by_label("Prénom et nom").first.fill("Mickaël Prost")
    page.locator("[name=habilitation_vue]").check()
    worn = element(page, "État général")
    worn.locator("label", has_text="Usé").click()
    worn.get_by_label("Ce que vous voyez").fill("Chenille gauche entaillée.")
    worn.locator("input[type=file]").set_input_files(photo)
    expect(worn.locator(".ec-photo img")).to_have_count(1)
    seen(page, "remise")
    page.get_by_role("button", name="Confirmer la remise").click()
    expect(page.get_by_text("État des lieux du")).to_be_visible()
    shot = page.locator(".ec-photo img")
    shot.scroll_into_view_if_needed()
    expect(shot).to_have_js_property("complete", True)
    assert shot.evaluate("one => one.naturalWidth")
    seen(page, "remise-lue")


def take_back(page: Page, photo: Path) -> None:
    """On the page of the loan: two buckets out of three."""
    page.get_by_role("link", name="Ouvrir le prêt").click()
    page.get_by_role("link", name="Noter le retour").click()
    look_at_all(page)
    missing = element(page, "Godets")
    missing.locator("label", has_text="Manque").click()
    missing.get_by_label("Combien vous en comptez").fill("2")
    missing.get_by_label("Ce que vous voyez").fill("Le godet de curage est resté au chantier.")
    missing.locator("input[type=file]").set_input_files(photo)
    expect(missing.locator(".ec-photo img")).to_have_count(1)
    seen(page, "retour")
    page.get_by_role("button", name="Confirmer le retour").click()
    expect(page.get_by_text("À suivre")).to_be_visible()
    seen(page, "retour-lu")


def settle(page: Page) -> None:
    """Told to the gestionnaire; settled, the loan closes of itself."""
    page.goto("/notifications/")
    page.get_by_role("link", name=re.compile("Un incident sur .*Mini-pelle")).first.click()
    expect(page.get_by_text("manque 1 sur 3")).to_be_visible()
    seen(page, "incident")
    page.get_by_label("Où en est-on").fill("Bourg a racheté le godet.")
    page.get_by_label("Ce que cela a coûté").fill("450")
    page.get_by_role("button", name="C’est réglé").click()
    expect(page.locator("#messages")).to_contain_text("L’incident est réglé.")


def read_balance(page: Page) -> None:
    """Two days at ninety euros: given by Aval, received by Bourg."""
    page.goto("/materiel/")
    page.get_by_role("link", name="L’entraide de l’année").click()
    balances = page.get_by_role("table", name=re.compile("par collectivité"))
    expect(balances.get_by_role("row", name=re.compile("Aval"))).to_contain_text(re.compile(r"\+180.€"))
    expect(balances.get_by_role("row", name=re.compile("Bourg"))).to_contain_text(re.compile(r"\u2212180.€"))
    seen(page, "entraide")


def expect_step(page: Page, words: str, *, ended: bool = False) -> None:
    """What the borrower reads of the loan."""
    page.goto("/materiel/prets/")
    if ended:
        page.get_by_role("link", name=re.compile("^Terminés")).click()
    page.get_by_role("link", name=re.compile("Mini-pelle")).first.click()
    expect(page.locator("main")).to_contain_text(words)


def unfold(page: Page, name: str) -> Locator:
    page.locator("summary", has_text=name).click()
    return page.locator("details", has=page.locator("summary", has_text=name))


def element(page: Page, name: str) -> Locator:
    return page.locator("[data-element]").filter(has=page.get_by_role("heading", name=name, exact=True))


def look_at_all(page: Page) -> None:
    """Every element good, the tank full, both people there."""
    for line in every(page.locator("[data-element]")):
        line.locator(".ec-segment label").first.click()
    page.locator("label", has_text="Plein").last.click()
    for box in every(page.get_by_role("group", name="Qui remet, qui reçoit").get_by_role("checkbox")):
        box.check()


def day(after: int = 0) -> str:
    return (timezone.localdate() + timedelta(days=after)).isoformat()


@SCREENS
def test_a_need_is_posted_answered_and_becomes_a_loan(
    visitor: Visit, cast: Distribution, photo: Path, phone: bool
) -> None:
    post_crane(visitor(cast.gestionnaire_a, phone=phone).go(), photo)
    simone = visitor(cast.secretaire_b, phone=phone).go("/materiel/besoins/")
    first = (date.fromisoformat(day()).replace(day=1) + timedelta(days=62)).replace(day=3)
    simone.get_by_label("De quoi avez-vous besoin").fill("Une nacelle")
    simone.get_by_label("Du", exact=True).fill(first.isoformat())
    simone.get_by_label("Au", exact=True).fill((first + timedelta(days=2)).isoformat())
    simone.get_by_role("button", name="Publier").click()
    expect(simone.get_by_text("Votre besoin est affiché")).to_be_visible()
    seen(simone, "besoin")
    watch_over_needs()
    gisele = visitor(cast.gestionnaire_a, phone=phone).go("/notifications/")
    gisele.get_by_role("link", name=re.compile("nacelle")).first.click()
    expect(gisele.get_by_label("Nacelle 12")).to_be_checked()
    gisele.get_by_role("textbox", name="Un mot").fill("Avec le harnais.")
    seen(gisele, "besoin-repondre")
    gisele.get_by_role("button", name="Répondre à Bourg").click()
    expect(gisele.get_by_text("est proposé à Bourg")).to_be_visible()
    todo(simone, "Répondre à Aval")
    expect(simone.get_by_text("Avec le harnais.").first).to_be_visible()
    seen(simone, "besoin-proposition")
    simone.get_by_role("button", name="Accepter la proposition").click()
    expect(simone.get_by_role("heading", level=1)).to_contain_text("Nacelle")
    expect(simone.locator("main")).to_contain_text("Convention")
    seen(simone, "besoin-pret")
    simone.goto("/materiel/besoins/")
    expect(simone.get_by_text("Personne ne cherche rien")).to_be_visible()


def watch_over_needs() -> None:
    """As the veille does, once its author has had the time to think again."""
    Besoin.objects.update(created_at=timezone.now() - besoins.REFLEXION)
    assert besoins.announce_pending() == 1


def post_crane(page: Page, photo: Path) -> None:
    show_and_name(page, photo, "Nacelle 12 m", "Levage")
    page.get_by_role("button", name="Publier", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nacelle")
