"""Addresses of the training; its sheets come last, and leave to the tree of pages what is not theirs."""

from django.urls import path

from formations.views import agendas, consulter, sessions

app_name = "formations"

urlpatterns = [
    path("formations/", consulter.catalogue, name="catalogue"),
    path("formations/calendrier/", consulter.calendrier, name="calendrier"),
    path("formations/agenda/", agendas.agenda_lien, name="agenda_lien"),
    path("formations/agenda/<int:pk>/revoquer/", agendas.agenda_revoquer, name="agenda_revoquer"),
    path("formations/agenda/<str:jeton>.ics", agendas.agenda_ics, name="agenda_ics"),
    path("formations/sessions/<str:numero>/", sessions.session_detail, name="session_detail"),
    path("formations/inscriptions/<int:pk>/", sessions.inscription_detail, name="inscription_detail"),
]
