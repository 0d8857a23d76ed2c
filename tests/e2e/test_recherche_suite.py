"""What stays of a search: its count without the person, the last ones in this browser, a message and its answer."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from search.models import QuestionRecherche, RechercheDuMois
from tests.distribution import Distribution
from tests.e2e.browser import picture
from tests.e2e.conftest import PATIENCE, Visitor
from tests.e2e.controles import check_page
from tests.e2e.pages import Entete, Recherche
from tests.ressources.factories import make_ressource
from tests.search.factories import give

Visit = Callable[..., Visitor]


@pytest.fixture
def cimetiere(distribution: Distribution) -> Distribution:
    for n in range(4):
        give(f"Cimetière, fiche {n}", "Les concessions du cimetière.", kind="fiche", url=f"/aide/?fiche={n}")
    return distribution


def counted(page: Page) -> tuple[str, int, int]:
    """The one search of the month, once its click is counted: told by a page that leaves, and hears no answer."""
    for _ in range(PATIENCE // 100):
        if RechercheDuMois.objects.get().clics:
            break
        page.wait_for_timeout(100)
    one = RechercheDuMois.objects.get()
    return one.cle, one.nombre, one.clics


def test_the_page_tells_the_search_and_what_was_followed(visitor: Visit, cimetiere: Distribution) -> None:
    page = visitor(cimetiere.agent_a).go("/")
    with page.expect_response("**/recherche/suivi/"):
        page.goto("/recherche/?q=fiche+cimetiere")
    assert RechercheDuMois.objects.get().nombre == 1
    with page.expect_request("**/recherche/suivi/"):
        Recherche(page).results.nth(2).get_by_role("link").click()
    page.go_back()
    expect(Recherche(page).title).to_be_visible()
    page.reload()
    expect(Recherche(page).title).to_be_visible()
    assert counted(page) == ("fiche cimetiere", 1, 1)


def test_the_list_of_the_documents_tells_its_searches_too(visitor: Visit, distribution: Distribution) -> None:
    make_ressource("Bail rural")
    page = visitor(distribution.agent_a).go("/ressources/")
    with page.expect_response("**/recherche/suivi/"):
        page.get_by_role("search", name="Chercher dans les ressources").get_by_role("searchbox").fill("bail")
        page.keyboard.press("Enter")
    with page.expect_request("**/recherche/suivi/"):
        Recherche(page).results.first.get_by_role("link").click()
    assert counted(page) == ("bail", 1, 1)
    assert page.evaluate("localStorage.getItem('ec-recherches')") is None


def test_last_searches_stay_in_this_browser_until_one_leaves(visitor: Visit, cimetiere: Distribution) -> None:
    person = visitor(cimetiere.agent_a)
    page = person.go("/recherche/?q=cimetiere")
    for asked in ("simone", "fiche", "cimetiere"):
        page.goto(f"/recherche/?q={asked}")
    page.goto("/recherche/")
    recent = page.get_by_role("heading", name="Vos dernières recherches").locator("xpath=..")
    expect(recent.get_by_role("link")).to_have_text(["cimetiere", "fiche", "simone"])
    check_page(page)
    recent.get_by_role("link", name="fiche").click()
    expect(Recherche(page).title).to_have_text(re.compile("fiche"))
    Entete(page).log_out()
    expect(page).to_have_url(re.compile("/connexion/"))
    assert page.evaluate("localStorage.getItem('ec-recherches')") is None
    person.log_in(cimetiere.secretaire_b)
    page.goto("/recherche/")
    expect(page.get_by_role("heading", name="Comment chercher")).to_be_visible()
    expect(page.get_by_role("heading", name="Vos dernières recherches")).to_be_hidden()


def test_the_list_can_be_emptied(visitor: Visit, cimetiere: Distribution) -> None:
    page = visitor(cimetiere.agent_a).go("/recherche/?q=cimetiere")
    page.goto("/recherche/")
    page.get_by_role("button", name="Effacer cette liste").click()
    expect(page.get_by_role("heading", name="Vos dernières recherches")).to_be_hidden()
    expect(Recherche(page).box).to_be_focused()


def test_nothing_found_then_a_message_an_answer_and_a_synonym(visitor: Visit, distribution: Distribution) -> None:
    give("Règlement de la patinoire", kind="fiche", url="/aide/")
    agent = visitor(distribution.agent_a)
    page = agent.go("/recherche/?q=toboggan")
    expect(page.get_by_role("heading", name="Rien ne correspond")).to_be_visible()
    picture(page, "recherche-rien")
    check_page(page)
    page.get_by_role("textbox", name="Ce que vous cherchiez").fill("Les horaires de la patinoire.")
    page.get_by_role("button", name="Envoyer à l’équipe").click()
    expect(page.locator("#messages")).to_contain_text("C’est noté")

    desk = visitor(distribution.responsable).go(reverse("admin_recherches_sans_reponse:index"))
    desk.get_by_role("link", name="toboggan").first.click()
    expect(desk.get_by_text("Les horaires de la patinoire.")).to_be_visible()
    asked = desk.url
    answer = reverse("admin_recherches_sans_reponse:repondre", args=[QuestionRecherche.objects.get().pk])
    desk.goto(answer)
    desk.get_by_label("Votre réponse").fill("C’est le règlement de la patinoire.")
    desk.get_by_role("button", name="Envoyer la réponse").click()
    expect(desk.get_by_text("La réponse est envoyée.")).to_be_visible()
    desk.goto(asked)
    desk.goto(f"{reverse('admin_synonymes:add')}?expressions=toboggan, ")
    expect(desk.locator("#id_expressions")).to_have_value(re.compile("^toboggan,"))
    desk.locator("#id_expressions").fill("toboggan, patinoire")
    desk.get_by_role("button", name=re.compile("Créer|Ajouter|Enregistrer")).first.click()
    expect(desk.get_by_text("toboggan, patinoire").first).to_be_visible()

    page.goto("/notifications/")
    told = page.locator(".ec-notif", has_text="Vous cherchiez")
    expect(told).to_contain_text("C’est le règlement de la patinoire.")
    told.get_by_role("link").first.click()
    expect(page.get_by_role("link", name="Règlement de la patinoire")).to_be_visible()
    expect(page.locator("#h-resultats")).to_have_text(re.compile("^1 résultat pour"))
