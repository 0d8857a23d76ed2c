"""All the addresses, in order: fixed ones first, then what is left belongs to the tree of pages."""

from django.conf import settings
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

from home.composants import composants
from notifications.views_dev import courriel_html, courriel_list

handler403 = "home.erreurs.forbidden"
handler500 = "home.erreurs.server_error"

urlpatterns = [
    path("", include("home.urls")),
    path("", include("collectivites.urls")),
    path("", include("extranet.urls_comptes")),
    path("", include("search.urls")),
    path("annuaire/", include("annuaire.urls")),
    path("notifications/", include("notifications.urls")),
    path("", include("ressources.urls")),
    path("", include("formations.urls")),
    path("", include("materiel.urls")),
    path("admin/", include("collectivites.viewsets.portes")),
    path("admin/", include(wagtailadmin_urls)),
]

if settings.DEBUG:
    urlpatterns += [
        path("composants/", composants, name="composants"),
        path("courriels/", courriel_list, name="courriel_list"),
        path("courriels/<int:pk>/", courriel_html, name="courriel_html"),
    ]

urlpatterns += [path("", include(wagtail_urls))]
