"""One long word without a space, as long as a field takes it: no page of the training goes past the edge."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from formations.models import BesoinFormation, SessionFormation
from formations.places import retraits
from formations.plan import lignes
from tests.distribution import Distribution
from tests.e2e.browser import no_horizontal_scroll
from tests.e2e.conftest import Visitor
from tests.formations.besoins import make_campaign, say
from tests.formations.factories import book, make_formation, make_session, worker

Visit = Callable[..., Visitor]


def word(length: int) -> str:
    return ("Motsansaucunespace" * 60)[:length]


@pytest.fixture
def session(live_server: object, distribution: Distribution) -> SessionFormation:
    """Somebody has left it, somebody waits."""
    session = make_session(
        make_formation(word(200), accroche=word(200)),
        lieu_nom=word(150),
        lieu_adresse=word(200),
        formateur=word(150),
        contact=distribution.responsable,
        capacite=1,
    )
    gone = book(session, worker(distribution.a))
    for _ in range(2):
        book(session, worker(distribution.b))
    retraits.desister(gone, gone.agent, word(300))
    return session


def stays_inside(page: Page, faults: list[str]) -> None:
    try:
        no_horizontal_scroll(page, [390, 1280])
    except AssertionError as fault:
        faults.append(str(fault).split("\n")[0])


def test_a_long_word_stays_inside(visitor: Visit, distribution: Distribution, session: SessionFormation) -> None:
    campagne, boss, faults = make_campaign(), distribution.responsable, []
    first = say(campagne, distribution.a, word(150), 2, mot=word(300))
    say(campagne, distribution.b, "x" + word(149), 3)
    ligne = lignes.gather(campagne, [first], boss)
    seat = session.inscriptions.placed().get()
    assert BesoinFormation.objects.filter(ligne=None).exists()
    manage = f"/formations/sessions/{session.numero}/"
    who = visitor(boss)
    for path in (
        session.formation.adresse,
        "/formations/",
        "/formations/calendrier/",
        "/formations/organiser/",
        *(f"{manage}{name}/" for name in ("gerer", "presences", "courriels", "journal", "modifier", "annuler")),
        seat.get_absolute_url(),
        f"{seat.get_absolute_url()}remplacer/",
        f"/formations/plan/{ligne.pk}/",
        f"/formations/besoins/{campagne.pk}/",
        f"/formations/besoins/{campagne.pk}/reunir/",
    ):
        stays_inside(who.go(path), faults)
    page = visitor(distribution.secretaire_a).go("/formations/souhaits/")
    page.locator("[name=intitule]").fill(word(150))
    page.get_by_role("button", name="Demander cette formation").click()
    page.locator("#messages").wait_for()
    stays_inside(page, faults)
    assert not faults, "\n".join(faults)
