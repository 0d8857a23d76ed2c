"""Who answers for an area enters with a second factor; who answers for none learns it at the door of the admin."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from collectivites.comptes.second_facteur import current_code
from collectivites.models import EntreeJournal
from tests.distribution import Distribution
from tests.e2e.browser import picture
from tests.e2e.conftest import Visitor
from tests.e2e.controles import check_page
from tests.e2e.pages import Connexion, Entete

Visit = Callable[..., Visitor]


def test_a_responsable_ties_an_application_before_anything_opens(visitor: Visit, distribution: Distribution) -> None:
    agent = distribution.responsable
    page = visitor().go("/admin/")
    connexion, title = Connexion(page), page.get_by_role("heading", level=1)
    connexion.enter(agent)
    expect(title).to_have_text("Protégez votre compte")
    picture(page, "facteur-1-proteger")
    check_page(page)
    for path in ("/", "/annuaire/", "/admin/", "/compte/"):
        page.goto(path)
        expect(title).to_have_text("Protégez votre compte")

    page.goto("/admin/")
    page.get_by_role("link", name="Relier une application de codes").click()
    page.get_by_text("Je ne peux pas viser l’image").click()
    secret = page.locator("details strong").inner_text()
    picture(page, "facteur-2-application")
    check_page(page)
    page.get_by_role("textbox").fill("000000" if current_code(secret) != "000000" else "111111")
    page.get_by_role("button", name="Relier l’application").click()
    expect(page.get_by_role("alert").first).to_contain_text("Ce code ne convient pas")
    page.get_by_role("textbox").fill(current_code(secret))
    page.get_by_role("button", name="Relier l’application").click()
    expect(title).to_have_text("Codes de secours")
    spare = page.locator("li.col").all_inner_texts()
    assert len(set(spare)) == 10
    picture(page, "facteur-3-codes")
    check_page(page)

    page.get_by_role("link", name="Je les ai notés, continuer").click()
    expect(page).to_have_url("/admin/")
    expect(page).to_have_title(re.compile("^Tableau de bord"))
    expect(title).to_have_text("Bonjour Rachel")
    picture(page, "facteur-4-admin")
    page.goto("/")
    expect(title).to_have_text("Bonjour Rachel")
    assert EntreeJournal.objects.filter(acte="second_facteur.ajoute", agent=agent).count() == 1

    Entete(page).log_out()
    connexion.enter(agent)
    expect(title).to_have_text("Encore une preuve")
    picture(page, "facteur-5-second")
    check_page(page)
    page.goto("/")  # a code by mail alone opens nothing
    expect(connexion.address).to_be_visible()
    connexion.enter(agent)
    page.get_by_role("textbox").fill(spare[0])
    page.get_by_role("button", name="Entrer", exact=True).click()
    expect(title).to_have_text("Bonjour Rachel")


@pytest.mark.parametrize("phone", [False, True], ids=["bureau", "telephone"])
def test_an_agent_at_the_door_of_the_admin_learns_whom_to_ask(
    visitor: Visit, distribution: Distribution, phone: bool
) -> None:
    page = visitor(phone=phone).go("/connexion/")
    Connexion(page).enter(distribution.agent_a)
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Alain")
    hops: list[str] = []
    page.on("response", lambda answer: hops.append(answer.url) if answer.request.is_navigation_request() else None)
    for path in ("/admin/", "/admin/pages/", "/admin/login/?next=/admin/"):
        hops.clear()
        answer = page.goto(path)
        assert answer.status == 403, path
        assert len(hops) <= 3, hops  # not sent round between the admin and the login page
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Cette page est réservée à l’administration de l’extranet"
        )
    expect(page.locator("main")).to_contain_text("Demandez l’accès à Armand Agglo")
    picture(page, f"facteur-6-reserve-{phone}")
    check_page(page)
