"""Addresses of the files."""

from django.urls import path

from ressources.views import consulter, demandes, documents, fiche, suivi, usages

app_name = "ressources"

urlpatterns = [
    path("ressources/", consulter.ressource_list, name="ressource_list"),
    path("ressources/fichiers/<int:pk>/<str:nom>", fiche.fichier, name="fichier"),
    path("ressources/versions/<int:pk>/apercu/", fiche.apercu, name="apercu"),
    path("ressources/versions/<int:pk>/page-<int:numero>/", fiche.page_image, name="page_image"),
    path("ressources/actes/<int:pk>/", fiche.acte, name="acte"),
    path("ressources/<int:pk>/telechargements/", fiche.telechargements, name="telechargements"),
    path("ressources/<int:pk>/favori/", usages.favori, name="favori"),
    path("ressources/<int:pk>/avis/", usages.avis, name="avis"),
    path("ressources/<int:pk>/reprise/", usages.reprise, name="reprise"),
    path("ressources/<int:pk>/echanges/", usages.echange_create, name="echange_create"),
    path("ressources/<int:pk>/echanges/<int:echange>/", usages.echange_repondre, name="echange_repondre"),
    path("ressources/<int:pk>/echanges/<int:echange>/traite/", usages.echange_traiter, name="echange_traiter"),
    path("ressources/favoris/", consulter.favori_list, name="favori_list"),
    path("ressources/themes/<slug:slug>/", consulter.theme_detail, name="theme_detail"),
    path("ressources/demandes/", demandes.demande_list, name="demande_list"),
    path("ressources/demandes/nouvelle/", demandes.demande_create, name="demande_create"),
    path("ressources/demandes/<int:pk>/moi-aussi/", demandes.demande_soutenir, name="demande_soutenir"),
    path("ressources/demandes/<int:pk>/repondre/", demandes.demande_repondre, name="demande_repondre"),
    path("ressources/demandes/<int:pk>/clore/", demandes.demande_clore, name="demande_clore"),
    path("documents/<int:pk>/<str:nom>", documents.document, name="document"),
    path("images/<int:pk>/", documents.rendition, name="rendition"),
    path("images/originale/<int:pk>/", documents.image, name="image"),
    path("ressources/a-verifier/", suivi.verification_list, name="verification_list"),
    path("ressources/<int:pk>/toujours-valable/", suivi.toujours_valable, name="toujours_valable"),
    path("ressources/versions/<int:pk>/lu/", suivi.lecture, name="lecture"),
    path("ressources/versions/<int:pk>/lectures/", suivi.lecture_list, name="lecture_list"),
]
