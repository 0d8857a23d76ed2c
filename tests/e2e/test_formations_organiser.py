"""The side of the responsables in the browser: a session made, followed, dated, cancelled."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from collectivites.models import Agent
from formations.enums import StatutInscription, Visa
from formations.models import Inscription, SessionFormation
from formations.places import retraits
from formations.prevenir.mouvements import Annonceur
from tests.collectivites.factories import CollectiviteFactory
from tests.distribution import Distribution
from tests.e2e.browser import every, picture
from tests.e2e.conftest import Visitor
from tests.e2e.controles import check_page
from tests.formations.factories import book, make_formation, make_session, monday, worker

Visit = Callable[..., Visitor]


@pytest.fixture
def boss(live_server: object, distribution: Distribution) -> Agent:
    return distribution.responsable


@pytest.fixture
def session(boss: Agent) -> SessionFormation:
    """Full, with a quota reached, visas awaited, ranks, one of them crossed out."""
    places = [
        CollectiviteFactory(nom=nom) for nom in ("Tavaux", "Damparis", "Champvans", "Parcey", "Brevans", "Sampans")
    ]
    session = make_session(
        make_formation("Habilitation électrique"),
        capacite=8,
        minimum=6,
        quota_commune=3,
        lieu=places[0],
        lieu_nom="Centre technique, salle Doubs",
        formateur="Alain Courvoisier",
        repas="offert",
        contact=boss,
    )
    for place in (places[0], places[0], places[0], places[1], places[1], places[4]):
        book(session, worker(place))
    for place in (places[2], places[3]):
        worker(place, gestionnaire=True)
        book(session, worker(place), visa=Visa.ATTENDU)
    book(session, worker(places[0]))
    gone = book(session, worker(places[4]))
    book(session, worker(places[5]))
    retraits.desister(gone, gone.agent, "Plus libre")
    Annonceur().tell_due()
    make_session(session.formation, datee=False)
    return session


def manage(session: SessionFormation, rest: str = "gerer/") -> str:
    return f"/formations/sessions/{session.numero}/{rest}"


@pytest.mark.parametrize("phone", [False, True], ids=["bureau", "telephone"])
def test_sound_pages(visitor: Visit, boss: Agent, session: SessionFormation, phone: bool) -> None:
    look, who = "telephone" if phone else "bureau", visitor(boss, phone=phone)
    rank = session.inscriptions.filter(statut=StatutInscription.ATTENTE).first()
    commune = session.lieu_id
    pages = {
        "gerer": manage(session),
        "liste": "/formations/organiser/",
        "creer": "/formations/organiser/nouvelle/",
        "courriels": manage(session, "courriels/"),
        "journal": manage(session, "journal/"),
        "modifier": manage(session, "modifier/"),
        "dates": manage(session, "dates/"),
        "annuler": manage(session, "annuler/"),
        "inscrire": manage(session, f"inscrire/?commune={commune}"),
        "ecrire": manage(session, "ecrire/"),
        "retirer": manage(session, f"inscrits/{rank.pk}/retirer/"),
        "priorite": manage(session, f"inscrits/{rank.pk}/priorite/"),
    }
    for name, path in pages.items():
        page = who.go(path)
        picture(page, f"organiser/{name}-{look}")
        check_page(page)


def test_a_session_is_made_in_a_minute_then_opened(visitor: Visit, boss: Agent) -> None:
    make_formation("Gestes et postures")
    page = visitor(boss).go("/formations/organiser/")
    page.get_by_role("link", name="Créer une session").click()
    page.get_by_label("Formation", exact=True).select_option(label="Gestes et postures")
    page.get_by_label("Jour", exact=True).first.fill("2020-01-06")
    page.get_by_label("Nombre de jours").fill("2")
    page.get_by_label("Bâtiment et salle").fill("Salle des fêtes")
    page.get_by_role("button", name="Créer et ouvrir").click()
    expect(page.get_by_text("est passé : choisissez une date à venir.").first).to_be_visible()
    expect(page.get_by_label("Bâtiment et salle")).to_have_value("Salle des fêtes")
    picture(page, "organiser/creer-a-corriger")
    check_page(page)
    page.get_by_label("Jour", exact=True).first.fill(monday().isoformat())
    page.get_by_role("button", name="Créer et ouvrir").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Gestes et postures")
    expect(page.locator("#messages")).to_contain_text("ouverte aux inscriptions")
    assert SessionFormation.objects.get().creneaux.count() == 4


def test_dates_are_tried_then_fixed(visitor: Visit, boss: Agent) -> None:
    session = make_session(make_formation("CACES R482"), datee=False, capacite=1)
    first, second = worker(), worker()
    book(session, first), book(session, second)
    page = visitor(boss).go(manage(session, "dates/"))
    page.get_by_label("Jour", exact=True).first.fill(monday().isoformat())
    page.get_by_role("button", name="Voir qui aurait une place").click()
    expect(page.get_by_role("heading", name="Auraient une place")).to_be_visible()
    expect(page.get_by_label("Jour", exact=True).first).to_have_value(monday().isoformat())
    picture(page, "organiser/apercu")
    check_page(page)
    page.get_by_role("button", name="Fixer ces dates").click()
    expect(page.locator("#messages")).to_contain_text("Une personne a une place.")


def test_a_mairie_is_reminded_and_somebody_taken_off(visitor: Visit, boss: Agent, session: SessionFormation) -> None:
    page = visitor(boss).go(manage(session))
    page.get_by_role("button", name="Relancer les deux mairies").click()
    expect(page.locator("#messages")).to_contain_text("Relancé : Champvans, Parcey.")
    seat = session.inscriptions.filter(statut=StatutInscription.CONFIRMEE, collectivite__nom="Brevans").get()
    page.get_by_role("button", name=re.compile(f"Modifier : {seat.agent.nom_complet}")).click()
    _menu(page, "Désinscrire, avec un motif")
    page.get_by_role("button", name="Désinscrire").click()
    expect(page.get_by_role("alert").first).to_contain_text("réponse à corriger")
    page.get_by_label("Pour quelle raison").fill("Arrêt de travail")
    page.get_by_role("button", name="Désinscrire").click()
    expect(page.locator("#messages")).to_contain_text("n’est plus dans cette session")
    assert Inscription.objects.get(collectivite__nom="Sampans").statut == StatutInscription.CONFIRMEE
    assert Inscription.objects.get(pk=seat.pk).statut == StatutInscription.DESISTEE


def test_cancelled_then_the_next_one_is_offered(visitor: Visit, boss: Agent, session: SessionFormation) -> None:
    page = visitor(boss).go(manage(session))
    page.get_by_role("button", name="Autres actions").click()
    _menu(page, "Annuler la session")
    page.get_by_label("Pour quelle raison").fill("Formateur absent.")
    page.get_by_role("button", name="Annuler la session").click()
    expect(page.get_by_role("heading", name="Proposer une autre session")).to_be_visible()
    picture(page, "organiser/suivante")
    check_page(page)
    page.get_by_role("button", name="Inscrire dans la session choisie").click()
    expect(page.locator("#messages")).to_contain_text("10 rangs prioritaires")


def _menu(page: Page, name: str) -> None:
    page.get_by_role("link", name=name).locator("visible=true").click()


def test_on_a_phone_the_menu_and_the_hours_are_read(visitor: Visit, boss: Agent, session: SessionFormation) -> None:
    """Its first line under the finger, wherever the page is; an hour with its minutes."""
    who = visitor(boss, phone=True)
    page = who.go(manage(session))
    button = page.get_by_role("button", name="Autres actions")
    button.evaluate("one => window.scrollBy(0, one.getBoundingClientRect().bottom - window.innerHeight + 30)")
    button.click()
    picture(page, "organiser/menu-telephone")
    for item in every(page.locator(".dropdown-menu.show a.dropdown-item")):
        item.scroll_into_view_if_needed()
        assert item.evaluate(
            "one => { const r = one.getBoundingClientRect();"
            " return r.left >= 0 && r.right <= window.innerWidth"
            " && one.contains(document.elementFromPoint(r.left + 20, r.top + r.height / 2)) }"
        ), item.inner_text()
    page = who.go(manage(session, "dates/"))
    assert page.get_by_label("Matin").first.bounding_box()["width"] > 120
