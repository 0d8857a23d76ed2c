"""The same secretary fills the délibération for three communes; then the pages of whoever writes a model."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils.text import slugify
from playwright.sync_api import Page, expect

from collectivites.models import Agent, Collectivite
from extranet.lib.typographie import space
from ressources.demo.a_remplir import DOSSIER
from ressources.demo.ecriture import actes_odf, actes_word
from ressources.models import Telechargement, ValeurGardee, VersionFichier
from tests.collectivites.factories import AgentFactory, CollectiviteFactory, FonctionFactory, PosteFactory
from tests.distribution import Distribution
from tests.e2e.browser import picture
from tests.e2e.conftest import Visitor
from tests.e2e.controles import check_page
from tests.e2e.depots import Depot
from tests.e2e.pages import Entete
from tests.ressources.factories import make_version
from tests.ressources.remplir.modeles import make_modele, opened_word, word, words_of, words_of_odt

Visit = Callable[..., Visitor]
NOMS = {"Foucherans": "de Foucherans", "Le Deschaux": "du Deschaux", "Éclans-Nenon": "d’Éclans-Nenon"}
# What the commune is asked once, then what is of this document.
UNE_FOIS = {"Département": "Jura", "À qui les actes sont transmis": "la sous-préfecture de Dole"}
UNE_FOIS |= {"Tribunal administratif": "Besançon", "Où se tient le conseil": "en mairie, salle du conseil"}
DU_JOUR = {
    "Date du conseil": "2027-03-03",
    "Heure du conseil": "20:30",
    "Date de la convocation": "2027-02-25",
    "Présents": "Anne-Lise Marchal, Noël Pichon",
    "Nombre de présents": "10",
    "Nombre de pouvoirs": "2",
    "Secrétaire de séance": "Noël Pichon",
    "Voix pour": "11",
    "Voix contre": "0",
    "Abstentions": "1",
    "Numéro de l’acte": "2027-14",
    "Objet": "Tarifs de la salle des fêtes",
    "Exposé des motifs": "Les tarifs n’ont pas changé depuis 2019.",
    "Ce qui est décidé": "de porter la location à 180 euros ;\nd’appliquer ce tarif au 1er avril.",
}


def deliberation() -> tuple[bytes, bytes]:
    body = space((DOSSIER / "deliberation.txt").read_text(encoding="utf-8").partition("\n\n")[2])
    return actes_word.docx("Délibération", "Mairie", body), actes_odf.odt("Délibération", "Mairie", body)


@pytest.fixture
def communes(distribution: Distribution) -> list[Collectivite]:
    maire = FonctionFactory(code="maire")
    places = [
        CollectiviteFactory(
            nom=nom, slug=slugify(nom), adresse="1 place de la Mairie", code_postal="39100", telephone="0353011001"
        )
        for nom in NOMS
    ]
    for rank, place in enumerate(places):
        PosteFactory(agent=AgentFactory(prenom="Maire", nom=f"Numéro{rank}"), collectivite=place, fonction=maire)
    return places


@pytest.fixture
def secretaire(distribution: Distribution, communes: list[Collectivite]) -> Agent:
    agent = distribution.secretaire_a
    agent.postes.all().delete()
    for rank, place in enumerate(communes):
        PosteFactory(agent=agent, collectivite=place, heures_hebdo=20 - rank)
    return agent


@pytest.fixture
def version(distribution: Distribution) -> VersionFichier:
    return make_modele(deliberation()[0], nom="Délibération.docx", collectivite=distribution.epci)


def taken(page: Page, folder: Path, place: Collectivite) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("button", name=f"Télécharger pour {place.nom}").click()
    assert download.value.suggested_filename == f"Délibération, {place.nom}.docx"
    path = folder / f"{place.slug}.docx"
    download.value.save_as(path)
    return path.read_bytes()


@pytest.mark.parametrize("phone", [False, True], ids=["bureau", "telephone"])
def test_a_secretary_fills_the_deliberation_for_three_communes(
    visitor: Visit,
    secretaire: Agent,
    communes: list[Collectivite],
    version: VersionFichier,
    tmp_path: Path,
    phone: bool,
) -> None:
    page = visitor(secretaire, phone=phone).go(version.fichier.page.url)
    size, entete = "390" if phone else "1280", Entete(page)
    for rank, place in enumerate(communes):
        page.goto(version.fichier.page.url)
        if rank:
            entete.switch_to(place, phone=phone)
        entete.acting_for(place)
        if not rank:
            picture(page, f"remplir/fiche-{size}")
            check_page(page)
        page.get_by_role("link", name=f"Remplir pour {place.nom}").click()
        expect(page.get_by_role("complementary")).to_contain_text(NOMS[place.nom])
        expect(page.get_by_role("complementary")).to_contain_text(f"Maire Numéro{rank}")
        again = page.get_by_text("Vos réponses de tout à l’heure sont reprises")
        expect(again).to_be_visible(visible=bool(rank))
        if rank:  # said of the document for the first commune, in this tab
            expect(page.get_by_label("Objet", exact=True)).to_have_value(DU_JOUR["Objet"])
            expect(page.get_by_label("Tribunal administratif")).to_have_value("")
        for label, value in (UNE_FOIS | DU_JOUR).items():
            page.get_by_label(label, exact=True).fill(value)
        page.get_by_label("Comment nommer le maire").select_option("la maire")
        page.get_by_label("Conseillers en exercice").fill("15")
        page.get_by_role("button", name="Voir le document rempli").click()
        expect(page.locator("#document mark").first).to_be_visible()
        expect(page.locator("#document")).to_contain_text(f"Mairie {NOMS[place.nom]}")
        expect(page.locator("#document")).to_contain_text("deux mille vingt-sept, le trois mars")
        if not rank:
            picture(page, f"remplir/rempli-{size}")
            check_page(page)
        content = taken(page, tmp_path, place)
        text = words_of(content).replace("\u00a0", " ")
        assert "{{" not in text
        assert f"le conseil municipal {NOMS[place.nom]}, dûment convoqué le 25 février 2027" in text
        assert f"Maire Numéro{rank}, la maire, présidant la séance" in text
        assert "de porter la location à 180 euros" in text
        assert len(opened_word(content).tables) == 3
    assert ValeurGardee.objects.count() == 3 * 6
    assert set(Telechargement.objects.values_list("collectivite__nom", "rempli")) == {(nom, True) for nom in NOMS}
    page.reload()
    page.goto(page.url.partition("#")[0])
    expect(page.get_by_label("Tribunal administratif")).to_have_value("Besançon")  # said once
    page.get_by_role("button", name="Les effacer").click()
    expect(page.get_by_label("Objet", exact=True)).to_have_value("")
    page.reload()
    expect(page.get_by_label("Objet", exact=True)).to_have_value("")


def test_the_odt_too_and_the_blank_one(
    visitor: Visit, secretaire: Agent, communes: list[Collectivite], version: VersionFichier, tmp_path: Path
) -> None:
    odt = make_modele(deliberation()[1], nom="Délibération.odt")
    page = visitor(secretaire).go(odt.fichier.page.url)
    expect(page.get_by_role("link", name="Télécharger le modèle vierge")).to_be_visible()
    page.get_by_role("link", name="Remplir pour Foucherans").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Télécharger pour Foucherans").click()
    download.value.save_as(tmp_path / "f.odt")
    text = words_of_odt((tmp_path / "f.odt").read_bytes())
    assert "Mairie de Foucherans" in text
    assert "………………" in text
    assert "{{" not in text


@pytest.mark.parametrize("phone", [False, True], ids=["bureau", "telephone"])
def test_what_keeps_a_file_from_being_a_model_is_shown(
    visitor: Visit, distribution: Distribution, version: VersionFichier, tmp_path: Path, phone: bool
) -> None:
    size = "390" if phone else "1280"
    visit = visitor(distribution.agent_a, phone=phone)
    depot = Depot(visit.go()).open()
    bad = tmp_path / "deliberation.docx"
    bad.write_bytes(word("Délibération du conseil", "Le {{ date_consil }} {{ de_commune }}", entete="{{ x.y }}"))
    depot.choose([bad])
    expect(depot.balance).to_contain_text("1 prêt")
    expect(depot.page.locator("#plis")).to_contain_text(
        "« {{ date_consil }} », paragraphe 2".replace(" »", "\u00a0»").replace("« ", "«\u00a0")
    )
    picture(depot.page, f"remplir/depot-{size}")
    check_page(depot.page)
    page = version.fichier.page
    page.owner = distribution.agent_a
    page.save()
    wrong = make_version(page.fichiers.get(), contenu=bad.read_bytes(), nom="faux.docx")
    for name, path in {
        "champs": "/ressources/champs/",
        "bon": f"/ressources/versions/{version.pk}/modele/",
        "faux": f"/ressources/versions/{wrong.pk}/modele/",
        "modifier": f"/ressources/mes-documents/{page.pk}/",
    }.items():
        there = visit.go(path)
        picture(there, f"remplir/{name}-{size}")
        check_page(there)


def test_wrong_answers_are_shown_and_kept(
    visitor: Visit, secretaire: Agent, communes: list[Collectivite], version: VersionFichier
) -> None:
    page = visitor(secretaire, phone=True).go(f"/ressources/versions/{version.pk}/remplir/")
    page.get_by_label("Conseillers en exercice").fill("9")
    page.get_by_label("Nombre de présents").fill("12")
    page.get_by_label("Objet").fill("Budget")
    page.get_by_role("button", name="Voir le document rempli").click()
    expect(page.locator(".ec-errors")).to_contain_text("Le conseil compte 9")
    expect(page.get_by_label("Objet")).to_have_value("Budget")
    picture(page, "remplir/erreur-390")
    check_page(page)
