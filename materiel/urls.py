"""Addresses of the lending."""

from django.urls import path

from materiel.views import constats, conventions, incidents
"""Addresses of the lending; those of its sheets belong to the tree of pages."""

from django.urls import path

from materiel.views import boite, demander, prets, repondre
from materiel.views import consulter, garder

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
    # Loans: asked, answered, followed.
    path("materiel/<int:pk>/demander/", demander.pret_create, name="pret_create"),
    path("materiel/demandes/", boite.demande_list, name="demande_list"),
    path("materiel/prets/", prets.pret_list, name="pret_list"),
    path("materiel/prets/<str:numero>/", prets.pret_detail, name="pret_detail"),
    path("materiel/prets/<str:numero>/message/", prets.message_create, name="message_create"),
    path("materiel/prets/<str:numero>/messages/<int:pk>/photo/", prets.message_photo, name="message_photo"),
    path("materiel/prets/<str:numero>/repondre/", repondre.pret_repondre, name="pret_repondre"),
    path("materiel/prets/<str:numero>/proposition/", repondre.proposition_repondre, name="proposition_repondre"),
    path("materiel/prets/<str:numero>/modifier/", repondre.pret_modifier, name="pret_modifier"),
    path("materiel/prets/<str:numero>/annuler/", repondre.pret_annuler, name="pret_annuler"),
    path("materiel/prets/<str:numero>/non-retire/", repondre.pret_non_retire, name="pret_non_retire"),
    path("materiel/", consulter.materiel_list, name="materiel_list"),
    path("materiel/carte/", consulter.carte, name="carte"),
    path("materiel/nos-materiels/", consulter.nos_materiels, name="nos_materiels"),
    path("materiel/<int:pk>/garder/", garder.garder, name="garder"),
    path("materiel/engagements/<int:pk>/rendre/", garder.engagement_release, name="engagement_release"),
]
