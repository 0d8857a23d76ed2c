"""What was written is never lost, and what was sent twice is done once."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from playwright.sync_api import Locator, Page, expect

from annuaire.models import Invitation as InvitationModel
from notifications.models import Courriel
from tests.distribution import Distribution
from tests.e2e.browser import picture
from tests.e2e.conftest import Visitor
from tests.e2e.controles import check_page
from tests.e2e.pages import Connexion, Entete, Invitation

Visit = Callable[..., Visitor]
NORA = ("Nora", "Petit", "nora.petit@essai.example", "Essai technique")


def end_session(person: Visitor) -> None:
    """As the server does: the row goes, the browser knows nothing of it."""
    key = next(c["value"] for c in person.context.cookies() if c["name"] == settings.SESSION_COOKIE_NAME)
    assert Session.objects.filter(pk=key).delete()[0] == 1


def click_twice(page: Page, button: Locator) -> None:
    """Both forms are at the server before it has done the first: it waits for the lock that this test holds."""
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    spot = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    with transaction.atomic():
        for _ in range(2):
            with page.expect_request(lambda request: request.method == "POST"):
                page.mouse.click(*spot)


@pytest.mark.parametrize("phone", [False, True], ids=["bureau", "telephone"])
def test_a_form_sent_after_the_session_ended_comes_back_filled(
    visitor: Visit, distribution: Distribution, phone: bool
) -> None:
    agent = distribution.gestionnaire_a
    person = visitor(agent, phone=phone)
    page = person.go(Invitation.PATH)
    form = Invitation(page)
    form.fill(*NORA)
    end_session(person)
    form.send.click()
    expect(page.locator("main")).to_contain_text("Ce que vous avez écrit est gardé et vous attend")
    picture(page, f"garde-1-connexion-{phone}")
    check_page(page)
    Connexion(page).enter(agent)
    expect(page.locator("#messages")).to_contain_text("rien n’est encore parti")
    form.holds(*NORA)
    picture(page, f"garde-2-revenu-{phone}")
    check_page(page)
    assert not InvitationModel.objects.exists()
    form.send.click()
    form.is_sent("nora.petit@essai.example")
    assert InvitationModel.objects.count() == 1
    page.goto(Invitation.PATH)  # once
    expect(form.surname).to_have_value("")


def test_a_form_with_an_old_token_comes_back_filled(visitor: Visit, distribution: Distribution) -> None:
    """In another tab one left, then entered again: the token of the first tab is dead, its words are not."""
    agent = distribution.gestionnaire_a
    person = visitor(agent)
    page = person.go(Invitation.PATH)
    form = Invitation(page)
    form.fill(*NORA)
    other = person.context.new_page()
    other.goto("/")
    Entete(other).log_out()
    Connexion(other).enter(agent)
    expect(other.get_by_role("heading", level=1)).to_have_text("Bonjour Gisele")

    form.send.click()
    expect(page.locator("#messages")).to_contain_text("rien n’est encore parti")
    form.holds(*NORA)
    assert not InvitationModel.objects.exists()
    form.send.click()
    form.is_sent("nora.petit@essai.example")
    assert InvitationModel.objects.count() == 1


def test_words_kept_for_one_person_are_not_shown_to_another(visitor: Visit, distribution: Distribution) -> None:
    person = visitor(distribution.gestionnaire_a)
    page = person.go(Invitation.PATH)
    form = Invitation(page)
    form.fill(*NORA)
    end_session(person)
    form.send.click()
    Connexion(page).enter(distribution.secretaire_b)
    expect(page.get_by_role("heading", level=1)).to_have_text("Inviter un·e collègue")
    expect(form.surname).to_have_value("")


def test_a_double_click_makes_one_invitation(visitor: Visit, distribution: Distribution) -> None:
    page = visitor(distribution.gestionnaire_a).go(Invitation.PATH)
    form = Invitation(page)
    form.fill(*NORA)
    click_twice(page, form.send)
    expect(page.locator("#messages")).to_contain_text("C’est déjà fait")
    expect(page.get_by_role("heading", level=1)).to_have_text("Invitations")
    assert InvitationModel.objects.count() == 1
    assert Courriel.objects.filter(adresse="nora.petit@essai.example").count() == 1
    picture(page, "double-clic")


def test_a_double_click_sends_one_more_mail(visitor: Visit, distribution: Distribution) -> None:
    """Nothing in the database refuses a second « Renvoyer »: the one-use key alone does."""
    page = visitor(distribution.gestionnaire_a).go(Invitation.PATH)
    form = Invitation(page)
    form.fill(*NORA)
    form.send.click()
    form.is_sent("nora.petit@essai.example")
    click_twice(page, page.get_by_role("button", name="Renvoyer à Nora Petit"))
    expect(page.locator("#messages")).to_contain_text("C’est déjà fait")
    assert Courriel.objects.filter(adresse="nora.petit@essai.example").count() == 2
