"""Wagtail's own routing over the project's addresses, so that what middlewares reverse still exists."""

from django.urls import include, path
from wagtail import urls as wagtail_urls

urlpatterns = [path("vide/", include(wagtail_urls)), path("", include("extranet.urls"))]
