"""Addresses of the training; its sheets come last, and leave to the tree of pages what is not theirs."""

from django.urls import path

from formations.views import consulter, fiche, inscriptions, places, sessions

app_name = "formations"

urlpatterns = [
    path("formations/", consulter.catalogue, name="catalogue"),
    path("formations/sessions/<str:numero>/", sessions.session_detail, name="session_detail"),
    path("formations/inscriptions/", inscriptions.inscription_list, name="inscription_list"),
    path("formations/inscriptions/<int:pk>/", inscriptions.inscription_detail, name="inscription_detail"),
    path("formations/inscriptions/<int:pk>/retirer/", places.inscription_desister, name="inscription_desister"),
    path("formations/inscriptions/<int:pk>/remplacer/", places.inscription_remplacer, name="inscription_remplacer"),
    path("formations/inscriptions/<int:pk>/repondre/", places.inscription_repondre, name="inscription_repondre"),
    path("formations/inscriptions/<int:pk>/preciser/", places.inscription_preciser, name="inscription_preciser"),
    path("formations/inscriptions/<int:pk>/besoin/", places.inscription_besoin, name="inscription_besoin"),
    path("formations/inscriptions/ensemble/<uuid:lot>/", inscriptions.inscription_lot, name="inscription_lot"),
    # Sheets: always after every other address of the area.
    path("formations/<slug:slug>/", fiche.formation_detail, name="formation_detail"),
    path("formations/<slug:slug>/inscrire/", fiche.inscrire, name="inscrire"),
    path("formations/<slug:slug>/recapitulatif/", fiche.recapitulatif, name="recapitulatif"),
]
