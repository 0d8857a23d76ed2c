"""Writing pages in the admin, as those who answer for the content do."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from collectivites.diffusion import ELUS, TOUTES
from collectivites.models import Theme
from home.models import ActualitePage, ActualitesPage, AidePage, HomePage, PageStandard
from tests.distribution import Distribution
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def redaction(distribution: Distribution) -> Client:
    return open_session(distribution.responsable)


def news_form(distribution: Distribution, **fields: object) -> dict:
    """What the editor sends, with a paragraph and a question as body."""
    data = {
        "title": "Marché de Noël",
        "slug": "marche-de-noel",
        "chapeau": "Le premier dimanche de décembre.",
        "collectivite": distribution.a.pk,
        "epinglee": "on",
        "illustration": "",
        "corps": streamfield(
            [
                ("texte", rich_text("<p>Sur la <b>place</b>.</p>", editor="default", features=["bold"])),
                ("question", {"question": "À quelle heure ?", "reponse": rich_text("<p>Dès 9 h.</p>")}),
            ]
        ),
        "go_live_at": "",
        "expire_at": "",
        "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000},
        "action-publish": "oui",
    }
    return nested_form_data(data) | {"diffusion": [TOUTES], "themes": [Theme.objects.first().pk]} | fields


def send(client: Client, model: type, parent: object, data: dict) -> object:
    path = reverse("wagtailadmin_pages:add", args=["home", model._meta.model_name, parent.pk])
    assert client.get(path).status_code == 200
    return client.post(path, data)


def test_news_written_and_published(distribution: Distribution, redaction: Client):
    response = send(redaction, ActualitePage, ActualitesPage.objects.get(), news_form(distribution))
    assert response.status_code == 302, response.context["form"].errors
    page = ActualitePage.objects.get(slug="marche-de-noel")
    assert (page.live, page.epinglee, page.owner) == (True, True, distribution.responsable)
    assert [bloc.block_type for bloc in page.corps] == ["texte", "question"]
    assert page.themes.count() == 1
    text = open_session(distribution.elue_b).get(page.get_url()).content.decode()
    assert "Sur la <b>place</b>." in text
    assert "Visible par\u00a0: Toutes les communes" in text


def test_a_draft_is_seen_by_nobody(distribution: Distribution, redaction: Client):
    form = news_form(distribution, diffusion=[ELUS])
    del form["action-publish"]
    send(redaction, ActualitePage, ActualitesPage.objects.get(), form)
    page = ActualitePage.objects.get(slug="marche-de-noel")
    assert not page.live
    assert open_session(distribution.elue_b).get(page.get_url()).status_code == 404


def test_without_readers_it_is_not_published(distribution: Distribution, redaction: Client):
    response = send(redaction, ActualitePage, ActualitesPage.objects.get(), news_form(distribution, diffusion=[]))
    assert "sans public, personne ne voit la page" in response.content.decode()
    assert not ActualitePage.objects.filter(slug="marche-de-noel").exists()


def test_a_taken_address_is_refused(redaction: Client):
    form = nested_form_data(
        {
            "title": "Sécurité",
            "slug": "connexion",
            "chapeau": "",
            "corps": streamfield([]),
            "go_live_at": "",
            "expire_at": "",
            "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000},
            "action-publish": "oui",
        }
    )
    response = send(redaction, PageStandard, HomePage.objects.get(), form)
    assert "choisissez-en une autre" in response.content.decode()
    assert send(redaction, PageStandard, AidePage.objects.get(), form | {"slug": "securite"}).status_code == 302


def test_a_fixed_page_offers_no_address(redaction: Client):
    path = reverse("wagtailadmin_pages:edit", args=[AidePage.objects.get().pk])
    text = redaction.get(path).content.decode()
    assert 'name="title"' in text
    assert 'name="slug"' not in text
    assert 'name="go_live_at"' not in text


def test_agents_do_not_enter(distribution: Distribution):
    path = reverse("wagtailadmin_pages:add", args=["home", "actualitepage", ActualitesPage.objects.get().pk])
    assert open_session(distribution.gestionnaire_a).get(path).status_code in {302, 403}
