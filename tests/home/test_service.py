"""The health probe, the closed site, the refusals and the failures."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import path
from pytest_django import Settings

from extranet.lib import maintenance
from home import sante
from home.erreurs import forbidden
from notifications.models import Veille
from tests.distribution import Distribution
from tests.sessions import open_session


def breaking(request: HttpRequest) -> HttpResponse:
    if request.GET["how"] == "base":
        raise OperationalError("server closed the connection unexpectedly")
    if request.GET["how"] == "refus":
        raise PermissionDenied("Les inscriptions sont closes depuis lundi.")
    raise ValueError("secret")


urlpatterns = [path("essai/", breaking)]
handler403, handler500 = "home.erreurs.forbidden", "home.erreurs.server_error"


@pytest.mark.django_db
class TestSante:
    def state(self, client: Client) -> tuple[int, dict]:
        response = client.get("/sante/")
        return response.status_code, json.loads(response.content)

    def test_sound_with_veille(self):
        Veille.objects.create(pk="essai")
        assert self.state(Client()) == (200, {"etat": "ok"})

    def test_unsound_without_veille(self):
        assert self.state(Client()) == (503, {"etat": "panne"})

    def test_unsound_without_its_migrations(self, monkeypatch: pytest.MonkeyPatch):
        Veille.objects.create(pk="essai")
        monkeypatch.setattr(sante, "_migrated", False)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE app = 'home'")
        assert self.state(Client()) == (503, {"etat": "panne"})

    def test_unsound_without_database(self, monkeypatch: pytest.MonkeyPatch):
        def dead(*args: object) -> None:
            raise OperationalError("no server")

        monkeypatch.setattr(sante, "is_migrated", dead)
        assert self.state(Client()) == (503, {"etat": "panne"})

    def test_figures_for_administrators_only(self, distribution: Distribution):
        Veille.objects.create(pk="essai")
        detailed = {
            name
            for name, agent in distribution.roles().items()
            if len(self.state(open_session(agent) if agent else Client())[1]) > 1
        }
        assert detailed == {"administrateur"}
        figures = self.state(open_session(distribution.administrateur))[1]
        assert figures["controles"] == {"base": True, "migrations": True, "veille": True}

    def test_fast_and_without_session(self):
        Veille.objects.create(pk="essai")
        Client().get("/sante/")
        client = Client()
        with CaptureQueriesContext(connection) as captured:
            response = client.get("/sante/")
        assert len(captured) <= 3
        assert not response.cookies
        assert "session" not in " ".join(query["sql"] for query in captured)
        assert response["Cache-Control"].startswith("max-age=0")


class TestMaintenance:
    @pytest.fixture
    def marker(self, settings: Settings, tmp_path: Path) -> Iterator[Path]:
        settings.DATA_DIR = tmp_path
        return maintenance.marker()

    @pytest.mark.django_db
    def test_open_without_the_file(self, marker: Path):
        assert Client().get("/mentions-legales/").status_code == 200

    @pytest.mark.parametrize("page", ["/", "/connexion/", "/admin/", "/n-importe-quoi"])
    def test_closed_with_it_without_any_query(self, page: str, marker: Path):
        """No database is allowed to this test: the page needs none."""
        marker.write_text("2026-10-08T14:30\n03 53 01 00 00\n")
        response = Client().get(page)
        text = response.content.decode()
        assert response.status_code == 503
        assert response["Retry-After"] == "300"
        assert "vers 14\u00a0h\u00a030" in text
        assert "03\u00a053\u00a001\u00a000\u00a000" in text

    @pytest.mark.parametrize("words", ["", "demain", "\n\n", "25:99"])
    def test_a_file_without_a_time(self, words: str, marker: Path):
        marker.write_text(words)
        response = Client().get("/")
        assert response.status_code == 503
        assert "L’extranet revient bientôt" in response.content.decode()


@pytest.mark.urls(__name__)
class TestPannes:
    def get(self, how: str) -> HttpResponse:
        client = Client(raise_request_exception=False)
        return client.get("/essai/", {"how": how})

    @pytest.fixture(autouse=True)
    def _open(self, settings: Settings) -> None:
        """These addresses are not those of the site: no login in front of them."""
        settings.MIDDLEWARE = [m for m in settings.MIDDLEWARE if "collectivites" not in m and "allauth" not in m]

    def test_a_failure_says_nothing_of_itself(self):
        response = self.get("rien")
        assert response.status_code == 500
        assert "L’extranet a eu une panne" in response.content.decode()
        assert "secret" not in response.content.decode()

    def test_a_dead_database_is_worth_trying_again(self):
        response = self.get("base")
        assert response.status_code == 503
        assert response["Retry-After"]
        assert "L’extranet revient bientôt" in response.content.decode()


@pytest.mark.django_db
class TestRefus:
    def test_unknown_address(self, distribution: Distribution):
        response = open_session(distribution.agent_a).get("/nulle-part/")
        assert response.status_code == 404
        assert "Cette page n’existe plus" in response.content.decode()

    def test_a_rule_is_told(self, distribution: Distribution, rf: RequestFactory):
        request = rf.get("/")
        request.user, request.session = distribution.agent_a, SessionStore()
        text = forbidden(request, PermissionDenied("Les inscriptions sont closes depuis lundi.")).content.decode()
        assert "Les inscriptions sont closes depuis lundi." in text


@pytest.mark.django_db
def test_the_address_of_a_form_says_so_to_a_browser(distribution: Distribution) -> None:
    """Reloaded or gone back to: a page, not a blank; what a script or a form does there is answered as before."""
    client = open_session(distribution.agent_a)
    response = client.get("/ressources/20/avis/")
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "Il n’y a pas de page à cette adresse" in response.content.decode()
    assert client.put("/ressources/20/avis/").content == b""


def test_the_demonstration_shows_the_page_that_people_will_see(distribution: Distribution, settings):
    """With DEBUG, Django would answer in English, with the addresses of the site."""
    settings.DEBUG = True
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "home.erreurs.IntrouvableMiddleware"]
    for address in ("/inconnue/", "/materiel/prets/2020-1/"):
        answer = open_session(distribution.agent_a).get(address)
        assert answer.status_code == 404
        assert "DEBUG" not in answer.content.decode()
        assert 'lang="fr"' in answer.content.decode()
