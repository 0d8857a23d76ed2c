"""All the addresses: fixed prefixes first, then the tree of pages."""

from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

urlpatterns = [
    path("", include("allauth.urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("", include("collectivites.urls")),
    path("annuaire/", include("annuaire.urls")),
    path("", include(wagtail_urls)),
]
