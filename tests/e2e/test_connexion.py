"""The first login by a code, the next one, and the codes that open nothing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from collectivites.models import EntreeJournal
from notifications.models import Courriel
from tests.comptes.entrees import last_code
from tests.distribution import Distribution
from tests.e2e.browser import picture
from tests.e2e.conftest import Visitor
from tests.e2e.controles import check_page
from tests.e2e.pages import Connexion, Entete

Visit = Callable[..., Visitor]


@pytest.mark.parametrize("phone", [False, True], ids=["bureau", "telephone"])
def test_the_first_login_shows_the_notice_and_the_second_does_not(
    visitor: Visit, distribution: Distribution, phone: bool
) -> None:
    agent = distribution.secretaire_a
    agent.notice_vue_le = None
    agent.save()
    page = visitor(phone=phone).go("/annuaire/")
    connexion = Connexion(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Entrez, vous êtes chez vous")
    picture(page, f"connexion-1-adresse-{phone}")
    connexion.ask_code("  Sylvie-Aval@Essai.example ")
    picture(page, f"connexion-2-code-{phone}")
    check_page(page)
    connexion.give_code(last_code(agent.email).replace("-", " "))
    expect(page.get_by_role("heading", level=1)).to_have_text("Bienvenue, Sylvie")
    picture(page, f"connexion-3-notice-{phone}")
    check_page(page)

    page.goto("/")  # nothing opens before the notice
    expect(page.get_by_role("heading", level=1)).to_have_text("Bienvenue, Sylvie")
    page.go_back()
    page.get_by_role("button", name="J’ai lu, entrer dans l’extranet").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Annuaire")
    agent.refresh_from_db()
    assert agent.notice_vue_le is not None
    assert EntreeJournal.objects.filter(acte="notice.lue", agent=agent).count() == 1

    Entete(page).log_out()
    expect(page.locator("#messages")).to_contain_text("Vous êtes déconnecté·e")
    connexion.enter(agent)
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Sylvie")
    picture(page, f"connexion-4-accueil-{phone}")
    check_page(page)


def test_a_wrong_code_says_so_and_the_right_one_still_opens(visitor: Visit, distribution: Distribution) -> None:
    agent = distribution.secretaire_a
    page = visitor().go("/connexion/")
    connexion = Connexion(page)
    connexion.ask_code(agent.email)
    right = last_code(agent.email)
    wrong = "1111-1111" if right != "1111-1111" else "2222-2222"
    connexion.give_code(wrong)
    expect(page.get_by_role("alert")).to_contain_text("Ce code ne convient pas")
    expect(page.get_by_role("alert")).to_be_focused()
    picture(page, "connexion-code-faux")
    check_page(page)
    connexion.give_code(right)
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Sylvie")


def test_after_three_wrong_codes_the_code_is_dead(visitor: Visit, distribution: Distribution) -> None:
    agent = distribution.secretaire_a
    page = visitor().go("/connexion/")
    connexion = Connexion(page)
    connexion.ask_code(agent.email)
    right = last_code(agent.email)
    for _ in range(3):
        connexion.give_code("1111-1111" if right != "1111-1111" else "2222-2222")
    expect(page).to_have_url("/connexion/")
    expect(page.locator("#messages")).to_contain_text("Demandez-en un autre")
    page.goto("/connexion/code/")
    expect(connexion.code).to_have_count(0)
    page.goto("/")
    expect(connexion.address).to_be_visible()


def test_an_expired_code_opens_nothing_and_says_so(
    visitor: Visit, distribution: Distribution, settings: Settings
) -> None:
    settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 1
    agent = distribution.secretaire_a
    page = visitor().go("/connexion/")
    connexion = Connexion(page)
    connexion.ask_code(agent.email)
    page.wait_for_timeout(1_200)
    connexion.give_code(last_code(agent.email))
    expect(page).to_have_url("/connexion/")
    expect(page.locator("#messages")).to_contain_text("Ce code n’est plus valable")
    page.goto("/")
    expect(connexion.address).to_be_visible()


def test_an_unknown_address_gets_the_same_screen_and_no_mail(visitor: Visit, distribution: Distribution) -> None:
    """Nothing on the screen tells whether somebody works here."""

    def screen(email: str) -> str:
        page = visitor().go("/connexion/")
        Connexion(page).ask_code(email)
        return page.locator("body").inner_text().replace(email, "…")

    before = Courriel.objects.count()
    known = screen(distribution.secretaire_a.email)
    assert Courriel.objects.count() == before + 1
    assert screen("inconnue@essai.example") == known
    assert Courriel.objects.count() == before + 1
