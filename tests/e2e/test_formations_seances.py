"""The days of a session in the browser: sheets printed, presences on a phone, attestations that appear."""

import io
from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from collectivites.models import Agent, TypeHabilitation
from formations.bilan import evaluations
from formations.enums import Presence
from formations.models import Attestation, Creneau, Emargement, Inscription, SessionFormation
from formations.seances import porte
from tests.distribution import Distribution
from tests.e2e.browser import every, picture
from tests.e2e.conftest import Visitor
from tests.e2e.controles import check_and_keep, check_page
from tests.formations.factories import book, fresh, make_formation, make_session, monday, worker
from tests.formations.seances import finish, half_days, held, there
from tests.materiel.envois import jpeg
from tests.materiel.prets import commune

Visit = Callable[..., Visitor]
NAMES = (("Karim", "Belkacem", "Tavaux"), ("Mickaël", "Prost", "Foucherans"), ("Odile", "Vuillermet", "Foucherans"))


def named(prenom: str, nom: str, ville: str) -> Agent:
    agent = worker(commune(ville))
    Agent.objects.filter(pk=agent.pk).update(prenom=prenom, nom=nom)
    return Agent.objects.get(pk=agent.pk)


def yesterday(session: SessionFormation) -> SessionFormation:
    """Its half-days have passed, and none is closed: what the organiser finds the next day."""
    day = timezone.localdate() - timedelta(days=1)
    for rank, creneau in enumerate(half_days(session)):
        Creneau.objects.filter(pk=creneau.pk).update(demi_journee=2 * day.toordinal() + rank)
    SessionFormation.objects.filter(pk=session.pk).update(date_debut=day, date_fin=day)
    return fresh(session)


@pytest.fixture
def session(live_server: object, distribution: Distribution) -> SessionFormation:
    sst = TypeHabilitation.objects.get(code="sst")
    formation = make_formation(
        "Sauveteur secouriste du travail",
        titre_delivre=sst,
        organisme="Croix-Rouge",
        objectifs="Protéger.\nExaminer.\nSecourir.",
        a_apporter="Une tenue souple",
    )
    session = make_session(formation, lieu_nom="Salle Doubs", lieu=distribution.epci, formateur="Sylvie Marchal")
    for name in NAMES:
        book(session, named(*name))
    return yesterday(session)


def seat(session: SessionFormation, nom: str) -> Inscription:
    return session.inscriptions.get(agent__nom=nom)


def tap(page: Page, name: str, word: str) -> None:
    row = page.get_by_role("group", name=name)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        row.locator("label", has_text=word).tap()


def address(session: SessionFormation, name: str = "session_presences") -> str:
    return reverse(f"formations:{name}", args=[session.numero])


def test_presences_on_a_phone_until_the_attestations(
    visitor: Visit, session: SessionFormation, distribution: Distribution, tmp_path: Path
) -> None:
    person = visitor(distribution.responsable, phone=True)
    page = person.go(address(session))
    expect(page.locator("#saisies")).to_have_text("0 saisie sur 3")
    picture(page, "formations/presences-390-vide")
    check_page(page)
    tap(page, "Karim Belkacem", "Présent")
    expect(page.locator("#saisies")).to_have_text("1 saisie sur 3")
    tap(page, "Mickaël Prost", "Présent")
    tap(page, "Odile Vuillermet", "Excusé")
    expect(page.locator("#saisies")).to_have_text("3 saisies sur 3")
    expect(page.locator("#garde")).to_contain_text("Dernier")
    first = half_days(session)[0]
    said = dict(Emargement.objects.filter(creneau=first).values_list("inscription__agent__nom", "presence"))
    assert said == {"Belkacem": "present", "Prost": "present", "Vuillermet": "excuse"}
    row = page.locator(f"#p-{seat(session, 'Prost').pk}")
    row.locator("summary").tap()
    row.get_by_label("Minutes suivies").fill("9999")
    row.get_by_label("Note").fill("Parti à 11 h")
    row.get_by_role("button", name="Garder").tap()
    expect(row.get_by_label("Minutes suivies")).to_have_value("9999")
    expect(row.get_by_label("Minutes suivies")).to_be_focused()
    expect(row.get_by_label("Note")).to_have_value("Parti à 11 h")
    expect(page.locator("#messages")).to_contain_text("Mickaël Prost")
    picture(page, "formations/presences-390-refus")
    check_page(page)
    row.get_by_label("Minutes suivies").fill("120")
    row.get_by_label("Note").fill("Parti à 11 h pour une astreinte")
    row.get_by_role("button", name="Garder").tap()
    expect(row).to_contain_text("2 h sur place, Parti à 11 h pour une astreinte".replace("2 h", "2\u00a0h"))
    picture(page, "formations/presences-390")
    check_page(page)
    page.get_by_role("button", name="Clore la demi-journée").tap()
    expect(page.get_by_role("heading", level=2).first).to_contain_text("après-midi")
    page.get_by_role("button", name="Reprendre les présents").tap()
    expect(page.locator("#saisies")).to_have_text("2 saisies sur 3")
    page.get_by_role("button", name="Clore la demi-journée").tap()
    expect(page.locator("#messages")).to_contain_text("Odile Vuillermet")
    tap(page, "Odile Vuillermet", "Absent")
    page.get_by_role("button", name="Clore la demi-journée").tap()
    page.get_by_label("La feuille signée").set_input_files(
        {"name": "feuille.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    )
    page.get_by_role("button", name="Joindre la feuille signée").tap()
    expect(page.locator("#feuille")).to_contain_text("feuille.jpg")
    page.get_by_role("link", name="Terminer la session").tap()
    expect(page.get_by_label("Titre obtenu par Karim Belkacem")).to_be_checked()
    picture(page, "formations/terminer-390")
    check_page(page)
    page.get_by_role("button", name="Terminer et délivrer").tap()
    expect(page.locator("#messages")).to_contain_text("2 attestations")
    assert Attestation.objects.count() == 2
    agent = seat(session, "Belkacem").agent
    own = visitor(agent).go(reverse("formations:parcours"))
    picture(own, "formations/parcours-1280")
    check_page(own)
    own.get_by_role("link", name="Attestation").click()
    expect(own.get_by_role("heading", level=1)).to_have_text("Certificat de formation")
    check_page(own)
    picture(own, "formations/attestation-1280")


def test_the_sheets_are_printed_and_the_code_shown(
    visitor: Visit, session: SessionFormation, distribution: Distribution
) -> None:
    person = visitor(distribution.responsable)
    page = person.go(address(session))
    picture(page, "formations/presences-1280")
    printed = page.request.get(f"{person.url}{address(session, 'emargement_pdf')}")
    text = " ".join(one.extract_text() for one in PdfReader(io.BytesIO(printed.body())).pages)
    assert all(nom in text for _, nom, _ in NAMES)
    page.get_by_role("link", name="Code à la porte").click()
    expect(page.get_by_role("img", name="Code QR")).to_be_visible()
    picture(page, "formations/porte-1280")
    check_page(page)
    check_page(person.go(address(session, "session_convocations")))


def test_at_the_door_one_says_that_one_is_there(visitor: Visit, session: SessionFormation) -> None:
    """The half-day is that of now, whatever the hour of the tests."""
    now, slot = timezone.localtime(), half_days(session)[0]
    Creneau.objects.filter(pk=slot.pk).update(
        demi_journee=2 * now.date().toordinal(), heure_debut=time(0, 1), heure_fin=time(23, 59)
    )
    one = seat(session, "Belkacem")
    path = porte.address_of(slot).split("/", 3)[3]
    page = visitor(one.agent, phone=True).go(f"/{path}")
    check_page(page)
    picture(page, "formations/porte-390")
    page.get_by_role("button", name="Je suis là").tap()
    expect(page.get_by_text("C’est noté, vous êtes là.")).to_be_visible()
    assert Emargement.objects.get().par_lui_meme


def test_without_script_the_whole_list_is_sent_by_its_button(
    visitor: Visit, session: SessionFormation, distribution: Distribution
) -> None:
    page = visitor(distribution.responsable, java_script_enabled=False).go(address(session))
    for row in every(page.locator(".ec-presence fieldset")):
        row.locator("label", has_text="Présent").click()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("#saisies")).to_have_text("3 saisies sur 3")
    assert set(Emargement.objects.values_list("presence", flat=True)) == {Presence.PRESENT.value}


@pytest.mark.parametrize("phone", [False, True], ids=["bureau", "telephone"])
def test_sound_pages(visitor: Visit, session: SessionFormation, distribution: Distribution, phone: bool):
    boss, place = distribution.responsable, distribution.a
    done = make_session(make_formation("Gestes et postures", cout=80, paye_par="partage"), on=monday(7))
    seats = [book(done, distribution.agent_a, place), *(book(done, worker(place)) for _ in range(3))]
    finish(done, boss, {one: [there(), there()] for one in seats})
    for rank, one in enumerate(seats[1:]):
        marks = {"objectifs": 4, "utilite": 3, "animation": 4, "organisation": 3}
        evaluations.repondre(one, {**marks, "plus": f"Les exercices ({rank})"})
    coming, _ = held(3, on=monday(3))
    look = "390" if phone else "1280"
    for agent, name, path in (
        (boss, "presences", address(session)),
        (boss, "a-venir", address(coming)),
        (boss, "convocations", address(coming, "session_convocations")),
        (boss, "avis", address(done, "evaluation_bilan")),
        (boss, "bilan", reverse("formations:bilan")),
        (distribution.gestionnaire_a, "bilan-commune", f"{reverse('formations:bilan')}?annee={monday(7).year}"),
        (distribution.agent_a, "evaluation", address(done, "evaluation_create")),
    ):
        page = visitor(agent, phone=phone).go(path)
        check_and_keep(page, f"formations/{name}-{look}")
