"""The visas in the browser: the inbox, the rule, and the page of a signed link, which needs no account."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from collectivites.enums import Signature
from collectivites.models import Collectivite
from formations.enums import StatutInscription, Visa
from formations.inscrire import visas
from formations.models import Inscription
from tests.distribution import Distribution
from tests.e2e.browser import picture
from tests.e2e.conftest import Visitor
from tests.e2e.controles import check_and_keep
from tests.formations.factories import book, make_formation, make_session, monday, worker

Visit = Callable[..., Visitor]


@pytest.fixture
def place(live_server: object, distribution: Distribution) -> Collectivite:
    """Three people of A in two sessions, all of them awaiting their mairie."""
    first = make_session(make_formation("Sauveteur secouriste du travail"), lieu_nom="Centre technique")
    second = make_session(make_formation("Habilitation électrique"), on=monday(7))
    for session in (first, first, second):
        book(session, worker(distribution.a), distribution.a, Visa.ATTENDU)
    return distribution.a


@pytest.mark.parametrize("phone", [False, True], ids=["bureau", "telephone"])
def test_sound_pages(visitor: Visit, distribution: Distribution, place: Collectivite, phone: bool) -> None:
    look = "telephone" if phone else "bureau"
    boss = worker(place, signataire=Signature.DE_DROIT)
    link = f"/formations/visa/{visas.create_link(boss, place)}/"
    keeper, anybody = visitor(boss, phone=phone), visitor(phone=phone)
    for who, name, path in (
        (keeper, "liste", "/formations/visas/"),
        (keeper, "regle", "/formations/visas/regle/"),
        (anybody, "lien", link),
    ):
        page = who.go(path)
        check_and_keep(page, f"visas/{name}-{look}")


def test_two_are_given_and_one_refused_by_the_link(visitor: Visit, place: Collectivite) -> None:
    boss = worker(place, signataire=Signature.DE_DROIT)
    page = visitor(phone=True).go(f"/formations/visa/{visas.create_link(boss, place)}/")
    boxes = page.get_by_role("checkbox")
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.get_by_role("button", name="Donner les 2 visas").tap()
    expect(page.get_by_text("2 visas donnés")).to_be_visible()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Refuser…").tap()
    page.get_by_label("Pourquoi refuser").fill("Effectif trop juste")
    picture(page, "visas/lien-refus")
    page.get_by_role("button", name="Refuser le visa").tap()
    expect(page.get_by_role("heading", name="Plus rien n’attend")).to_be_visible()
    statuts = sorted(Inscription.objects.values_list("statut", flat=True))
    assert statuts == [StatutInscription.CONFIRMEE, StatutInscription.CONFIRMEE, StatutInscription.REFUSEE]
