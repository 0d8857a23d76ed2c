"""A workbook has sheets, a slide show slides: the list, the sheet, the preview and the review say so."""

import pytest
from django.template.loader import render_to_string

from extranet.lib.cherchable import reindex
from ressources import relecture
from ressources.fiche import Apercu
from ressources.models import RessourcePage
from tests.distribution import Distribution
from tests.ressources.factories import make_ressource, make_version
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("nom", "lieu", "compte"),
    [
        ("budget.xlsx", "Trouvé feuille\u00a02", "2\u00a0feuilles"),
        ("budget.odp", "Trouvé diapositive\u00a02", "2\u00a0diapositives"),
        ("budget.docx", "Trouvé page\u00a02", "2\u00a0pages"),
    ],
)
def test_where_words_are_found_and_how_many(nom: str, lieu: str, compte: str, distribution: Distribution) -> None:
    page = make_ressource("Budget communal", fichiers=0, mots_cles="recettes")
    make_version(page.fichiers.create(), "Dépenses\fColumbarium", nom=nom, pages=2)
    reindex(RessourcePage.to_index())
    client = open_session(distribution.secretaire_a)
    for address in ("/ressources/?q=columbarium", "/recherche/?q=columbarium"):
        assert lieu in client.get(address).content.decode()
    for address in ("/ressources/?q=columbarium", page.url):
        assert compte in client.get(address).content.decode()


def test_a_word_of_the_sheet_is_in_no_page(distribution: Distribution) -> None:
    page = make_ressource("Budget communal", "Dépenses\fFonctionnement", mots_cles="recettes")
    reindex([page])
    html = open_session(distribution.secretaire_a).get("/ressources/?q=recettes").content.decode()
    assert "Budget communal" in html
    assert "Trouvé page" not in html


@pytest.mark.parametrize(
    ("nom", "pages", "legende"),
    [
        ("plan.pdf", 5, "1\u00a0page sur 5"),
        ("plan.pdf", None, "Les premières pages"),
        ("reunion.odp", 4, "1\u00a0diapositive sur 4"),
        ("budget.xlsx", 3, "Les premières pages, comme à l’impression"),
        ("lavoir.jpg", None, ""),
    ],
)
def test_what_the_pictures_show(nom: str, pages: int | None, legende: str, distribution: Distribution) -> None:
    """Drawn, a workbook is pages of paper: they are not its sheets."""
    version = make_version(make_ressource(fichiers=0).fichiers.create(), nom=nom, pages=pages)
    seen = Apercu(version, images=[0 if version.is_photo else 1])
    assert seen.legende == legende
    html = render_to_string("ressources/_apercu.html", {"version": version, "apercu": seen, "attente": False})
    assert f'<span class="ec-small ec-muted">{legende}</span>' in html
    assert ("Diapositive 1 du document" in html) == (nom == "reunion.odp")


def test_the_review_names_the_sheet(distribution: Distribution) -> None:
    version = make_version(make_ressource(fichiers=0).fichiers.create(), "Un\fAppelez le 06 39 98 01 31", nom="a.ods")
    found = [one.phrase for one in relecture.controles(version, distribution.responsable)]
    assert "Un numéro de mobile, feuille 2" in found
