"""What was written is never lost, and what was sent twice is done once."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import get_ident

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.signals import request_finished, request_started
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
DONE = re.compile("C’est déjà fait|invitation part à")
NORA = ("Nora", "Petit", "nora.petit@essai.example", "Essai technique")


def end_session(person: Visitor) -> None:
    """As the server does: the row goes, the browser knows nothing of it."""
    key = next(c["value"] for c in person.context.cookies() if c["name"] == settings.SESSION_COOKIE_NAME)
    assert Session.objects.filter(pk=key).delete()[0] == 1


@contextmanager
def forms_at_the_server() -> Iterator[tuple[set[int], set[int]]]:
    """Threads of the server that have begun a POST, and those of them that have done it."""
    begun: set[int] = set()
    done: set[int] = set()

    def begin(environ: dict, **kwargs: object) -> None:
        if environ["REQUEST_METHOD"] == "POST":
            begun.add(get_ident())

    def finish(**kwargs: object) -> None:
        if get_ident() in begun:
            done.add(get_ident())

    request_started.connect(begin)
    request_finished.connect(finish)
    yield begun, done
    request_started.disconnect(begin)
    request_finished.disconnect(finish)


def wait_for_two(page: Page, threads: set[int]) -> None:
    for _ in range(300):
        if len(threads) == 2:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{len(threads)} formulaire(s) au lieu de deux.")


def click_twice(page: Page, button: Locator) -> None:
    """Both forms are at the server before it has done one: they wait for the lock that this test holds.

    Either may then pass first; the test goes on when both are done, though the browser has forgotten one of them.
    """
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    spot = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    with forms_at_the_server() as (begun, done):
        with transaction.atomic():
            for _ in range(2):
                with page.expect_request(lambda request: request.method == "POST"):
                    page.mouse.click(*spot)
            wait_for_two(page, begun)
            assert not done
        wait_for_two(page, done)


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
    expect(page.locator("#messages")).to_contain_text(DONE)
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
    expect(page.locator("#messages")).to_contain_text(DONE)
    assert Courriel.objects.filter(adresse="nora.petit@essai.example").count() == 2
