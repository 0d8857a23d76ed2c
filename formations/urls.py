"""Addresses of the training; its sheets come last, and leave to the tree of pages what is not theirs."""

from django.urls import path

from formations.views import consulter, sessions, visas

app_name = "formations"

urlpatterns = [
    path("formations/", consulter.catalogue, name="catalogue"),
    path("formations/sessions/<str:numero>/", sessions.session_detail, name="session_detail"),
    path("formations/inscriptions/<int:pk>/", sessions.inscription_detail, name="inscription_detail"),
    # Visas
    path("formations/visas/", visas.visa_list, name="visa_list"),
    path("formations/visas/regle/", visas.visa_regle, name="visa_regle"),
    path("formations/visas/liens/<int:pk>/revoquer/", visas.visa_lien_revoquer, name="visa_lien_revoquer"),
    path("formations/visa/<str:jeton>/", visas.visa_lien, name="visa_lien"),
]
