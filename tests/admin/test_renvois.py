"""What a page may refer to: nothing that its editor could not have chosen, even when the form is made by hand."""

import json

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, get_page_models
from wagtail.test.utils.form_data import nested_form_data, streamfield

from collectivites.diffusion import code_collectivite
from collectivites.enums import Domaine
from collectivites.models import Agent
from collectivites.pages.formulaire import PageForm
from home.models import ActualitePage, ActualitesPage
from ressources.models import DocumentPrive, ImagePrivee
from tests.admin.test_relecture import page_data, responsable_of
from tests.distribution import Distribution
from tests.ressources.factories import DocumentFactory, ImageFactory, collection
from tests.ressources.pages import news
from tests.sessions import open_session

pytestmark = pytest.mark.django_db

SECRET = "Zibeline"


@pytest.fixture
def auteur(distribution: Distribution) -> Agent:
    return responsable_of(distribution, Domaine.FORMATIONS)


@pytest.fixture
def document(distribution: Distribution) -> DocumentPrive:
    return DocumentFactory(title=SECRET, collection=collection("Ressources"))


@pytest.fixture
def image(distribution: Distribution) -> ImagePrivee:
    return ImageFactory(title=SECRET, description=SECRET, collection=collection("Ressources"))


@pytest.fixture
def reservee(distribution: Distribution) -> ActualitePage:
    return news(distribution.b, title=SECRET, codes=[code_collectivite(distribution.b.pk)])


def rich(kind: str, **data: object) -> str:
    """The text as the editor sends it, with one link."""
    words = "lire ceci"
    link = {"offset": 5, "length": 4, "key": 0}
    block = {"key": "a", "text": words, "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": [link]}
    entity = {"type": kind, "mutability": "MUTABLE", "data": data}
    return json.dumps({"blocks": [block], "entityMap": {"0": entity}})


def corps(kind: str, value: object) -> dict[str, object]:
    return nested_form_data({"corps": streamfield([("texte", rich("NONE")), (kind, value)])})


def bodies(document: DocumentPrive, image: ImagePrivee, reservee: Page) -> dict[str, dict[str, object]]:
    lien = {"libelle": "Lire", "page": reservee.pk, "adresse": ""}
    encadre = {"ton": "info", "titre": "", "texte": rich("LINK", id=reservee.pk)}
    etape = [
        {"value": {"titre": "Ouvrez", "texte": rich("DOCUMENT", id=document.pk)}, "id": "", "deleted": "", "order": 0}
    ]
    picture = {"image": {"image": image.pk, "alt_text": "", "decorative": "on"}, "legende": ""}
    return {
        "document": corps("document", {"document": document.pk, "titre": "", "detail": ""}),
        "mauvais": corps("document", {"document": document.pk, "titre": "x" * 500, "detail": ""}),
        "image": corps("image", picture),
        "bouton": corps("lien", lien),
        "encadre": corps("encadre", encadre),
        "lien": corps("texte", rich("LINK", id=str(reservee.pk))),
        "fichier": corps("texte", rich("DOCUMENT", id=document.pk)),
        "etapes": corps("etapes", {"count": 1, **{str(i): one for i, one in enumerate(etape)}}),
        "illustration": {"illustration": image.pk},
    }


def add(client: Client, distribution: Distribution, **sent: object) -> object:
    url = reverse("wagtailadmin_pages:add", args=["home", "actualitepage", ActualitesPage.objects.get().pk])
    return client.post(url, page_data(distribution, **sent))


CAS = ["document", "mauvais", "image", "bouton", "encadre", "lien", "fichier", "etapes", "illustration"]


@pytest.mark.parametrize("cas", CAS)
def test_what_one_may_not_choose_is_refused(
    distribution: Distribution,
    auteur: Agent,
    document: DocumentPrive,
    image: ImagePrivee,
    reservee: ActualitePage,
    cas: str,
) -> None:
    response = add(open_session(auteur), distribution, **bodies(document, image, reservee)[cas])
    assert response.status_code == 200
    said = response.content.decode()
    assert "Illustration\u00a0:" in said if cas == "illustration" else "Bloc 2, \\u00ab\\u00a0" in said
    assert "lire ceci" in said or cas not in {"lien", "fichier", "encadre", "etapes"}
    assert SECRET.lower() not in said.lower()
    assert document.filename not in said
    assert document.filename.encode("ascii", "backslashreplace").decode() not in said
    assert not ActualitePage.objects.filter(owner=auteur).exists()


@pytest.mark.parametrize("cas", sorted(set(CAS) - {"mauvais"}))
def test_who_may_choose_it_refers_to_it(
    distribution: Distribution, document: DocumentPrive, image: ImagePrivee, reservee: ActualitePage, cas: str
) -> None:
    response = add(open_session(distribution.administrateur), distribution, **bodies(document, image, reservee)[cas])
    assert response.status_code == 302, response.context["form"].errors


def test_what_the_page_held_stays(distribution: Distribution, auteur: Agent, document: DocumentPrive) -> None:
    page = news(distribution.a, document=document, live=False)
    ActualitePage.objects.filter(pk=page.pk).update(owner=auteur)
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    sent = corps("document", {"document": document.pk, "titre": "Autrement dit", "detail": ""})
    assert open_session(auteur).post(url, page_data(distribution, **sent)).status_code == 302
    assert ActualitePage.objects.get(pk=page.pk).get_latest_revision_as_object().corps[1].value["document"] == document


def test_a_preview_shows_it_no_more(distribution: Distribution, auteur: Agent, document: DocumentPrive) -> None:
    url = reverse("wagtailadmin_pages:preview_on_add", args=["home", "actualitepage", ActualitesPage.objects.get().pk])
    client = open_session(auteur)
    sent = corps("document", {"document": document.pk, "titre": "", "detail": ""})
    assert client.post(url, page_data(distribution, **sent)).json()["is_valid"] is False
    assert SECRET not in client.get(url).content.decode()


def test_every_type_of_page_asks() -> None:
    for model in set(get_page_models()) - {Page}:
        assert issubclass(model.get_edit_handler().get_form_class(), PageForm), model
