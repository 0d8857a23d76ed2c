"""Addresses of the lending."""

from django.urls import path

from materiel.views import edition, importer, papiers, proposer

app_name = "materiel"

urlpatterns = [
    path("materiel/proposer/", proposer.materiel_create, name="materiel_create"),
    path("materiel/proposer/photo/", proposer.photo_create, name="photo_create"),
    path("materiel/<int:pk>/modifier/", proposer.materiel_update, name="materiel_update"),
    path("materiel/<int:pk>/apercu/", proposer.materiel_preview, name="materiel_preview"),
    path("materiel/<int:pk>/copier/", proposer.materiel_copy, name="materiel_copy"),
    path("materiel/<int:pk>/reprendre/", proposer.materiel_take_back, name="materiel_take_back"),
    path("materiel/<int:pk>/papiers/", papiers.papier_list, name="papier_list"),
    path("materiel/papiers/<int:pk>/retirer/", papiers.papier_remove, name="papier_remove"),
    path("materiel/papiers/<int:pk>/<str:nom>", papiers.papier_fichier, name="papier_fichier"),
    path("materiel/<int:pk>/statut/", edition.materiel_statut, name="materiel_statut"),
    path("materiel/<int:pk>/transferer/", edition.materiel_transferer, name="materiel_transferer"),
    path("materiel/etiquettes/", importer.etiquettes, name="etiquettes"),
    path("materiel/importer/", importer.importer, name="importer"),
]
