"""Addresses of the training; its sheets come last, and leave to the tree of pages what is not theirs."""

from django.urls import path

from formations.views import consulter, sessions

app_name = "formations"

urlpatterns = [
    path("formations/", consulter.catalogue, name="catalogue"),
    path("formations/sessions/<str:numero>/", sessions.session_detail, name="session_detail"),
    path("formations/inscriptions/<int:pk>/", sessions.inscription_detail, name="inscription_detail"),
]
