"""A review in the page: what changes, marked or not, and a remark placed on a paragraph, until its author reads it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from ressources.enums import StatutVersion
from ressources.models import Echange, RessourcePage
from tests.distribution import Distribution
from tests.e2e.browser import picture
from tests.e2e.conftest import Visitor
from tests.e2e.controles import check_page, in_theme
from tests.ressources.factories import make_ressource, make_version

Visit = Callable[..., Visitor]

AVANT = (
    "Commune d’Aval\nRèglement de la salle des fêtes\nArticle 4. Rangement\nLa salle est rendue propre avant 8 h le "
    "lendemain de la location.\nTarifs 2024 : 180 € pour un habitant.\fArticle 6. Cuisine\nL’office est remis propre."
)
APRES = (
    "Commune d’Aval\nRèglement de la salle des fêtes\nArticle 4. Rangement\nLa salle est rendue propre avant 10 h le "
    "lendemain de la location.\fArticle 6. Cuisine\nL’office est remis propre.\nToute casse est signalée à M. Prost, "
    "06 39 98 01 31.\nLa sonorisation est limitée à 95 décibels."
)


@pytest.fixture
def page(distribution: Distribution) -> RessourcePage:
    page = make_ressource("Règlement de la salle", fichiers=0, owner=distribution.agent_a, collectivite=distribution.a)
    fichier = page.fichiers.create()
    make_version(fichier, AVANT, nom="reglement.docx", pages=2)
    make_version(fichier, APRES, nom="reglement.docx", pages=2, statut=StatutVersion.A_RELIRE)
    page.save_revision(user=distribution.agent_a)
    page.get_workflow().start(page, distribution.agent_a)
    return page


@pytest.mark.parametrize(
    ("phone", "script"), [(False, True), (True, True), (False, False)], ids=["bureau", "telephone", "sans script"]
)
def test_a_remark_is_placed_and_read_there(
    visitor: Visit, distribution: Distribution, page: RessourcePage, phone: bool, script: bool
) -> None:
    size = "390" if phone else "1280" if script else "sans-script"
    reviewer = visitor(distribution.responsable, phone=phone, java_script_enabled=script)
    screen = reviewer.go(f"/ressources/relecture/{page.pk}/")
    sheet = screen.locator(".ec-sheet")
    expect(sheet).to_contain_text("Tarifs 2024")
    screen.get_by_label("Ajouter une remarque").fill("Mettez plutôt « l’accueil de la mairie ».")
    if script:
        # Only the page of the text is asked for: the words that are being written stay.
        screen.get_by_role("link", name="Version 2 seule").click()
        expect(sheet).not_to_contain_text("Tarifs")
        screen.get_by_role("link", name="Page 2").click()
        expect(sheet).to_contain_text("M. Prost")
        expect(screen.get_by_label("Ajouter une remarque")).to_have_value("Mettez plutôt « l’accueil de la mairie ».")
        picture(screen, f"relecture/version-seule-{size}")
    screen.get_by_role("button", name="La placer dans la page").click()
    expect(screen.get_by_role("heading", name="Où placer votre remarque")).to_be_visible()
    if screen.get_by_role("button", name="Page 2", exact=True).count():
        screen.get_by_role("button", name="Page 2", exact=True).click()
    expect(sheet).to_contain_text("M. Prost")
    if script:
        check_page(screen)
    picture(screen, f"relecture/placer-{size}")
    screen.get_by_role("button", name="Toute casse").click()
    expect(screen.locator(".ec-thread blockquote")).to_contain_text("Toute casse est signalée")
    expect(screen.locator(".ec-sheet .ec-note")).to_contain_text("M. Prost")
    assert Echange.objects.get().endroit == "Page 2"
    if not script:
        return
    screen.goto(f"/ressources/relecture/{page.pk}/?page=2")
    check_page(screen)
    for theme in ("dark", "light"):
        in_theme(screen, theme)
        picture(screen, f"relecture/remarque-{size}-{theme}")
    screen.get_by_role("radio", name="Renvoyer à").check()
    screen.get_by_label("Motif").select_option(index=1)
    screen.get_by_role("button", name="Enregistrer la décision").click()
    expect(screen.locator("#messages")).to_contain_text("est renvoyé")
    author = visitor(distribution.agent_a, phone=phone).go(f"/ressources/mes-documents/{page.pk}/")
    expect(author.get_by_role("group", name="Où porte la remarque").locator(".ec-note")).to_contain_text("M. Prost")
    check_page(author)
    for theme in ("dark", "light"):
        in_theme(author, theme)
        picture(author, f"relecture/auteur-{size}-{theme}")
