"""Loans in the browser: asked on a phone, answered in the inbox, followed on their page."""

import re
from collections.abc import Callable
from datetime import time, timedelta
from itertools import pairwise

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from collectivites.models import Collectivite
from materiel.models import Materiel, Papier, Pret
from materiel.prets import echanges, reponses
from materiel.prets.demandes import Options
from tests.distribution import Distribution
from tests.e2e.browser import every
from tests.e2e.conftest import Visitor
from tests.e2e.controles import check_and_keep
from tests.materiel.factories import make_materiel, monday
from tests.materiel.prets import ask, commune, days, fresh, hand_over, keeper, lend, make_late

Visit = Callable[..., Visitor]


@pytest.fixture
def tavaux(live_server: object, distribution: Distribution) -> Collectivite:
    return commune("Tavaux", latitude=47.03, longitude=5.40, telephone="0353010061")


@pytest.fixture
def foucherans(live_server: object, distribution: Distribution) -> Collectivite:
    return commune("Foucherans", latitude=47.08, longitude=5.46, telephone="0353010062")


def near(nom: str, latitude: float) -> Collectivite:
    return commune(nom, latitude=latitude, longitude=5.47, telephone="0353010063")


@pytest.fixture
def inbox(tavaux: Collectivite, foucherans: Collectivite) -> Materiel:
    """Four requests, one of them asked before another, one for more than there is; a late podium that is expected."""
    sweeper = make_materiel("Balayeuse de voirie", collectivite=tavaux)
    barriers = make_materiel(
        "Barrières de police", collectivite=tavaux, stock=40, unite="barrières", categorie_code="securite"
    )
    chairs = make_materiel(
        "Chaises pliantes", collectivite=tavaux, stock=120, unite="chaises pliantes", categorie_code="salles",
        accord_direct=20,
    )  # fmt: skip
    podium = make_materiel("Podium 6 × 4 m", collectivite=tavaux, categorie_code="fetes")
    ask(sweeper, near("Champvans", 47.10), 0, 2, usage="Après la fête patronale")
    ask(barriers, near("Choisey", 47.06), 5, 6, quantite=40, usage="Course cycliste")
    lend(barriers, near("Damparis", 47.07), 4, 5, quantite=12)
    ask(sweeper, near("Jouhe", 47.13), 1, 2, usage="Passage de la commission fleurissement")
    ask(chairs, near("Rainans", 47.12), 5, 5, quantite=50, usage="Concert à l’église")
    soon = timezone.localdate() + timedelta(days=2)
    expected = ask(podium, near("Authume", 47.11), **days(0, 0, soon), usage="Marché de Noël")
    reponses.accept(expected, keeper(tavaux))
    make_late(podium, foucherans)
    make_materiel("Podium", collectivite=near("Brevans", 47.09), categorie_code="fetes")
    out = lend(make_materiel("Sono, 2 enceintes", collectivite=tavaux, categorie_code="fetes"), near("Gevry", 47.05))
    Pret.objects.filter(pk=out.pk).update(date_debut=timezone.localdate(), heure_remise=time(16, 30))
    back = hand_over(lend(chairs, near("Sampans", 47.13), quantite=20))
    today = timezone.localdate()
    Pret.objects.filter(pk=back.pk).update(date_debut=today, date_fin=today, heure_retour=time(17))
    for thing, left in ((podium, 7), (sweeper, 25)):
        Papier.objects.create(materiel=thing, type="vgp", valable_jusqu_au=timezone.localdate() + timedelta(days=left))
    return sweeper


@pytest.fixture
def loan(tavaux: Collectivite, foucherans: Collectivite) -> Pret:
    tent = make_materiel(
        "Barnum 5 × 8 m", collectivite=tavaux, categorie_code="fetes", lieu="Centre technique, rue des Vernes"
    )
    pret = lend(tent, foucherans, 4, 6, usage="la foire d’automne", options=Options(heure_remise=time(7, 45)))
    echanges.write(pret, keeper(foucherans), "Bonjour, il resterait monté la nuit, sous clé.")
    echanges.write(pret, keeper(tavaux), "D’accord pour nous. Pensez à le lester : le coin est venté.")
    return fresh(pret)


@pytest.mark.parametrize("phone", [False, True], ids=["bureau", "telephone"])
def test_sound_pages(
    visitor: Visit, tavaux: Collectivite, foucherans: Collectivite, inbox: Materiel, loan: Pret, phone: bool
) -> None:
    look = "telephone" if phone else "bureau"
    asked = Pret.objects.get(emprunteur__nom="Choisey")
    day = asked.date_debut.isoformat()
    owner = visitor(keeper(tavaux), phone=phone)
    borrower = visitor(keeper(foucherans), phone=phone)
    for who, name, path in (
        (owner, "demandes", "/materiel/demandes/"),
        (owner, "repondre", f"{asked.get_absolute_url()}?reponse=partie"),
        (borrower, "pret", loan.get_absolute_url()),
        (borrower, "prets", "/materiel/prets/"),
        (borrower, "demander", f"/materiel/{inbox.pk}/demander/?du={day}&au={day}"),
        (borrower, "modifier", f"{loan.get_absolute_url()}modifier/"),
        (borrower, "annuler", f"{loan.get_absolute_url()}annuler/"),
        (borrower, "accueil", "/"),
    ):
        page = who.go(path)
        check_and_keep(page, f"prets/{name}-{look}")


@pytest.mark.parametrize("phone", [False, True], ids=["bureau", "telephone"])
def test_each_request_of_the_inbox_takes_the_width_of_its_column(
    visitor: Visit, tavaux: Collectivite, inbox: Materiel, phone: bool
) -> None:
    page = visitor(keeper(tavaux), phone=phone).go("/materiel/demandes/")
    column = page.locator("#traiter").bounding_box()
    asks = page.locator(".ec-ask")
    expect(asks).to_have_count(4)
    boxes = [one.bounding_box() for one in every(asks)]
    assert all(box["width"] > 0.8 * column["width"] for box in boxes)
    assert all(one["y"] + one["height"] <= two["y"] + 1 for one, two in pairwise(boxes))
    words = [one.bounding_box()["width"] for one in every(page.locator(".ec-ask h3"))]
    assert min(words) > 0.6 * column["width"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_asked_on_a_phone_accepted_in_the_inbox(visitor: Visit, tavaux: Collectivite, foucherans: Collectivite) -> None:
    thing = make_materiel("Balayeuse de voirie", collectivite=tavaux)
    ask(thing, near("Champvans", 47.10), 0, 2)
    day = monday().isoformat()
    page = visitor(keeper(foucherans), phone=True).go(f"/materiel/{thing.pk}/demander/")
    for label in ("Du", "Au"):
        with page.expect_response(re.compile(re.escape(thing.page.adresse))):
            page.get_by_label(label, exact=True).fill(day)
    expect(page.locator("#demande-etat")).to_contain_text("Demandé avant vous par Champvans, jusqu’au mercredi")
    page.locator("#demande-etat .ec-chip").first.tap()
    expect(page.locator("#demande-etat")).to_contain_text("Libre")
    page.get_by_label("Pour quels travaux, quelle occasion").fill("Curage du fossé")
    page.locator("[name=reglement]").check()
    page.get_by_role("button", name="Envoyer la demande").tap()
    expect(page.get_by_text("Votre demande est partie.")).to_be_visible()
    expect(page.get_by_text("Demande envoyée")).to_be_visible()

    inbox = visitor(keeper(tavaux)).go("/materiel/demandes/")
    inbox.get_by_role("button", name="Accepter la demande de Foucherans").click()
    expect(inbox.get_by_text("C’est accordé.")).to_be_visible()
    page.reload()
    expect(page.locator("main")).to_contain_text("Convention à signer")


def test_answers_by_batch_and_in_part(visitor: Visit, tavaux: Collectivite, inbox: Materiel) -> None:
    page = visitor(keeper(tavaux)).go("/materiel/demandes/")
    bar = page.locator(".ec-batch")
    accept = bar.get_by_role("button", name=re.compile("Accepter"))
    expect(accept).to_be_disabled()
    for place in ("Champvans", "Jouhe"):
        page.get_by_role("checkbox", name=re.compile(f"de {place}")).check()
    expect(bar.get_by_role("status")).to_have_text("2\u00a0demandes choisies")
    accept.click()
    expect(page.locator("#messages")).to_contain_text("Champvans (Balayeuse de voirie)")
    expect(page.locator("#messages")).to_contain_text("Pas faite, Jouhe (Balayeuse de voirie)")

    choisey = page.locator(".ec-ask", has_text="Choisey")
    fold = choisey.get_by_role("button", name="En prêter 28")
    expect(fold).to_have_attribute("aria-expanded", "true")
    fold.press("Enter")
    expect(fold).to_have_attribute("aria-expanded", "false")
    fold.press("Enter")
    choisey.get_by_label("Combien en prêtez-vous").fill("20")
    choisey.get_by_role("button", name="En prêter une partie").click()
    expect(page.locator("#messages")).to_contain_text("C’est accordé pour 20.")
    assert Pret.objects.get(emprunteur__nom="Choisey").quantite == 20


def test_what_is_late_is_proposed_again_and_agreed(
    visitor: Visit, tavaux: Collectivite, foucherans: Collectivite, inbox: Materiel
) -> None:
    make_materiel("Podium de secours", collectivite=tavaux, categorie_code="fetes")
    page = visitor(keeper(tavaux)).go("/materiel/demandes/")
    expect(page.locator("#retards")).to_contain_text("Authume l’attend")
    page.get_by_role("link", name="Proposer autre chose à Authume").click()
    expect(page.get_by_label("Matériel", exact=True)).to_have_value(
        str(Materiel.objects.get(page__title="Podium de secours").pk)
    )
    page.get_by_role("button", name="Proposer à Authume").click()
    expect(page.locator("#messages")).to_contain_text("est partie à Authume")

    pret = Pret.objects.get(emprunteur__nom="Authume")
    there = visitor(keeper(pret.emprunteur), phone=True).go(pret.get_absolute_url())
    expect(there.locator("main")).to_contain_text("Foucherans n’a pas encore rendu ce matériel.")
    there.get_by_role("button", name="Accepter la proposition").tap()
    expect(there.get_by_role("heading", level=1)).to_have_text("Podium de secours")
