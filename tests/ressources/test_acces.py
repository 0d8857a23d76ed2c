"""Who reads a file: whoever may read a published thing that uses it, and those who manage its collection."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from wagtail.models import Collection

from collectivites.collections import install_root
from collectivites.enums import Domaine
from collectivites.models import Agent, Territoire
from ressources.permissions import can_read_document
from tests.distribution import Distribution
from tests.ressources.factories import DocumentFactory, ImageFactory, collection, fetch
from tests.ressources.pages import news
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


def readers(cast: Distribution, url: str) -> dict[str, int]:
    """Status of `url` for each role."""
    found = {}
    for role, agent in cast.roles().items():
        client = open_session(agent) if agent else Client()
        found[role] = fetch(client, url).status_code
    return found


@pytest.mark.parametrize("kind", ["document", "rendition"])
def test_a_file_follows_the_page_that_uses_it(distribution: Distribution, kind: str) -> None:
    if kind == "document":
        document = DocumentFactory()
        url = document.url
        news(distribution.a, document=document)
    else:
        image = ImageFactory()
        news(distribution.a, image=image)
        url = image.get_rendition("width-40").url
    assert readers(distribution, url) == {
        "gestionnaire_a": 200,
        "secretaire_a": 200,
        "agent_a": 200,
        "secretaire_b": 404,
        "elue_b": 404,
        "partage_ab": 200,
        "responsable": 200,  # manages the collection
        "administrateur": 200,
        "sans_poste": 404,
        "anonyme": 302,
    }


def test_the_original_image_is_for_those_who_manage_it(distribution: Distribution) -> None:
    image = ImageFactory()
    news(distribution.a, image=image, codes=["toutes"])
    allowed = {
        role for role, status in readers(distribution, f"/images/originale/{image.pk}/").items() if status == 200
    }
    assert allowed == {"responsable", "administrateur"}
    original = image.get_rendition("original")
    allowed = {role for role, status in readers(distribution, original.url).items() if status == 200}
    assert allowed == {"responsable", "administrateur"}


@pytest.mark.parametrize("used", ["nowhere", "draft", "expired", "withdrawn"])
def test_a_file_that_nothing_online_uses_is_closed(distribution: Distribution, used: str) -> None:
    document = DocumentFactory()
    if used != "nowhere":
        page = news(distribution.a, document=document, codes=["toutes"], live=used != "draft")
        if used == "expired":
            type(page).objects.filter(pk=page.pk).update(expire_at=timezone.now() - timezone.timedelta(minutes=1))
        if used == "withdrawn":
            page.corps = [("texte", "<p>Sans document.</p>")]
            page.save_revision().publish()
    statuses = readers(distribution, document.url)
    assert statuses["secretaire_a"] == statuses["gestionnaire_a"] == 404
    assert statuses["responsable"] == 200


def test_a_document_linked_in_a_text_is_read_too(distribution: Distribution) -> None:
    document = DocumentFactory()
    page = news(distribution.a)
    page.corps = [("texte", f'<p><a linktype="document" id="{document.pk}">Le plan</a></p>')]
    page.save_revision().publish()
    assert fetch(open_session(distribution.agent_a), document.url).status_code == 200
    assert fetch(open_session(distribution.elue_b), document.url).status_code == 404


def test_a_responsable_reads_their_collections_only(distribution: Distribution) -> None:
    other = DocumentFactory(collection=Collection.get_first_root_node().add_child(name="Paie"))
    own = DocumentFactory(collection=collection("Ressources"))
    responsable = distribution.responsable
    assert can_read_document(responsable, own)
    assert not can_read_document(responsable, other)


def test_the_right_ends_with_the_poste_at_the_intercommunalite(distribution: Distribution) -> None:
    document = DocumentFactory(collection=collection("Ressources"))
    responsable = distribution.responsable
    responsable.postes.get().end(timezone.localdate())
    responsable = Agent.objects.get(pk=responsable.pk)
    assert responsable.groups.exists()
    assert not can_read_document(responsable, document)


def test_the_logo_is_read_before_login(distribution: Distribution) -> None:
    image = ImageFactory()
    rendition = image.get_rendition("max-200x200")
    assert fetch(Client(), rendition.url).status_code == 302
    territoire = Territoire.load()
    territoire.logo = image
    territoire.save()
    assert fetch(Client(), rendition.url).status_code == 200


def test_what_does_not_exist_looks_like_what_is_closed(distribution: Distribution) -> None:
    document = DocumentFactory()
    client = open_session(distribution.agent_a)
    closed, absent = fetch(client, document.url), fetch(client, "/documents/999999/rien.pdf")
    assert closed.status_code == absent.status_code == 404
    assert fetch(Client(), "/documents/999999/rien.pdf").status_code == 302


@pytest.mark.parametrize(
    "address",
    [
        "/media/{file}",
        "/fichiers/{file}",
        "/{file}",
        "/documents/{pk}/",
        "/images/abc/{pk}/width-100/x.jpg",
        "/documents/authenticate_with_password/1/",
        "/api/v2/documents/{pk}/",
        "/api/main/documents/{pk}/",
    ],
)
def test_no_other_address_leads_to_a_file(distribution: Distribution, address: str) -> None:
    document = DocumentFactory()
    client = open_session(distribution.administrateur)
    assert fetch(client, address.format(file=document.file.name, pk=document.pk)).status_code == 404


def test_an_old_name_leads_to_the_present_one_for_readers_only(distribution: Distribution) -> None:
    document = DocumentFactory()
    news(distribution.a, document=document)
    old = f"/documents/{document.pk}/ancien-nom.pdf"
    response = fetch(open_session(distribution.agent_a), old)
    assert response.status_code == 302
    assert response["Location"] == document.url
    assert fetch(open_session(distribution.elue_b), old).status_code == 404


def test_a_lost_file_is_not_an_error_500(distribution: Distribution) -> None:
    document = DocumentFactory()
    document.file.storage.delete(document.file.name)
    assert fetch(open_session(distribution.administrateur), document.url).status_code == 404


def test_asking_costs_few_queries_whatever_the_uses(
    distribution: Distribution, django_assert_max_num_queries: object
) -> None:
    document = DocumentFactory()
    for n in range(8):
        news(distribution.b, document=document, title=f"Numéro {n}")
    news(distribution.a, document=document)
    client = open_session(distribution.agent_a)
    with django_assert_max_num_queries(12):
        assert fetch(client, document.url).status_code == 200


def test_installing_twice_changes_nothing(db: None) -> None:
    before = list(Collection.objects.values_list("name", flat=True))
    install_root()
    assert list(Collection.objects.values_list("name", flat=True)) == before
    assert {"Ressources", "Actualités et pages"} <= set(before)
    assert Group.objects.filter(name=Domaine.RESSOURCES.label).count() == 1


def test_before_the_second_factor_one_reads_what_a_visitor_reads(distribution: Distribution) -> None:
    document = DocumentFactory()
    client = Client()
    client.force_login(distribution.responsable)
    assert fetch(client, document.url).status_code == 404
    assert fetch(open_session(distribution.responsable), document.url).status_code == 200
