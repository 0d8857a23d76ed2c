"""The addresses of development, which the settings of the tests leave out."""

from django.urls import path

from extranet.urls import handler403, handler500
from extranet.urls import urlpatterns as usual
from notifications.views_dev import courriel_html, courriel_list

__all__ = ["handler403", "handler500", "urlpatterns"]

urlpatterns = [
    path("courriels/", courriel_list, name="courriel_list"),
    path("courriels/<int:pk>/", courriel_html, name="courriel_html"),
    *usual,
]
