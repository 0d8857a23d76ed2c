"""What leads from a page of the library to the next, for whom."""

from pathlib import Path

import pytest
from django.conf import settings

from ressources.models import RessourcePage
from ressources.recherche import ICONES
from tests.distribution import Distribution
from tests.ressources.factories import make_ressource, make_version
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
MODIFIER, VERSION, ARCHIVER = "Modifier", "Déposer une nouvelle version", "Archiver"


@pytest.fixture
def page(distribution: Distribution) -> RessourcePage:
    page = make_ressource("Règlement de la salle", "texte", owner=distribution.agent_a, collectivite=distribution.a)
    page.save_revision(user=distribution.agent_a)
    return page


def html_of(agent: object, url: str) -> str:
    response = open_session(agent).get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_the_sheet_leads_to_its_changes_for_who_may(distribution: Distribution, page: RessourcePage) -> None:
    for agent in (distribution.agent_a, distribution.gestionnaire_a, distribution.responsable):
        html = html_of(agent, page.url)
        assert all(f"<span>{words}" in html for words in (MODIFIER, VERSION, ARCHIVER))
    html = html_of(distribution.elue_b, page.url)
    assert not any(f"<span>{words}" in html for words in (MODIFIER, VERSION, ARCHIVER))


def test_the_toolbox_says_how_many_await_a_review(distribution: Distribution, page: RessourcePage) -> None:
    assert "<span>À relire</span>" in html_of(distribution.responsable, "/ressources/")
    page.get_workflow().start(page, distribution.agent_a)
    assert "<span>À relire (1)</span>" in html_of(distribution.responsable, "/ressources/")
    html = html_of(distribution.agent_a, "/ressources/")
    assert "À relire" not in html
    assert "<span>Déposer un document</span>" in html


def test_what_the_search_does_not_find_may_be_asked_for(distribution: Distribution) -> None:
    html = html_of(distribution.agent_a, "/recherche/?q=zorglub%26pi%C3%A8ge")
    link = "/ressources/demandes/nouvelle/?objet=zorglub%26pi%C3%A8ge"
    assert f'href="{link}"' in html
    asked = open_session(distribution.agent_a).get(link).context["form"]
    assert asked["objet"].value() == "zorglub&piège"
    assert "/ressources/demandes/nouvelle/" not in html_of(distribution.sans_poste, "/recherche/?q=zorglub")


def test_a_result_is_drawn_by_the_kind_of_its_file(distribution: Distribution) -> None:
    drawn = (Path(settings.BASE_DIR) / "static/icones/icones.svg").read_text("utf-8")
    for nom, icone in {"a.docx": "file-earmark-word", "a.pdf": "file-earmark-pdf", "a.pptx": ""}.items():
        page = make_ressource(fichiers=0)
        make_version(page.fichiers.create(), nom=nom)
        assert RessourcePage.to_index().get(pk=page.pk).entree().icone == icone
    assert all(f'"i-{icone}"' in drawn for icone in ICONES.values())
