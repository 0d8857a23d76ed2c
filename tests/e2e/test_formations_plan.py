"""A census answered by three communes, until its session has dates; titles renewed in one click; « moi aussi »."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from collectivites.models import Agent, Collectivite, Habilitation, TypeHabilitation
from formations.enums import Nature, StatutCampagne, StatutInscription
from formations.models import Campagne, Inscription, LignePlan
from formations.places import dates
from formations.plan import souhaits
from tests.collectivites.factories import CollectiviteFactory
from tests.distribution import Distribution
from tests.e2e.browser import picture
from tests.e2e.conftest import Visitor
from tests.e2e.controles import check_page
from tests.formations.factories import day, make_formation, make_session, monday, worker

Visit = Callable[..., Visitor]
SCREENS = pytest.mark.parametrize("phone", [False, True], ids=["bureau", "telephone"])


@pytest.fixture
def cast(live_server: object, distribution: Distribution) -> Distribution:
    for place, latitude in ((distribution.a, 47.09), (distribution.b, 47.03)):
        Collectivite.objects.filter(pk=place.pk).update(latitude=latitude, longitude=5.49)
        place.refresh_from_db()
    return distribution


def seen(page: Page, name: str) -> None:
    """Kept for who looks at the screens, then judged."""
    picture(page, f"formations-plan/{name}-{page.viewport_size['width']}")
    check_page(page)


def answer(page: Page, words: str, number: int, named: Agent | None = None) -> None:
    """From the home page: a need, then « c’est complet »."""
    page.goto("/")
    page.get_by_role("link", name="Dire les besoins de formation").first.click()
    page.get_by_role("link", name="Ajouter un besoin").click()
    page.get_by_label("De quelle formation avez-vous besoin").fill(words)
    page.get_by_label("Combien d’agents").fill(str(number))
    page.get_by_label("Obligatoire ou urgent").check()
    if named:
        page.get_by_label(named.nom_complet).check()
        seen(page, "besoin")
    page.get_by_role("button", name="Enregistrer le besoin").click()
    expect(page.get_by_text(words).first).to_be_visible()
    page.get_by_role("button", name="C’est complet").click()
    expect(page.get_by_role("heading", name="Réponse complète")).to_be_visible()


@SCREENS
def test_from_the_needs_of_three_communes_to_dates(visitor: Visit, cast: Distribution, phone: bool) -> None:
    third = worker(CollectiviteFactory(nom="Cours"), gestionnaire=True)
    page = make_formation("CACES R482, engins de chantier")
    rachel = visitor(cast.responsable, phone=phone).go("/formations/besoins/preparer/")
    rachel.get_by_label("Réponses jusqu’au").fill((timezone.localdate() + timedelta(days=20)).isoformat())
    seen(rachel, "preparer")
    rachel.get_by_role("button", name="Enregistrer la campagne").click()
    rachel.get_by_role("button", name="Ouvrir aux mairies").click()
    expect(rachel.get_by_text("les mairies sont prévenues")).to_be_visible()
    campaign = Campagne.objects.get()
    gisele = visitor(cast.gestionnaire_a, phone=phone).go()
    answer(gisele, "CACES R482", 4, cast.agent_a)
    answer(visitor(cast.secretaire_b, phone=phone).go(), "Formation au CACES R482", 5)
    answer(visitor(third, phone=phone).go(), "caces r482", 3)
    rachel.goto(f"/formations/besoins/{campaign.pk}/reponses/")
    expect(rachel.get_by_role("heading", name="3 réponses sur")).to_be_visible()
    seen(rachel, "reponses")
    rachel.goto(f"/formations/besoins/{campaign.pk}/reunir/")
    expect(rachel.get_by_text("12 agents")).to_be_visible()
    seen(rachel, "reunir")
    rachel.get_by_role("button", name="Tout réunir comme proposé").click()
    rachel.get_by_role("link", name="Décider").click()
    expect(rachel.get_by_label("La fiche du catalogue")).to_be_visible()
    seen(rachel, "ligne")
    rachel.get_by_label("La fiche du catalogue").select_option(str(page.pk))
    rachel.get_by_role("button", name="Ouvrir une session sans date").click()
    expect(rachel.get_by_text("un agent y a son rang")).to_be_visible()
    seen(rachel, "session")
    line = LignePlan.objects.get()
    assert line.session.capacite == 12
    gisele.goto(f"/formations/besoins/{campaign.pk}/les-notres/")
    expect(gisele.get_by_text("3 à nommer")).to_be_visible()
    seen(gisele, "nos-besoins")
    gisele.get_by_role("link", name="Nommer").click()
    gisele.get_by_label(cast.secretaire_a.nom_complet).check()
    seen(gisele, "nommer")
    gisele.get_by_role("button", name="Nommer ces agents").click()
    expect(gisele.get_by_text("2 à nommer")).to_be_visible()
    dates.fixer(line.session_id, day(monday()), cast.responsable)
    seats = Inscription.objects.filter(session=line.session_id).order_by("rang")
    assert [(one.agent, one.statut) for one in seats] == [
        (cast.agent_a, StatutInscription.TENUE),
        (cast.secretaire_a, StatutInscription.TENUE),
    ]
    gisele.goto(f"/formations/besoins/{campaign.pk}/")
    expect(gisele.get_by_text("Session le")).to_be_visible()
    seen(gisele, "plan")


@SCREENS
def test_the_titles_of_a_commune_in_one_click(visitor: Visit, cast: Distribution, phone: bool) -> None:
    today, sst = timezone.localdate(), TypeHabilitation.objects.get(code="sst")
    other = TypeHabilitation.objects.get(code="certiphyto")
    renewal = make_formation("SST, maintien et actualisation", titre_delivre=sst, nature=Nature.RECYCLAGE)
    make_session(renewal, lieu=cast.b, lieu_nom="Salle des fêtes")
    for agent, kind, days in ((cast.agent_a, sst, 100), (cast.secretaire_a, sst, 20), (cast.partage_ab, other, 80)):
        Habilitation.objects.create(
            agent=agent,
            type=kind,
            obtenue_le=today - timedelta(days=600),
            valable_jusqu_au=today + timedelta(days=days),
        )
    gisele = visitor(cast.gestionnaire_a, phone=phone).go("/formations/titres/")
    seen(gisele, "titres")
    gisele.get_by_role("button", name="Tenir ces places").click()
    expect(gisele.get_by_text("Deux places sont tenues")).to_be_visible()
    seen(gisele, "titres-tenus")
    gisele.get_by_role("button", name="Confirmer le lot").click()
    expect(gisele.get_by_text("Deux places confirmées")).to_be_visible()
    assert set(Inscription.objects.values_list("statut", flat=True)) == {StatutInscription.CONFIRMEE}
    gisele.goto("/formations/titres/tous/")
    seen(gisele, "titres-tous")
    rachel = visitor(cast.responsable, phone=phone).go("/formations/titres/territoire/")
    seen(rachel, "titres-territoire")


@SCREENS
def test_me_too_until_a_session(visitor: Visit, cast: Distribution, phone: bool) -> None:
    for words in ("Excel, aller plus loin", "Fleurir sans arroser"):
        souhaits.ask(cast.secretaire_b, cast.b, intitule=words)
    gisele = visitor(cast.gestionnaire_a, phone=phone).go("/formations/souhaits/")
    gisele.get_by_role("button", name="Moi aussi : Excel").click()
    expect(gisele.get_by_role("button", name="Vous aussi : Excel")).to_be_visible()
    gisele.get_by_label("Quelle formation").fill("Prévenir les conflits de voisinage")
    gisele.get_by_role("button", name="Demander cette formation").click()
    expect(gisele.get_by_text("est demandée")).to_be_visible()
    seen(gisele, "souhaits")
    gisele.get_by_role("button", name="Vous aussi : Prévenir").click()
    expect(gisele.get_by_text("Vous ne demandez plus")).to_be_visible()
    rachel = visitor(cast.responsable, phone=phone).go("/formations/souhaits/")
    rachel.get_by_role("link", name="Répondre : Excel").click()
    expect(rachel.get_by_role("button", name="Ouvrir une session sans date")).to_be_visible()
    seen(rachel, "souhait-repondre")
    rachel.get_by_role("button", name="Ouvrir une session sans date").click()
    expect(rachel.get_by_text("rassemble 2 intéressés")).to_be_visible()


def test_an_empty_plan(visitor: Visit, cast: Distribution) -> None:
    page = visitor(cast.gestionnaire_a).go("/formations/besoins/")
    check_page(page)
    Campagne.objects.create(
        titre="Besoins 2027", annee=2027, repondre_avant=monday(), statut=StatutCampagne.OUVERTE, mot="Dites tout."
    )
    for path in ("/formations/besoins/", f"/formations/besoins/{Campagne.objects.get().pk}/", "/formations/titres/"):
        page.goto(path)
        seen(page, path.strip("/").replace("/", "-"))
