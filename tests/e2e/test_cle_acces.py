"""A passkey, from « Mon compte » to the login page."""

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import expect

from tests.distribution import Distribution
from tests.e2e.browser import add_passkey_device, picture
from tests.e2e.conftest import Visitor
from tests.e2e.controles import check_page
from tests.e2e.pages import Connexion, Entete

Visit = Callable[..., Visitor]


@pytest.mark.parametrize("phone", [False, True], ids=["bureau", "telephone"])
def test_a_passkey_is_added_then_opens_alone(visitor: Visit, distribution: Distribution, phone: bool) -> None:
    agent = distribution.agent_a
    person = visitor(phone=phone)
    page = person.go("/connexion/?next=/compte/")
    add_passkey_device(person.context, page)
    connexion, entete = Connexion(page), Entete(page)
    connexion.enter(agent)
    expect(page.get_by_role("heading", level=1)).to_have_text("Mon compte")
    page.get_by_role("link", name="Ajouter une clé d’accès").click()
    page.get_by_label("Le nom de cette clé").fill("Téléphone du service")
    page.get_by_role("button", name="Ajouter la clé").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Codes de secours")
    assert Authenticator.objects.filter(user=agent, type=Authenticator.Type.WEBAUTHN).count() == 1
    page.get_by_role("link", name="Je les ai notés, continuer").click()
    page.goto("/compte/")
    expect(page.get_by_role("link", name="Renommer Téléphone du service")).to_be_visible()
    picture(page, f"cle-1-compte-{phone}")
    check_page(page)

    entete.log_out()
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Alain")


def test_a_device_without_key_opens_nothing_and_says_what_to_do(visitor: Visit, distribution: Distribution) -> None:
    person = visitor()
    page = person.go("/connexion/")
    add_passkey_device(person.context, page)
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(page.locator("form[data-cle] [role=alert]")).to_contain_text("Recommencez quand vous êtes prêt·e")
    picture(page, "cle-refusee")
    check_page(page)
    page.goto("/")
    expect(Connexion(page).address).to_be_visible()
