"""Seats in the browser: a secretary books three agents, one waits; one leaves, the next one has the seat."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from collectivites.models import Agent, Collectivite, Fonction, Habilitation, Poste, TypeHabilitation
from formations.enums import Acte, Covoiturage, Repas, StatutInscription
from formations.models import Inscription, Mouvement, SessionFormation
from formations.places import retraits
from tests.collectivites.factories import CollectiviteFactory, PosteFactory
from tests.distribution import Distribution
from tests.e2e.browser import picture
from tests.e2e.conftest import Visitor
from tests.e2e.controles import check_page
from tests.formations.factories import book, fresh, make_formation, make_session, monday, reread, worker

Visit = Callable[..., Visitor]
SCREENS = pytest.mark.parametrize("phone", [False, True], ids=["bureau", "telephone"])
S = StatutInscription


def seen(page: Page, name: str) -> None:
    picture(page, f"formations-inscrire/{name}-{page.viewport_size['width']}")
    check_page(page)


def named(place: Collectivite, prenom: str, nom: str, fonction: str = "agent-technique") -> Agent:
    agent = worker(place, fonction=Fonction.objects.get(code=fonction))
    Agent.objects.filter(pk=agent.pk).update(prenom=prenom, nom=nom)
    agent.refresh_from_db()
    return agent


@pytest.fixture
def foucherans(live_server: object, distribution: Distribution) -> Collectivite:
    return CollectiviteFactory(nom="Foucherans", latitude=47.08, longitude=5.46, rattachement=distribution.epci)


@pytest.fixture
def odile(foucherans: Collectivite) -> Agent:
    """Secretary of Foucherans and of Aval."""
    agent = named(foucherans, "Odile", "Vuillermet", "secretaire-general")
    Poste.objects.filter(agent=agent).update(gestionnaire=True)
    return agent


@pytest.fixture
def people(foucherans: Collectivite, odile: Agent) -> list[Agent]:
    names = [("Mickaël", "Prost"), ("Karim", "Belkacem"), ("Pascale", "Guyon"), ("Julien", "Mairot")]
    found = [named(foucherans, *name) for name in names]
    today = timezone.localdate()
    Habilitation.objects.create(
        agent=found[0],
        type=TypeHabilitation.objects.get(code="sst"),
        obtenue_le=today - timedelta(days=700),
        valable_jusqu_au=today + timedelta(days=20),
    )
    return found


@pytest.fixture
def sst(foucherans: Collectivite, distribution: Distribution, people: list[Agent]) -> SessionFormation:
    """Two seats left on four in the first, more in the second, none in the third; one gathers the interested."""
    tavaux = CollectiviteFactory(nom="Tavaux", latitude=47.03, longitude=5.40)
    page = make_formation(
        "Sauveteur secouriste du travail",
        accroche="Alerter, protéger, secourir : ce qu’un agent fait avant l’arrivée des secours.",
        duree_heures=14,
        titre_delivre=TypeHabilitation.objects.get(code="sst"),
        objectifs="Protéger et prévenir\nExaminer une victime\nFaire alerter\nSecourir",
        organisme="Protection civile",
        prerequis="Aucun",
        contact=distribution.responsable,
    )
    common = {
        "lieu": tavaux,
        "lieu_nom": "Centre technique",
        "repas": Repas.OFFERT,
        "contact": distribution.responsable,
    }
    first = make_session(page, capacite=4, limite_desistement=monday(5), **common)
    book(first, worker()), book(first, worker())
    make_session(page, on=monday(8), capacite=10, **common)
    full = make_session(page, on=monday(9), capacite=1, **common)
    book(full, worker()), book(full, worker())
    make_session(page, datee=False, capacite=10)
    return fresh(first)


@SCREENS
def test_a_secretary_books_three_agents_and_the_third_is_promoted(
    visitor: Visit, odile: Agent, people: list[Agent], sst: SessionFormation, phone: bool
) -> None:
    page = visitor(odile, phone=phone).go(sst.formation.adresse)
    for name in ("Mickaël Prost", "Karim Belkacem", "Pascale Guyon"):
        page.get_by_role("checkbox", name=re.compile(name)).check()
    recap = page.locator("#recap")
    expect(recap).to_contain_text("Pascale Guyon irait sur la liste d’attente")
    expect(recap.get_by_role("button", name="Inscrire 3 agents")).to_be_visible()
    asked = page.get_by_label("Pour qui").locator("option")
    expect(asked).to_have_text(["Choisir", "Mickaël Prost", "Karim Belkacem", "Pascale Guyon"])
    seen(page, "fiche")
    recap.get_by_role("button", name="Inscrire 3 agents").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Inscriptions enregistrées")
    seen(page, "ensemble")
    page.get_by_role("link", name="Pascale Guyon").click()
    expect(page.get_by_role("heading", name="En tête sur liste d’attente")).to_be_visible()
    seen(page, "en-attente")
    waiting = Inscription.objects.get(agent=people[2])
    withdraw(visitor(people[0], phone=phone).go("/"))
    waiting = reread(waiting)
    assert waiting.statut == S.CONFIRMEE
    told = Mouvement.objects.get(inscription=waiting, acte=Acte.PROMUE)
    assert (told.de, told.vers, told.annonce_le) == (S.ATTENTE, S.CONFIRMEE, None)
    page.reload()
    expect(page.get_by_role("heading", name="Place confirmée")).to_be_visible()
    page.goto("/formations/inscriptions/")
    expect(page.get_by_role("row", name=re.compile("Karim Belkacem"))).to_be_visible()
    seen(page, "liste")


def withdraw(page: Page) -> None:
    """From the home page, by one's next training."""
    expect(page.get_by_role("heading", name="Ma prochaine formation")).to_be_visible()
    seen(page, "accueil")
    page.get_by_role("link", name="Je ne peux plus venir").click()
    page.get_by_role("button", name="Rendre la place").click()
    expect(page.get_by_text("Dites pourquoi, en quelques mots.").first).to_be_visible()
    page.get_by_label("Pourquoi").fill("Chantier déplacé")
    seen(page, "retirer")
    page.get_by_role("button", name="Rendre la place").click()
    expect(page.locator("#messages")).to_contain_text("La place est rendue.")


@SCREENS
def test_a_newcomer_a_need_and_another_session(
    visitor: Visit, odile: Agent, sst: SessionFormation, phone: bool
) -> None:
    page = visitor(odile, phone=phone).go(sst.formation.adresse)
    page.get_by_role("button", name="Ajouter une personne").click()
    page.get_by_label("Prénom").fill("Lucas")
    page.get_by_label("Nom", exact=True).fill("Bertin")
    page.get_by_label("Courriel").fill("l.bertin@foucherans")
    page.get_by_label("Fonction").select_option(label="Agent technique polyvalent")
    page.get_by_label("Un besoin particulier").fill("Fauteuil roulant")
    page.get_by_role("radio", name=re.compile("Complet")).check()
    expect(page.locator("#recap")).to_contain_text("Entrer en liste d’attente")
    page.locator("#recap").get_by_role("button").click()
    expect(page.get_by_text("Cette adresse n’est pas complète").first).to_be_visible()
    expect(page.get_by_label("Un besoin particulier")).to_have_value("Fauteuil roulant")
    seen(page, "fiche-erreur")
    page.get_by_label("Courriel").fill("l.bertin@foucherans.example")
    page.locator("#recap").get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lucas Bertin")
    expect(page.get_by_role("heading", name="Deuxième sur liste d’attente")).to_be_visible()
    assert Inscription.objects.get(agent__nom="Bertin").besoin


@SCREENS
def test_a_colleague_takes_the_seat_and_an_offer_is_answered(
    visitor: Visit, odile: Agent, people: list[Agent], sst: SessionFormation, phone: bool
) -> None:
    place = odile.postes_en_cours[0].collectivite
    one = book(sst, people[0], place)
    other = book(sst, worker())
    Inscription.objects.filter(pk=other.pk).update(covoiturage=Covoiturage.PROPOSE, covoiturage_places=2)
    page = visitor(odile, phone=phone).go(one.get_absolute_url())
    expect(page.get_by_role("heading", name="Faire la route ensemble")).to_be_visible()
    seen(page, "place")
    page.get_by_role("link", name="Remplacer par un collègue").click()
    seen(page, "remplacer")
    page.get_by_role("button", name=re.compile("Karim Belkacem")).click()
    expect(page.locator("#messages")).to_contain_text("Karim Belkacem prend la place de Mickaël Prost.")
    page.get_by_role("link", name="Changer le repas").click()
    page.get_by_label("Nous cherchons une place").check()
    seen(page, "preciser")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("#messages")).to_contain_text("C’est noté.")
    answer(visitor(people[3], phone=phone), offered(people[3], place))


def offered(agent: Agent, place: Collectivite) -> Inscription:
    """A seat freed near the date."""
    near = make_session(make_formation("Gestes et postures"), capacite=1, on=monday(1))
    held, waits = book(near, worker()), book(near, agent, place)
    retraits.desister(held, None, "Empêché")
    return reread(waits)


def answer(visit: Visitor, waits: Inscription) -> None:
    assert waits.statut == S.OFFERTE
    page = visit.go("/")
    page.get_by_role("link", name=re.compile("Prendre la place proposée")).first.click()
    seen(page, "proposee")
    page.get_by_role("button", name="Prendre la place").click()
    expect(page.get_by_role("heading", name="Place confirmée")).to_be_visible()
    assert reread(waits).statut == S.CONFIRMEE


def test_the_sheet_in_the_dark_for_a_secretary_of_two_communes(
    visitor: Visit, odile: Agent, people: list[Agent], sst: SessionFormation, distribution: Distribution
) -> None:
    PosteFactory(
        agent=odile, collectivite=distribution.a, gestionnaire=True, fonction=odile.postes_en_cours[0].fonction
    )
    page = visitor(odile, dark=True).go(sst.formation.adresse)
    expect(page.get_by_role("group", name="Agents d’Aval")).to_be_visible()
    picture(page, "formations-inscrire/fiche-sombre")
    check_page(page)


@SCREENS
def test_somebody_is_found_by_name_in_a_long_list(
    visitor: Visit, odile: Agent, people: list[Agent], sst: SessionFormation, phone: bool
) -> None:
    """Whoever is ticked stays in sight; searching sends nothing."""
    for _ in range(30):
        worker(odile.postes_en_cours[0].collectivite)
    page = visitor(odile, phone=phone).go(sst.formation.adresse)
    search, boxes = page.get_by_label("Chercher un nom"), page.locator("#id_personnes .ec-pick input[type=checkbox]")
    expect(boxes).to_have_count(35)
    page.get_by_role("checkbox", name=re.compile("Karim Belkacem")).check()
    search.fill("mickael")
    expect(boxes.filter(visible=True)).to_have_count(2)
    expect(page.locator("[data-noms] [role=status]")).to_have_text("Une personne.")
    search.press("Enter")
    seen(page, "fiche-filtre")
    page.get_by_role("checkbox", name=re.compile("Mickaël Prost")).check()
    expect(page.locator("#recap").get_by_role("button", name="Inscrire 2 agents")).to_be_visible()
    search.fill("")
    expect(boxes.filter(visible=True)).to_have_count(35)
    assert not Inscription.objects.filter(agent__in=people).exists()
