"""Addresses of the training; its sheets come last, and leave to the tree of pages what is not theirs."""

from django.urls import path

from formations.views import bilan, consulter, evaluations, papiers, presences, sessions

app_name = "formations"

urlpatterns = [
    path("formations/", consulter.catalogue, name="catalogue"),
    path("formations/sessions/<str:numero>/", sessions.session_detail, name="session_detail"),
    path("formations/inscriptions/<int:pk>/", sessions.inscription_detail, name="inscription_detail"),
    # Days of a session, its papers, and what follows.
    path("formations/sessions/<str:numero>/convocations/", papiers.session_convocations, name="session_convocations"),
    path("formations/sessions/<str:numero>/presences/", presences.session_presences, name="session_presences"),
    path("formations/sessions/<str:numero>/emargement/pdf/", papiers.emargement_pdf, name="emargement_pdf"),
    path("formations/sessions/<str:numero>/feuilles/", presences.session_feuille, name="session_feuille"),
    path("formations/sessions/<str:numero>/porte/", presences.session_porte, name="session_porte"),
    path("formations/sessions/<str:numero>/terminer/", presences.session_clore, name="session_clore"),
    path("formations/feuilles/<int:pk>/<str:nom>", presences.feuille_fichier, name="feuille_fichier"),
    path("formations/presences/<str:jeton>/", presences.porte_arrivee, name="porte"),
    path("formations/inscriptions/<int:pk>/convocation/pdf/", papiers.convocation_pdf, name="convocation_pdf"),
    path("formations/inscriptions/<int:pk>/agenda.ics", papiers.inscription_ics, name="inscription_ics"),
    path("formations/attestations/<str:numero>/", papiers.attestation_detail, name="attestation_detail"),
    path("formations/attestations/<str:numero>/pdf/", papiers.attestation_pdf, name="attestation_pdf"),
    path("formations/evaluations/<str:numero>/", evaluations.evaluation_create, name="evaluation_create"),
    path("formations/evaluations/<str:numero>/bilan/", evaluations.evaluation_bilan, name="evaluation_bilan"),
    path("formations/parcours/", bilan.parcours, name="parcours"),
    path("formations/parcours/<slug:slug>/", bilan.parcours_agent, name="parcours_agent"),
    path("formations/bilan/", bilan.bilan, name="bilan"),
]
