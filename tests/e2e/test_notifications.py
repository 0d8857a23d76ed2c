"""The inbox in a real browser: with and without JavaScript, on a screen and on a telephone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from notifications.models import Notification, Rythme
from tests.distribution import Distribution
from tests.e2e.browser import axe, no_horizontal_scroll, picture
from tests.e2e.conftest import Visitor
from tests.notifications.factories import NotificationFactory

Visit = Callable[..., Visitor]


@pytest.fixture
def lines(distribution: Distribution) -> list[Notification]:
    """Three unread ones, the first urgent, and one read yesterday."""
    agent, now = distribution.agent_a, timezone.now()
    texts = ("Le podium n’est pas revenu", "Jouhe vous demande la balayeuse", "Une place se libère")
    made = [
        NotificationFactory(destinataire=agent, titre=text, texte="Aval l’attend.", urgente=number == 0, url="/aide/")
        for number, text in enumerate(texts)
    ]
    yesterday = now - timedelta(days=1)
    return [*made, NotificationFactory(destinataire=agent, titre="Déjà lue", created_at=yesterday, lue_le=now)]


def unread() -> int:
    return Notification.objects.filter(lue_le=None).count()


def test_reading_and_archiving_without_leaving_the_page(visitor: Visit, distribution: Distribution, lines: list):
    page = visitor(distribution.agent_a).go("/notifications/")
    expect(page.get_by_text("Trois non lues, dont une urgente.")).to_be_visible()
    axe(page)
    picture(page, "notifications")
    page.get_by_role("button", name="Marquer comme lue\u00a0: Le podium").click()
    expect(page.get_by_text("Deux non lues.")).to_be_visible()
    expect(page.get_by_role("link", name="Notifications, 2 non lues")).to_be_visible()
    archive = page.get_by_role("button", name="Archiver\u00a0: Le podium")
    expect(archive).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Le podium")).to_have_count(0)
    assert Notification.objects.get(pk=lines[0].pk).is_archived
    expect(page.locator("button:focus")).to_have_count(1)
    page.get_by_role("button", name="Archiver\u00a0: Déjà lue").click()
    expect(page.get_by_role("heading", name="Hier")).to_be_hidden()
    expect(page.locator("#contenu")).to_be_focused()


def test_opening_one_marks_it_read(visitor: Visit, distribution: Distribution, lines: list):
    person = visitor(distribution.agent_a)
    page = person.go("/notifications/")
    page.get_by_role("link", name="Jouhe vous demande").click()
    page.wait_for_url("**/aide/")
    page.goto("/notifications/")
    expect(page.get_by_text("Deux non lues, dont une urgente.")).to_be_visible()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Une place se libère").click(button="middle")
    opened.value.wait_for_load_state()
    page.reload()
    expect(page.get_by_text("Une non lue, urgente.")).to_be_visible()


def test_everything_works_without_javascript(visitor: Visit, distribution: Distribution, lines: list):
    page = visitor(distribution.agent_a, java_script_enabled=False).go("/notifications/?vue=non-lues")
    page.get_by_role("button", name="Marquer comme lue\u00a0: Le podium").click()
    assert page.url.endswith("?vue=non-lues")
    assert unread() == 2
    page.get_by_role("link", name="Toutes").click()
    page.get_by_role("button", name="Archiver\u00a0: Le podium").click()
    page.get_by_role("button", name="Tout marquer comme lu").click()
    assert unread() == 0
    page.get_by_role("link", name="Archivées").click()
    page.get_by_role("button", name="Remettre dans la boîte\u00a0: Le podium").click()
    assert not Notification.objects.filter(archivee_le__isnull=False).exists()


def test_the_next_page_comes_under_the_first(visitor: Visit, distribution: Distribution):
    now = timezone.now()
    for number in range(35):
        old = now - timedelta(days=60 + number)
        NotificationFactory(destinataire=distribution.agent_a, titre=f"n{number}", created_at=old)
    page = visitor(distribution.agent_a, phone=True, dark=True).go("/notifications/")
    expect(page.locator(".ec-notif")).to_have_count(30)
    page.get_by_role("link", name="Voir ").last.click()
    expect(page.locator(".ec-notif")).to_have_count(35)
    axe(page)
    no_horizontal_scroll(page)


def test_preferences_are_chosen_with_the_keyboard(visitor: Visit, distribution: Distribution):
    page = visitor(distribution.agent_a, dark=True).go("/notifications/preferences/")
    axe(page)
    picture(page, "preferences")
    page.get_by_role("group", name="Actualités").get_by_label("Chaque jour").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_label("Courriel du jour").select_option("17:00")
    page.get_by_role("button", name="Enregistrer mes préférences").click()
    expect(page.get_by_text("Vos préférences sont enregistrées.")).to_be_visible()
    expect(page.get_by_role("group", name="Actualités").get_by_label("Chaque semaine")).to_be_checked()
    assert Rythme.objects.get(agent=distribution.agent_a).heure == "17:00"


@pytest.mark.parametrize("path", ["", "archives/", "preferences/"])
def test_on_a_telephone(visitor: Visit, distribution: Distribution, path: str):
    page = visitor(distribution.agent_a, phone=True).go(f"/notifications/{path}")
    axe(page)
    no_horizontal_scroll(page)
