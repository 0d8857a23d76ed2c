"""From the list of the annuaire to the paper on the wall, the addresses in a message, the code on a telephone."""

import io
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from collectivites.models import Secteur
from tests.annuaire.faux_portraits import give_photo
from tests.distribution import Distribution, make_distribution
from tests.e2e.browser import picture
from tests.e2e.controles import check_page


@pytest.fixture
def cast(live_server: object) -> Distribution:
    cast = make_distribution()
    plaine = Secteur.objects.create(nom="Secteur de la plaine")
    cast.b.secteur = plaine
    cast.b.save()
    cast.elue_b.postes.update(telephone="0353010188")
    give_photo(cast.elue_b)
    return cast


def paper(page: Page, button: str) -> tuple[dict[str, list[str]], str, int]:
    """What the button asks for, and the text and the pictures of the paper that answers."""
    with page.expect_request(lambda request: ".pdf" in request.url) as asked:
        page.get_by_role("button", name=button).click()
    address = asked.value.url
    answer = page.context.request.get(address)
    assert answer.ok, address
    reader = PdfReader(io.BytesIO(answer.body()))
    text = " ".join(" ".join(sheet.extract_text() for sheet in reader.pages).split())
    return parse_qs(urlsplit(address).query), text, sum(len(sheet.images) for sheet in reader.pages)


def test_print_the_trombinoscope_of_a_secteur(visitor: object, cast: Distribution) -> None:
    page = visitor(cast.secretaire_a).go("/annuaire/")
    page.get_by_role("link", name="Emporter, imprimer").click()
    expect(page.get_by_role("status").filter(has_text="8 personnes")).to_be_visible()
    page.get_by_label("Secteur").select_option(label="Secteur de la plaine")
    expect(page.get_by_role("status").filter(has_text="3 personnes")).to_be_visible()
    with page.expect_response(lambda response: "papier=a3" in response.url):
        page.get_by_label("A3, à afficher").check()
    expect(page.locator(".htmx-request")).to_have_count(0)  # the list is no longer veiled
    picture(page, "annuaire/emporter")
    check_page(page)
    asked, text, photos = paper(page, "Imprimer le trombinoscope")
    assert asked["papier"] == ["a3"]
    assert "3 personnes, 1 commune" in text.replace("\u00a0", " ")
    for name in ("Elise Bourg", "Simone Bourg", "Paul Deux", "03 53 01 01 88"):
        assert name in text.replace("\u00a0", " ")
    assert "Aval" not in text
    assert photos == 1


def test_phones_by_name_without_javascript(visitor: object, cast: Distribution) -> None:
    page = visitor(cast.secretaire_a, java_script_enabled=False).go("/annuaire/emporter/?collectivite=bourg")
    page.get_by_label("Nom, métier ou compétence").fill("elise")
    page.get_by_role("button", name="Mettre la liste à jour").click()
    expect(page.get_by_role("heading", name="1 personne")).to_be_visible()
    page.get_by_label("Par nom").check()
    _, text, _ = paper(page, "Imprimer la liste des téléphones")
    assert "Bourg Elise" in text


def test_nobody_then_everybody(visitor: object, cast: Distribution) -> None:
    page = visitor(cast.secretaire_a).go("/annuaire/emporter/?q=zzz")
    expect(page.get_by_role("heading", name="Personne ne répond à ces filtres")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="zzz").click()
    expect(page.get_by_role("heading", name="8 personnes")).to_be_visible()


def test_copy_the_addresses(visitor: object, cast: Distribution) -> None:
    person = visitor(cast.secretaire_a)
    person.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = person.go("/annuaire/emporter/?collectivite=bourg")
    page.get_by_role("button", name="Voir les adresses").click()
    page.get_by_role("button", name="Copier les adresses").click()
    expect(page.get_by_role("status").filter(has_text="Les adresses sont copiées")).to_be_visible()
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied == "elise-bourg@essai.example; simone-bourg@essai.example; paul-deux@essai.example"
    check_page(page)
    page.get_by_role("link", name="Mettre des virgules").click()
    expect(page.get_by_label("3 adresses")).to_have_value(copied.replace("; ", ", "))


def test_the_contact_card_of_a_colleague(visitor: object, cast: Distribution) -> None:
    page = visitor(cast.secretaire_a, phone=True).go("/annuaire/agents/elise-bourg/")
    page.get_by_role("link", name="Code QR").tap()
    drawn = page.get_by_role("img", name="Code QR de la carte de visite")
    expect(drawn).to_be_visible()
    expect(drawn).to_have_js_property("complete", True)
    assert drawn.evaluate("node => node.naturalWidth") > 100
    check_page(page)
    with page.expect_download() as got:
        page.get_by_role("link", name="Ajouter à mes contacts").tap()
    assert got.value.suggested_filename == "elise-bourg.vcf"
