"""The addresses of the project, those of development, and two that break."""

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from home.composants import composants
from notifications.views_dev import courriel_html, courriel_list

handler403 = "home.erreurs.forbidden"
handler500 = "home.erreurs.server_error"


def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


def without_database(request: HttpRequest) -> HttpResponse:
    raise OperationalError


urlpatterns = [
    path("panne/", broken),
    path("base-absente/", without_database),
    path("composants/", composants, name="composants"),
    path("courriels/", courriel_list, name="courriel_list"),
    path("courriels/<int:pk>/", courriel_html, name="courriel_html"),
    path("", include("extranet.urls")),
]
