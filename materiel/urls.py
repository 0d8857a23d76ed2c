"""Addresses of the lending."""

from django.http import HttpResponse
from django.urls import path

app_name = "materiel"

urlpatterns = [
    path("materiel/constats/<int:pk>/", HttpResponse, name="constat_detail"),
    path("materiel/conventions/<int:pk>/", HttpResponse, name="convention_detail"),
    path("materiel/incidents/<int:pk>/", HttpResponse, name="incident_detail"),
]
