"""Addresses of the lending."""

from django.urls import path

from materiel.views import constats, conventions, incidents

app_name = "materiel"

urlpatterns = [
    # Conventions, états des lieux, incidents.
    path("materiel/conventions/", conventions.convention_list, name="convention_list"),
    path("materiel/conventions/nouvelle/", conventions.cadre_create, name="cadre_create"),
    path("materiel/conventions/<int:pk>/", conventions.convention_detail, name="convention_detail"),
    path("materiel/conventions/<int:pk>/pdf/", conventions.convention_pdf, name="convention_pdf"),
    path("materiel/conventions/<int:pk>/signer/", conventions.convention_signer, name="convention_signer"),
    path("materiel/conventions/<int:pk>/scan/", conventions.convention_scan, name="convention_scan"),
    path("materiel/conventions/<int:pk>/resilier/", conventions.cadre_resilier, name="cadre_resilier"),
    path("materiel/prets/<str:numero>/convention/", conventions.convention_prepare, name="convention_prepare"),
    path("materiel/prets/<str:numero>/fiche/", conventions.fiche_pret, name="fiche_pret"),
    path("materiel/prets/<str:numero>/remise/", constats.remise, name="remise"),
    path("materiel/prets/<str:numero>/retour/", constats.retour, name="retour"),
    path("materiel/prets/<str:numero>/clore/", constats.pret_clore, name="pret_clore"),
    path("materiel/<int:pk>/constat/", constats.constat_du_materiel, name="constat_du_materiel"),
    path("materiel/constats/<int:pk>/", constats.constat_detail, name="constat_detail"),
    path("materiel/photos/<int:pk>/", constats.photo_constat, name="photo_constat"),
    path("materiel/incidents/<int:pk>/", incidents.incident_detail, name="incident_detail"),
]
