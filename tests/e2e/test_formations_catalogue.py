"""The catalogue of the training: filters that follow, the month by keyboard, the address of one's agenda; sound for
everybody.
"""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from collectivites.models import Theme
from formations.enums import Visa
from formations.models import PublicFormation
from tests.distribution import Distribution, make_distribution
from tests.e2e.browser import axe, picture
from tests.e2e.controles import check_page
from tests.formations.factories import book, make_formation, make_session, monday, worker


@pytest.fixture
def cast(live_server: object) -> Distribution:
    """A session of each kind: free, full with a list, online for forty, mine, held until a visa, without a date."""
    cast = make_distribution()
    for place, at in [(cast.a, (47.09, 5.49)), (cast.b, (47.04, 5.43))]:
        place.latitude, place.longitude = at
        place.save()
    techniques, accueil = (PublicFormation.objects.get(code=code) for code in ("techniques", "accueil"))
    theme = Theme.objects.get(slug="finances")
    registre = make_session(make_formation("Tenir le registre des délibérations", duree_heures="3.5"), lieu=cast.b)
    book(registre, cast.gestionnaire_a, cast.a)
    gestes = make_formation("Gestes et postures pour les équipes techniques", publics=[techniques])
    session = make_session(gestes, on=monday(6) + timedelta(days=1), capacite=14, lieu=cast.a)
    for n in range(6):
        book(session, worker(cast.b), visa=Visa.ATTENDU if n > 3 else Visa.NON_REQUIS)
    visio = make_formation("Dématérialiser les actes, en visio", duree_heures="1")
    make_session(visio, on=monday(6) + timedelta(days=3), capacite=40, distanciel=True)
    public = make_formation("Accueillir un public en difficulté", publics=[accueil], theme=theme)
    full = make_session(public, on=monday(11), capacite=3, lieu=cast.b)
    for _ in range(5):
        book(full, worker(cast.b))
    make_session(make_formation("SST, recyclage"), on=monday(17), lieu=cast.a)
    undated = make_session(make_formation("CACES R482, engins de chantier", duree_heures="21"), datee=False)
    book(undated, worker(cast.b))
    return cast


def test_filters_follow_and_are_taken_away(visitor: object, cast: Distribution) -> None:
    page = visitor(cast.gestionnaire_a).go("/formations/")
    expect(page.get_by_role("heading", name="Tenir le registre des délibérations")).to_be_visible()
    page.get_by_label("Pour qui").select_option(label="Agents techniques")
    expect(page.get_by_role("heading", name="Accueillir un public en difficulté")).to_have_count(0)
    expect(page).to_have_url(re.compile("public=techniques"))
    page.get_by_role("link", name="Agents techniques Retirer ce filtre").click()
    expect(page.get_by_role("heading", name="Accueillir un public en difficulté")).to_be_visible()
    page.get_by_label("Seulement s’il reste des places").check()
    expect(page.get_by_role("heading", name="Accueillir un public en difficulté")).to_have_count(0)
    page.get_by_label("Où").select_option(label="En visio")
    expect(page.locator(".ec-course")).to_have_count(1)
    axe(page)


def test_the_following_months_come_below(visitor: object, cast: Distribution) -> None:
    page = visitor(cast.gestionnaire_a).go("/formations/")
    expect(page.get_by_role("heading", name="SST, recyclage")).to_have_count(0)
    page.get_by_role("link", name=re.compile("^Voir .* et la suite$")).click()
    expect(page.get_by_role("heading", name="SST, recyclage")).to_be_visible()
    expect(page.get_by_role("heading", name="Tenir le registre des délibérations")).to_have_count(1)


def test_the_month_is_used_by_keyboard(visitor: object, cast: Distribution) -> None:
    page = visitor(cast.gestionnaire_a).go(f"/formations/calendrier/?mois={monday(6):%Y-%m}")
    day = page.locator(".ec-month__a").first
    day.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#jour-"))
    page.keyboard.press("Tab")
    expect(page.locator("#h-liste ~ div a:focus")).to_have_count(1)
    axe(page)


@pytest.mark.parametrize("phone", [False, True])
def test_every_page_is_sound(visitor: object, cast: Distribution, phone: bool) -> None:
    for name, address in (
        ("catalogue", "/formations/"),
        ("toutes", "/formations/?vue=toutes"),
        ("rien", "/formations/?public=elus&ou=visio&places=on&du=2031-01-01"),
        ("calendrier", f"/formations/calendrier/?mois={monday(6):%Y-%m}"),
        ("agenda", "/formations/agenda/"),
    ):
        page = visitor(cast.gestionnaire_a, phone=phone).go(address)
        check_page(page)
        picture(page, f"formations/{name}{'-390' if phone else ''}")
    page = visitor(cast.gestionnaire_a, phone=phone, dark=True).go("/formations/")
    axe(page)
    picture(page, f"formations/catalogue-sombre{'-390' if phone else ''}")


def test_an_address_for_the_agenda(visitor: object, cast: Distribution) -> None:
    page = visitor(cast.gestionnaire_a).go("/formations/agenda/")
    page.get_by_role("button", name="Créer mon adresse").click()
    expect(page.get_by_label("Adresse du calendrier")).to_have_value(re.compile(r"/formations/agenda/.+\.ics$"))
    page.get_by_role("button", name="Révoquer").first.click()
    expect(page.get_by_text("Cette adresse ne répond plus")).to_be_visible()
