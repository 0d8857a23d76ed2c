"""Addresses of the lending; those of its sheets belong to the tree of pages."""

from django.urls import path

from materiel.views import boite, demander, prets, repondre

app_name = "materiel"

urlpatterns = [
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
]
