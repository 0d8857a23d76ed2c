"""Finding a thing and choosing its days: filters, calendar by keyboard, photos; every state is sound for everybody."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from materiel.enums import Nature, Transport
from materiel.models import Accessoire, Materiel, Papier
from materiel.vitrine.filtres import PAR_PAGE
from tests.distribution import Distribution, make_distribution
from tests.e2e.browser import axe, picture
from tests.e2e.controles import check_page
from tests.materiel.factories import EngagementFactory, PretFactory, half, make_materiel, monday

LUNDI = monday(5)
MERCREDI = LUNDI + timedelta(days=2)


@pytest.fixture
def cast(live_server: object) -> Distribution:
    """Two communes whose positions are known, so that distances are told."""
    cast = make_distribution()
    for place, at in [(cast.a, (47.09, 5.49)), (cast.b, (47.04, 5.43))]:
        place.latitude, place.longitude = at
        place.save()
    return cast


@pytest.fixture
def mini_pelle(cast: Distribution) -> Materiel:
    """Lent on the first Wednesday, kept by its owner the week after, with all that a sheet may say."""
    thing = make_materiel(
        "Mini-pelle 2,5 t",
        collectivite=cast.b,
        categorie_code="terrassement",
        accroche="Sur remorque, trois godets",
        transport=Transport.LIVRAISON,
        consignes="Casque et gilet.",
        lieu="Centre technique de Bourg",
    )
    Accessoire.objects.create(materiel=thing, nom="Godets", nombre=3)
    Papier.objects.create(materiel=thing, type="vgp", valable_jusqu_au=timezone.localdate() + timedelta(days=20))
    pret = PretFactory(materiel=thing, emprunteur=cast.epci)
    EngagementFactory(materiel=thing, nature=Nature.PRET, pret=pret, debut=half(MERCREDI), fin=half(MERCREDI) + 1)
    EngagementFactory(materiel=thing, debut=half(LUNDI) + 14, fin=half(LUNDI) + 17)
    return thing


def day_of(page: Page, day: object) -> object:
    return page.locator(f'[data-calendrier] td[data-date="{day}"] a')


def test_the_calendar_is_used_by_keyboard(visitor: object, cast: Distribution, mini_pelle: Materiel) -> None:
    """One stop in the order of tabulation; arrows go from free day to free day, over those that are not."""
    page = visitor(cast.gestionnaire_a).go(f"{mini_pelle.page.adresse}?du={LUNDI}")
    first, after = day_of(page, LUNDI), day_of(page, MERCREDI + timedelta(days=1))
    expect(page.locator('[data-calendrier] a[tabindex="0"]')).to_have_count(1)
    first.focus()
    page.keyboard.press("ArrowRight")
    expect(day_of(page, LUNDI + timedelta(days=1))).to_be_focused()
    page.keyboard.press("ArrowRight")  # Wednesday is taken
    expect(after).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.locator("#demande-etat")).to_contain_text("Libre les lundi")  # it ends the period that began on Monday
    expect(page.locator(".is-picked")).to_have_count(2)
    after.focus()
    page.keyboard.press(" ")
    expect(page.get_by_label("Du", exact=True)).to_have_value(str(MERCREDI + timedelta(days=1)))
    expect(page.locator("#demande-etat")).to_contain_text("Libre le jeudi")
    picture(page, "materiel/calendrier")
    page.keyboard.press("PageDown")
    expect(page.locator("#mois-avant")).to_be_visible()
    axe(page)


def test_dates_are_chosen_by_touch_and_told_at_once(visitor: object, cast: Distribution, mini_pelle: Materiel) -> None:
    page = visitor(cast.gestionnaire_a, phone=True).go(f"{mini_pelle.page.adresse}?mois={MERCREDI:%Y-%m}")
    page.get_by_label("Du", exact=True).fill(str(MERCREDI))
    expect(page.locator("#demande-etat")).to_contain_text("Déjà pris le mercredi")
    near = page.locator("#demande-etat .ec-chip")
    expect(near).to_have_count(3)
    near.first.tap()
    expect(page.locator("#demande-etat")).to_contain_text("Libre le")
    expect(page.locator("#demande-etat .ec-chip")).to_have_count(0)
    picture(page, "materiel/dates-telephone")


def test_a_part_is_asked_and_the_waiting_list_is_never_joined_by_mistake(visitor: object, cast: Distribution) -> None:
    """Two hundred barriers, a hundred and sixty lent: forty are offered in one tap, what is typed stays."""
    lot = make_materiel("Barrières", collectivite=cast.b, stock=200, unite="barrières", categorie_code="securite")
    EngagementFactory(materiel=lot, quantite=160, debut=half(LUNDI), fin=half(LUNDI) + 1)
    page = visitor(cast.gestionnaire_a).go(f"{lot.page.adresse}?du={LUNDI}&quantite=80")
    expect(page.get_by_role("button", name="S’inscrire en liste d’attente")).to_be_visible()
    page.locator("[name=reglement]").check()
    page.get_by_label("Pour quels travaux, quelle occasion").fill("Course cycliste")
    page.get_by_label("Pour quels travaux, quelle occasion").press("Enter")
    expect(page.locator(".ec-errors")).to_be_focused()
    check_page(page)
    page.get_by_role("link", name="En demander 40").click()
    expect(page.locator("#demande-etat .alert-success")).to_contain_text("40 libres sur 200 le lundi")
    expect(page.get_by_label("Combien, sur 200")).to_have_value("40")
    expect(page.get_by_label("Pour quels travaux, quelle occasion")).to_have_value("Course cycliste")
    page.get_by_role("button", name="Envoyer la demande").click()
    expect(page.get_by_text("Votre demande est partie.")).to_be_visible()


def test_what_is_typed_stays_while_months_are_read(visitor: object, cast: Distribution, mini_pelle: Materiel) -> None:
    page = visitor(cast.gestionnaire_a).go(mini_pelle.page.adresse)
    usage = page.get_by_label("Pour quels travaux, quelle occasion")
    usage.fill("Curage du fossé")
    title = page.locator(".ec-month caption").first.inner_text()
    page.get_by_role("link", name="Mois suivant").click()
    expect(page.locator(".ec-month caption").first).not_to_have_text(title)
    expect(usage).to_have_value("Curage du fossé")
    page.get_by_text("Les mêmes dates, en toutes lettres").click()
    expect(page.locator(".ec-dates li").first).to_be_visible()


def test_the_sheet_and_the_board_without_javascript(visitor: object, cast: Distribution, mini_pelle: Materiel) -> None:
    page = visitor(cast.gestionnaire_a, java_script_enabled=False).go(f"{mini_pelle.page.adresse}?du={LUNDI}")
    day_of(page, LUNDI + timedelta(days=1)).click()
    expect(page.locator("#demande-etat")).to_contain_text("Libre")
    expect(page.locator(".is-picked")).to_have_count(2)
    page.goto("/materiel/")
    page.get_by_label("Quoi").fill("mini")
    page.get_by_role("button", name="Voir ce qui est libre").click()
    expect(page).to_have_url(re.compile("quoi=mini"))


def test_filters_answer_without_leaving_the_page(visitor: object, cast: Distribution, mini_pelle: Materiel) -> None:
    for rank in range(PAR_PAGE + 3):
        make_materiel(f"Barnum {rank}", collectivite=(cast.a, cast.b)[rank % 2], categorie_code="fetes")
    page = visitor(cast.gestionnaire_a).go("/materiel/")
    title = page.locator("#h-resultats")
    expect(title).to_have_text(f"{PAR_PAGE + 4} matériels")
    page.get_by_label("Du", exact=True).fill(str(MERCREDI))
    expect(title).to_contain_text(f"dont {PAR_PAGE + 3} libres le mercredi")
    page.get_by_label("Jusqu’à").select_option("5")
    expect(title).not_to_contain_text(f"{PAR_PAGE + 4} matériels")
    expect(page).to_have_url(re.compile("km=5"))
    page.get_by_label("Jusqu’à").select_option("")
    page.get_by_role("link", name="Terrassement").click()
    expect(title).to_contain_text("1 matériel, pas libre le mercredi")
    expect(page.get_by_role("link", name="Terrassement")).to_have_attribute("aria-current", "true")
    page.get_by_label("Trier par").select_option("nom")
    expect(page).to_have_url(re.compile("categorie=terrassement.*tri=nom"))
    page.get_by_role("link", name="Tout", exact=True).click()
    page.get_by_role("link", name=re.compile("Voir 4 matériels de plus")).click()
    expect(page.locator("#grille > article")).to_have_count(PAR_PAGE + 4)
    expect(page.locator("#grille > article").nth(PAR_PAGE).get_by_role("link")).to_be_focused()
    picture(page, "materiel/tableau")


def test_every_state_of_the_board_is_sound(visitor: object, cast: Distribution, mini_pelle: Materiel) -> None:
    long = make_materiel("Podium" + " modulable" * 12, collectivite=cast.b, accroche="Anticonstitutionnellement" * 4)
    manager = visitor(cast.gestionnaire_a)
    for address in (
        f"/materiel/?du={LUNDI}&au={MERCREDI}",
        f"/materiel/?du={MERCREDI}&au={LUNDI}",
        "/materiel/?quoi=paratonnerre",
        "/materiel/?km=5&livraison=1",
        "/materiel/carte/",
        f"/materiel/carte/?du={LUNDI}",
        "/materiel/nos-materiels/",
        f"{mini_pelle.page.adresse}?du={MERCREDI}",
        long.page.adresse,
    ):
        page = manager.go(address)
        check_page(page)
    check_page(visitor(cast.sans_poste).go("/materiel/"))
    check_page(visitor(cast.agent_a).go(f"{mini_pelle.page.adresse}?du={LUNDI}"))


def test_days_are_kept_and_given_back(visitor: object, cast: Distribution) -> None:
    thing = make_materiel("Balayeuse", collectivite=cast.a)
    page = visitor(cast.gestionnaire_a, phone=True).go(thing.page.adresse)
    page.get_by_role("link", name="Garder des dates").tap()
    page.get_by_role("button", name="Garder ces dates").tap()
    expect(page.locator(".ec-errors")).to_be_focused()
    check_page(page)
    page.get_by_label("Du", exact=True).fill(str(LUNDI))
    page.get_by_label("Au", exact=True).fill(str(MERCREDI))
    page.get_by_label(re.compile("Pour quoi faire")).fill("Fête de la musique")
    page.get_by_role("button", name="Garder ces dates").tap()
    expect(page.locator("#messages")).to_contain_text("C’est gardé")
    check_page(page)
    page.get_by_role("button", name=re.compile("Rendre ces dates")).tap()
    expect(page.locator("#messages")).to_contain_text("Ces dates sont rendues")
