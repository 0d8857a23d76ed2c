"""Five files of which one is refused, their review, their publication: on a desk, then on a telephone."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from ressources.enums import StatutVersion
from ressources.models import RessourcePage, VersionFichier
from tests.distribution import Distribution
from tests.e2e.browser import picture
from tests.e2e.conftest import Visitor
from tests.e2e.controles import check_page
from tests.e2e.depots import Depot, five_files, review
from tests.ressources.factories import make_ressource, make_version

Visit = Callable[..., Visitor]


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return five_files(tmp_path)


@pytest.mark.parametrize("phone", [False, True], ids=["bureau", "telephone"])
def test_five_files_are_deposited_reviewed_and_published(
    visitor: Visit, distribution: Distribution, files: list[Path], phone: bool
) -> None:
    size = "390" if phone else "1280"
    alain = visitor(distribution.agent_a, phone=phone)
    depot = Depot(alain.go())
    depot.open()
    check_page(depot.page)
    depot.choose(files)
    expect(depot.balance).to_contain_text("5 fichiers déposés")
    expect(depot.balance).to_contain_text("4 prêts, 1 refusé")
    expect(depot.line("offres-cantine-2026.pdf")).to_contain_text("protégé par un mot de passe")
    expect(depot.line("Scan_20261007_0912.pdf")).to_contain_text("Prêt, mais numérisé")
    expect(depot.fold("Arrêté portant fermeture du cimetière")).to_contain_text("Funéraire et cimetières")
    expect(depot.page.locator("#lecteurs")).to_contain_text("pourront lire ces documents")
    picture(depot.page, f"depot/deposer-{size}")
    check_page(depot.page)
    depot.complete()
    depot.page.get_by_role("button", name="Envoyer à la relecture").click()
    expect(depot.page.locator("#messages")).to_contain_text("Vos 4\u00a0documents sont à relire")
    expect(depot.page.get_by_text("À relire", exact=True)).to_have_count(4)
    check_page(depot.page)
    review(visitor, distribution, phone=phone)
    assert RessourcePage.objects.live().count() == 4
    assert VersionFichier.objects.filter(statut=StatutVersion.PUBLIEE).count() == 4


def test_one_document_takes_two_gestures(visitor: Visit, distribution: Distribution, files: list[Path]) -> None:
    """A file chosen, a button: no field to fill when its words say its title, its theme and its type."""
    depot = Depot(visitor(distribution.agent_a).go())
    started = time.monotonic()
    depot.open()
    depot.choose(files[:1])
    expect(depot.balance).to_contain_text("1 prêt")
    depot.page.get_by_role("button", name="Envoyer à la relecture").click()
    expect(depot.page.locator("#messages")).to_contain_text("Votre document est à relire")
    assert time.monotonic() - started < 60
    page = RessourcePage.objects.get()
    assert (page.theme.slug, page.type.slug) == ("funeraire", "modele-d-arrete")


def test_who_will_read_is_counted_at_each_answer(visitor: Visit, distribution: Distribution, files: list[Path]) -> None:
    depot = Depot(visitor(distribution.agent_a).go()).open()
    depot.choose(files[:1])
    page = depot.page
    expect(depot.balance).to_contain_text("1 prêt")
    page.get_by_role("radio", name=re.compile("^Des communes choisies")).check()
    expect(page.locator("#lecteurs")).to_contain_text("cochez au moins un choix")
    page.get_by_role("checkbox", name="Bourg").check()
    expect(page.locator("#lecteurs")).to_contain_text("3 personnes")
    expect(page.locator("#nombre")).to_contain_text("3 personnes")
    check_page(page)


def test_a_removed_file_leaves_its_place(visitor: Visit, distribution: Distribution, files: list[Path]) -> None:
    depot = Depot(visitor(distribution.agent_a).go()).open()
    depot.choose(files[:2])
    expect(depot.balance).to_contain_text("2 prêts")
    depot.page.get_by_role("button", name="Retirer recensement.pdf").click()
    expect(depot.balance).to_contain_text("1 fichier déposé")
    expect(depot.fold("Recensement")).to_have_count(0)
    depot.page.reload()
    expect(depot.lines).to_have_count(1)


def test_without_script_it_works(visitor: Visit, distribution: Distribution, files: list[Path]) -> None:
    depot = Depot(visitor(distribution.agent_a, java_script_enabled=False).go()).open()
    depot.choose(files[:2])
    depot.page.get_by_role("button", name="Envoyer ces fichiers").click()
    expect(depot.lines).to_have_count(2)
    depot.complete()
    depot.page.get_by_role("button", name="Garder en brouillon").click()
    expect(depot.page.get_by_text("Brouillon", exact=True)).to_have_count(2)


def test_the_review_shows_what_changes(visitor: Visit, distribution: Distribution) -> None:
    page = make_ressource("Règlement de la salle", fichiers=0, owner=distribution.agent_a, collectivite=distribution.a)
    fichier = page.fichiers.create()
    make_version(fichier, "Article 4\nLa salle est rendue propre avant 8 h.\nTarifs 2024 : 180 €")
    make_version(
        fichier,
        "Article 4\nLa salle est rendue propre avant 10 h.\nLe bruit est limité. Appelez le 06 39 98 01 31.",
        statut=StatutVersion.A_RELIRE,
    )
    page.save_revision(user=distribution.agent_a)
    page.get_workflow().start(page, distribution.agent_a)
    for dark in (False, True):
        screen = visitor(distribution.responsable, dark=dark).go(f"/ressources/relecture/{page.pk}/")
        expect(screen.get_by_role("heading", name="Ce qui change depuis la version 1")).to_be_visible()
        expect(screen.locator(".ec-diff del").first).to_contain_text("retiré")
        picture(screen, f"depot/differences-{'sombre' if dark else 'clair'}")
        check_page(screen)


def test_a_sheet_is_changed(visitor: Visit, distribution: Distribution) -> None:
    page = make_ressource("Règlement de la salle", "texte", owner=distribution.agent_a, collectivite=distribution.a)
    page.save_revision(user=distribution.agent_a)
    screen = visitor(distribution.agent_a).go(f"/ressources/mes-documents/{page.pk}/")
    picture(screen, "depot/fiche-1280")
    check_page(screen)
    screen.get_by_label("Titre").fill("Règlement de la salle polyvalente")
    screen.get_by_role("button", name="Envoyer à la relecture").click()
    expect(screen.locator("#messages")).to_contain_text("envoyée à la relecture")
    for path in (f"mes-documents/{page.pk}/archiver", f"versions/{page.fichiers.get().versions.get().pk}/retirer"):
        screen.goto(f"/ressources/{path}/")
        check_page(screen)


def test_the_pages_of_the_responsables_are_sound(visitor: Visit, distribution: Distribution) -> None:
    page = visitor(distribution.responsable).go("/ressources/mes-documents/")
    check_page(page)
    page.get_by_role("link", name="Importer").click()
    page.get_by_role("button", name="Vérifier sans rien écrire").click()
    expect(page.get_by_role("alert")).to_contain_text("à corriger avant d’importer")
    check_page(page)
