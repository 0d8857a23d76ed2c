"""Accounts in a browser: an invitation, the end of a session, a browser without passkeys."""

from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect
from pytest_django import Settings

from collectivites.models import Fonction
from tests.annuaire.invites import invite, link
from tests.distribution import Distribution
from tests.e2e.browser import picture
from tests.e2e.conftest import Visitor
from tests.e2e.controles import check_page
from tests.e2e.pages import Invitation

Visit = Callable[..., Visitor]


def looked_at(page: Page, name: str) -> None:
    check_page(page)
    picture(page, f"comptes-{name}")


def title(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def test_without_passkeys_the_button_is_not_there(visitor: Visit, distribution: Distribution):
    person = visitor()
    person.context.add_init_script("delete window.PublicKeyCredential")
    page = person.go("/connexion/")
    expect(page.get_by_role("button", name="Recevoir un code")).to_be_visible()
    expect(page.get_by_role("button", name="Utiliser ma clé d’accès")).to_be_hidden()


@pytest.mark.parametrize("phone", [False, True], ids=["bureau", "telephone"])
def test_an_invitation_opened_by_its_button(visitor: Visit, distribution: Distribution, phone: bool):
    invite(distribution, Fonction.objects.get(code="essai-secretaire"))
    page = visitor(phone=phone).go(link())
    looked_at(page, f"invitation-{phone}")
    page.get_by_role("button", name="Entrer dans l’extranet").click()
    title(page, "Bienvenue, Nora")
    gone = visitor(phone=phone).go(link())
    title(gone, "Cette invitation a déjà servi")
    looked_at(gone, f"invitation-fermee-{phone}")
    manager = visitor(distribution.gestionnaire_a, phone=phone).go("/annuaire/invitations/")
    looked_at(manager, f"invitations-{phone}")
    looked_at(Invitation(manager).open().page, f"inviter-{phone}")


def test_one_may_stay_before_the_session_ends(visitor: Visit, distribution: Distribution, settings: Settings):
    settings.SESSION_INACTIVITE = 182
    page = visitor(distribution.agent_a).go("/annuaire/")
    dialog = page.get_by_role("dialog", name="Votre session se ferme bientôt")
    expect(dialog).to_be_visible(timeout=15_000)
    expect(dialog).to_contain_text("3 minutes")
    expect(dialog.get_by_role("button", name="Rester connecté·e")).to_be_focused()
    looked_at(page, "fin-de-session")
    settings.SESSION_INACTIVITE = 3600
    dialog.get_by_role("button", name="Rester connecté·e").click()
    expect(dialog).to_be_hidden()


def test_the_words_stay_on_the_page_when_the_session_has_ended(
    visitor: Visit, distribution: Distribution, settings: Settings
):
    settings.SESSION_INACTIVITE = 183
    page = visitor(distribution.gestionnaire_a).go(Invitation.PATH)
    page.get_by_label("Son prénom").fill("Nora")
    Session.objects.all().delete()
    dialog = page.get_by_role("dialog", name="Votre session s’est fermée")
    expect(dialog).to_be_visible(timeout=15_000)
    expect(dialog.get_by_role("button", name="Revenir à la page")).to_be_focused()
    looked_at(page, "session-fermee-ici")
    dialog.get_by_role("button", name="Revenir à la page").click()
    expect(page.get_by_label("Son prénom")).to_have_value("Nora")
