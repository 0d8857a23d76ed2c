"""`/courriels/`: everything in development, nothing elsewhere."""

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from notifications.envoi import notify, write_mail
from notifications.models import Courriel
from tests.distribution import Distribution
from tests.notifications.factories import MAIL, CourrielFactory, mail_context

pytestmark = pytest.mark.django_db


@pytest.fixture
def development(settings: Settings) -> None:
    settings.DEBUG = True
    settings.ROOT_URLCONF = "tests.notifications.urls_dev"
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"


def test_a_code_is_read_there_before_and_after_it_left(development: None, client: Client):
    write_mail(MAIL, mail_context("Votre code", "1234-5678"), adresse="a@essai.example", express=True)
    for state in ("en attente", "envoyé"):
        page = client.get("/courriels/").content.decode()
        assert "1234-5678" in page
        assert state in page
        call_command("envoyer_courriels")


def test_a_notification_is_composed_to_be_read(development: None, client: Client, distribution: Distribution):
    notify([distribution.agent_a], "essai", "Aval change d’adresse")
    courriel = Courriel.objects.get()
    assert "Aval change d’adresse" in client.get("/courriels/").content.decode()
    html = client.get(f"/courriels/{courriel.pk}/")
    assert "Aval change d’adresse" in html.content.decode()
    assert "style-src 'unsafe-inline'" in html["Content-Security-Policy"]
    courriel.refresh_from_db()
    assert courriel.html == ""


def test_one_that_would_not_leave_says_why(development: None, client: Client, distribution: Distribution):
    write_mail(MAIL, mail_context("Question"), agent=distribution.sans_poste)
    Courriel.objects.update(html="", texte="")
    assert "n’a plus de poste en cours" in client.get("/courriels/").content.decode()


def test_empty_strange_and_absent(development: None, client: Client):
    empty = client.get("/courriels/").content.decode()
    assert "Aucun courriel pour l’instant" in empty
    assert f'<a href="{reverse("account_login")}">code de connexion</a>' in empty
    CourrielFactory()
    assert client.get("/courriels/?courriel=abc").status_code == 200
    assert client.get("/courriels/?courriel=999999").status_code == 404


def test_elsewhere_there_is_nothing(development: None, settings: Settings, client: Client):
    settings.DEBUG = False
    courriel = CourrielFactory()
    for path in ("/courriels/", f"/courriels/{courriel.pk}/"):
        assert client.get(path).status_code == 404
    settings.ROOT_URLCONF = "extranet.urls"
    assert client.get("/courriels/").status_code in {302, 404}
