"""Searching in a real browser: by keyboard, by thumb, without JavaScript, and back to the same place."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date

import pytest
from playwright.sync_api import Error, Route, expect

from search.models import QuestionRecherche
from tests.distribution import Distribution
from tests.e2e.browser import axe, every, no_horizontal_scroll, picture
from tests.e2e.conftest import Visitor
from tests.e2e.controles import check_page, in_theme
from tests.e2e.pages import Recherche
from tests.search.ecran import ask
from tests.search.factories import give

Visit = Callable[..., Visitor]


def whole(cast: Distribution, text: str = "secretaire") -> re.Pattern:
    """The title of all that this word gives: the cards, and what the cast and the help say of it."""
    return re.compile(rf"^{ask(cast.agent_a, f'q={text}').total} résultats pour «\s*{text}\s*»")


@pytest.fixture
def fiches(distribution: Distribution) -> Distribution:
    for n in range(45):
        give(
            f"Secrétaire de mairie, fiche {n}",
            "Le métier de secrétaire." * 20,
            kind="fiche",
            url=f"/aide/?fiche={n}",
            theme="Ressources humaines" if n % 3 else "Élections",
            commune="Aval" if n % 2 else "Bourg",
            annee=2020 + n % 4,
            date=date(2020 + n % 4, 1, 1 + n % 28),
        )
    return distribution


def test_type_choose_filter_open_and_come_back(visitor: Visit, fiches: Distribution) -> None:
    page = visitor(fiches.agent_a).go("/")
    seen = Recherche(page)
    page.keyboard.press("Control+k")
    expect(seen.box).to_be_focused()
    seen.type("secretair")
    expect(seen.box).to_have_attribute("aria-expanded", "true")
    expect(page.locator("form [role=status]").first).to_have_text("8 suggestions.")
    page.keyboard.press("ArrowDown")
    expect(seen.active()).to_contain_text("Secrétaire de mairie")
    page.keyboard.press("End")
    expect(seen.active()).to_contain_text("Chercher « secretair » partout")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowUp")
    assert not seen.box.get_attribute("aria-activedescendant"), "au-dessus de la première ligne : le champ"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(seen.title).to_have_text(whole(fiches, "secretair"))

    seen.facet("Élections").check()
    expect(seen.title).to_have_text(re.compile("15 résultats"))
    expect(page).to_have_url(re.compile(r"/recherche/\?q=secretair&theme=%C3%89lections$"))
    expect(page).to_have_title(re.compile("15 résultats · Recherche"))
    expect(seen.facet("Élections")).to_be_focused()
    expect(page.locator("#recherche-etat")).to_have_text("15 résultats")
    expect(seen.chips.get_by_role("link")).to_have_text(re.compile("Élections"))

    wanted = seen.results.nth(12)
    wanted.scroll_into_view_if_needed()
    name, there = wanted.get_by_role("heading").inner_text(), page.evaluate("scrollY")
    assert there > 300
    wanted.get_by_role("link").click()
    expect(page).to_have_url(re.compile("fiche="))
    page.go_back()
    expect(seen.facet("Élections")).to_be_checked()
    expect(seen.results.nth(12).get_by_role("heading")).to_have_text(name)
    page.wait_for_function("there => Math.abs(scrollY - there) < 5", arg=there)
    page.go_back()
    expect(seen.title).to_have_text(whole(fiches, "secretair"))
    expect(seen.facet("Élections")).not_to_be_checked()
    expect(page.get_by_role("banner")).to_be_visible()


def test_tabs_pages_and_chips_move_the_focus_to_the_results(visitor: Visit, fiches: Distribution) -> None:
    page = visitor(fiches.agent_a).go("/recherche/?q=secretaire&theme=Élections")
    seen = Recherche(page)
    seen.chips.get_by_role("link", name="Élections").click()
    expect(seen.title).to_have_text(whole(fiches))
    expect(seen.title).to_be_focused()
    first = seen.results.first.get_by_role("heading").inner_text()
    page.get_by_role("navigation", name="Pages de résultats").get_by_role("link", name="Suivante").click()
    expect(page).to_have_url(re.compile("page=2"))
    expect(seen.results.first.get_by_role("heading")).not_to_have_text(first)
    expect(seen.title).to_be_in_viewport()
    page.get_by_role("navigation", name="Résultats par genre").get_by_role("link", name="Agents").click()
    expect(seen.title).to_have_text(re.compile("^5 résultats"))
    expect(page.get_by_role("group", name="Thème")).to_have_count(0)
    page.get_by_role("navigation", name="Résultats par genre").get_by_role("link", name="Tout").click()
    expect(page.get_by_role("group", name="Thème")).to_be_visible()
    page.get_by_role("group", name="Trier par").get_by_role("link", name="genre").click()
    expect(page.get_by_role("region", name="Agents")).to_be_visible()
    page.get_by_role("region", name="Fiche").get_by_role("link", name="Les 45 résultats").click()
    expect(seen.title).to_have_text(re.compile("45 résultats"))


def test_by_thumb(visitor: Visit, fiches: Distribution) -> None:
    page = visitor(fiches.agent_a, phone=True).go("/")
    seen = Recherche(page)
    seen.box.tap()
    seen.type("secretair")
    lines = seen.list.get_by_role("option")
    expect(lines).to_have_count(8)
    assert all(line.bounding_box()["height"] >= 44 for line in every(lines))
    picture(page, "recherche-telephone-liste")
    lines.last.scroll_into_view_if_needed()
    lines.last.tap()
    expect(seen.title).to_have_text(whole(fiches, "secretair"))
    page.get_by_role("button", name="Filtrer").tap()
    drawer = page.get_by_role("region", name="Filtres").or_(page.get_by_role("dialog", name="Filtres"))
    expect(drawer).to_be_visible()
    seen.facet("Élections").tap()
    seen.facet("2021").tap()
    expect(seen.title).to_have_text(whole(fiches, "secretair"))
    page.get_by_role("button", name="Voir les résultats").tap()
    expect(seen.title).to_have_text(re.compile("^3 résultats"))
    expect(page.locator(".offcanvas-backdrop")).to_have_count(0)
    expect(page.get_by_role("button", name="Filtrer (2 filtres actifs)")).to_be_visible()
    picture(page, "recherche-telephone-resultats")
    check_page(page)


@pytest.mark.parametrize("phone", [False, True], ids=["bureau", "telephone"])
def test_nothing_to_mend_with_the_list_open(visitor: Visit, fiches: Distribution, phone: bool) -> None:
    page = visitor(fiches.agent_a, phone=phone).go("/recherche/?q=secretaire")
    seen = Recherche(page)
    seen.box.fill("")
    seen.type("simone")
    page.keyboard.press("ArrowDown")
    for theme in ("light", "dark"):
        in_theme(page, theme)
        expect(seen.list).to_be_visible()
        axe(page)
        picture(page, f"recherche-liste-{theme}{'-telephone' if phone else ''}")
    no_horizontal_scroll(page)


def test_a_phone_reads_the_whole_line(visitor: Visit, fiches: Distribution) -> None:
    """The function of a person and the commune of a document are not cut away."""
    poste = fiches.secretaire_b.postes.first()
    poste.telephone = "0199001122"
    poste.save()
    for text in ("secretair", "simone"):
        page = visitor(fiches.agent_a, phone=True).go("/")
        Recherche(page).box.tap()
        Recherche(page).type(text)
        for theme in ("light", "dark"):
            in_theme(page, theme)
            picture(page, f"recherche-suggestions-{text}-{theme}")
        told = page.locator(".ec-suggest small, .ec-suggest__p, .ec-suggest__ou")
        expect(told).not_to_have_count(0)
        assert (
            told.evaluate_all(
                "all => all.filter(one => !one.offsetWidth || one.scrollWidth > one.clientWidth + 1 "
                "&& getComputedStyle(one).display != 'inline').map(one => one.textContent)"
            )
            == []
        )
        assert "Bourg" in Recherche(page).list.inner_text()
        no_horizontal_scroll(page)


@pytest.mark.parametrize("path", ["/recherche/", "/ressources/"])
def test_nothing_to_filter_leaves_no_empty_column(path: str, visitor: Visit, fiches: Distribution) -> None:
    desk, phone = visitor(fiches.agent_a), visitor(fiches.agent_a, phone=True)
    page = desk.go(f"{path}?q=zibeline")
    assert page.locator("#resultats").bounding_box()["width"] > 1000
    name = path.strip("/")
    for theme in ("light", "dark"):
        in_theme(page, theme)
        picture(page, f"{name}-rien-{theme}")
    page = phone.go(f"{path}?q=zibeline")
    expect(page.get_by_role("button", name="Filtrer")).to_have_count(0)
    picture(page, f"{name}-rien-telephone")
    if path == "/recherche/":
        expect(phone.go(f"{path}?q=secretaire").get_by_role("button", name="Filtrer")).to_be_visible()
        expect(desk.go(f"{path}?q=secretaire").get_by_role("group", name="Thème")).to_be_visible()


def test_long_words_go_past_nothing(visitor: Visit, fiches: Distribution) -> None:
    long = "anticonstitutionnellement" * 8
    give(f"Zibeline {long}", f"Zibeline {long}", kind="long", theme=long[:120], commune=long[:120], type=long[:120])
    page = visitor(fiches.agent_a).go(f"/recherche/?q=zibeline&theme={long[:120]}")
    check_page(page)
    Recherche(page).box.fill("")
    Recherche(page).type("zibeline")
    no_horizontal_scroll(page)
    picture(page, "recherche-mots-longs")


def test_the_list_closes(visitor: Visit, fiches: Distribution) -> None:
    page = visitor(fiches.agent_a).go("/")
    seen = Recherche(page)
    seen.box.focus()
    for leave in (
        lambda: page.keyboard.press("Escape"),
        lambda: page.keyboard.press("Tab"),
        lambda: page.mouse.click(5, 400),
    ):
        seen.box.fill("")
        seen.type("simone")
        leave()
        expect(seen.list).to_be_hidden()
        expect(seen.box).to_have_attribute("aria-expanded", "false")
        assert not seen.box.get_attribute("aria-activedescendant")
        expect(seen.box).to_have_value("simone")
    seen.box.focus()
    page.keyboard.press("ArrowDown")
    expect(seen.list).to_be_visible()


def test_a_late_answer_never_replaces_a_newer_one(visitor: Visit, fiches: Distribution) -> None:
    page = visitor(fiches.agent_a).go("/")
    seen, held = Recherche(page), []

    def hold_the_first(route: Route) -> None:
        if route.request.url.endswith("q=sim"):
            held.append(route)
        else:
            route.continue_()

    page.route("**/recherche/suggestions/**", hold_the_first)
    seen.box.press_sequentially("sim")
    page.wait_for_timeout(400)
    assert held
    seen.type("one b")
    expect(seen.list.get_by_role("option").last).to_contain_text("simone b")
    with suppress(Error):  # the browser has given this one up already
        held[0].fulfill(body='<a role="option" id="x" href="/">en retard</a>')
    page.wait_for_timeout(200)
    expect(seen.list).not_to_contain_text("en retard")


def test_without_network_the_box_is_a_plain_field(visitor: Visit, fiches: Distribution) -> None:
    page = visitor(fiches.agent_a).go("/")
    seen = Recherche(page)
    page.route("**/recherche/suggestions/**", lambda route: route.abort())
    seen.box.press_sequentially("secretaire")
    page.wait_for_timeout(400)
    expect(seen.list).to_be_hidden()
    page.keyboard.press("Enter")
    expect(seen.title).to_have_text(whole(fiches))


def test_without_javascript(visitor: Visit, fiches: Distribution) -> None:
    page = visitor(fiches.agent_a, java_script_enabled=False).go("/")
    page.get_by_role("searchbox", name="Rechercher dans tout l’extranet").fill("secretaire")
    page.get_by_role("button", name="Rechercher").click()
    seen = Recherche(page)
    expect(seen.title).to_have_text(whole(fiches))
    seen.facet("Élections").check()
    page.get_by_role("button", name="Voir les résultats").click()
    expect(seen.title).to_have_text(re.compile("15 résultats"))
    seen.chips.get_by_role("link", name="Élections").click()
    page.get_by_role("link", name="Suivante").click()
    expect(page).to_have_url(re.compile("page=2"))
    page.locator("summary", has_text="Vous ne trouvez pas").click()
    page.get_by_role("textbox", name="Ce que vous cherchiez").fill("Le statut des secrétaires.")
    page.get_by_role("button", name="Envoyer à l’équipe").click()
    expect(page.locator("#messages")).to_contain_text("C’est noté")
    assert QuestionRecherche.objects.get().requete == "secretaire"


def test_without_javascript_on_a_phone_filters_are_in_the_page(visitor: Visit, fiches: Distribution) -> None:
    page = visitor(fiches.agent_a, phone=True, java_script_enabled=False).go("/recherche/?q=secretaire")
    Recherche(page).facet("Élections").check()
    page.get_by_role("button", name="Voir les résultats").tap()
    expect(Recherche(page).title).to_have_text(re.compile("15 résultats"))
