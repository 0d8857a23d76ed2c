"""Conventions in the browser: the frames of a year, the pages around, the copy that the other side recognises."""

import re
from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from playwright.sync_api import expect

from materiel.contrats.conventions import prepare
from materiel.contrats.copies import Papier, sign_on_paper
from materiel.enums import Cote
from materiel.models import Pret
from tests.distribution import Distribution
from tests.e2e.browser import picture
from tests.e2e.conftest import Visitor
from tests.e2e.constats import of_the_digger, ready
from tests.e2e.controles import check_page
from tests.materiel.contrats import today
from tests.materiel.factories import make_materiel

Visit = Callable[..., Visitor]


@pytest.fixture
def cast(distribution: Distribution) -> Distribution:
    return ready(distribution)


@pytest.fixture
def pret(cast: Distribution) -> Pret:
    return of_the_digger(cast)


def test_the_other_pages_are_sound(visitor: Visit, cast: Distribution, pret: Pret) -> None:
    page = visitor(cast.gestionnaire_a).go("/materiel/conventions/")
    check_page(page)
    page.get_by_role("link", name="Nouvelle convention-cadre").click()
    check_page(page)
    page.get_by_role("radio", name=re.compile("Aval prête")).check()
    page.get_by_label("Avec quelle collectivité").select_option(label="Bourg")
    page.get_by_role("button", name="Préparer la convention").click()
    expect(page.locator("#messages")).to_contain_text("La convention est prête.")
    picture(page, "materiel/cadre-1280")
    check_page(page)
    page.locator("summary", has_text="Signée sur papier").click()
    check_page(page)
    page.get_by_role("link", name="Résilier cette convention").click()
    check_page(page)
    for path in ("/materiel/reglement/", "/materiel/convention-commune-commune/", "/materiel/conventions/"):
        page.goto(path)
        picture(page, f"materiel{path.replace('/', '-')}")
        check_page(page)
    technician = visitor(cast.agent_a).go(reverse("materiel:remise", args=[pret.numero]))
    check_page(technician)
    other = make_materiel("Broyeur", collectivite=cast.a)
    technician.goto(reverse("materiel:constat_du_materiel", args=[other.pk]))
    check_page(technician)


def test_the_lender_recognises_the_copy_of_the_borrower_on_a_phone(
    visitor: Visit, cast: Distribution, pret: Pret
) -> None:
    papers = [Papier(cote, "Elise Bourg", "maire", today()) for cote in Cote]
    convention = prepare(pret, cast.gestionnaire_a)
    sign_on_paper(convention, cast.secretaire_b, ContentFile(b"%PDF-1.7 scan"), "signee.pdf", papers)
    page = visitor(cast.gestionnaire_a, phone=True).go(pret.get_absolute_url())
    picture(page, "materiel/pret-390-copie")
    page.get_by_role("link", name="Voir la copie et répondre").tap()
    expect(page.get_by_role("heading", name="Est-ce bien votre convention")).to_be_visible()
    picture(page, "materiel/convention-390-copie")
    check_page(page)
    page.get_by_role("button", name="C’est bien notre convention").tap()
    expect(page.get_by_text("La convention vaut pour vous deux.")).to_be_visible()
