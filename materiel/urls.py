"""Addresses of the lending; those of its sheets belong to the tree of pages."""

from django.urls import path

from materiel.views import (
    boite,
    consulter,
    demander,
    edition,
    garder,
    importer,
    papiers,
    prets,
    proposer,
    repondre,
)

app_name = "materiel"

urlpatterns = [
    path("materiel/", consulter.materiel_list, name="materiel_list"),
    path("materiel/carte/", consulter.carte, name="carte"),
    path("materiel/nos-materiels/", consulter.nos_materiels, name="nos_materiels"),
    path("materiel/<int:pk>/garder/", garder.garder, name="garder"),
    path("materiel/engagements/<int:pk>/rendre/", garder.engagement_release, name="engagement_release"),
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
]
