"""Addresses of the lending."""

from django.urls import path

from materiel.views import consulter, garder

app_name = "materiel"

urlpatterns = [
    path("materiel/", consulter.materiel_list, name="materiel_list"),
    path("materiel/carte/", consulter.carte, name="carte"),
    path("materiel/nos-materiels/", consulter.nos_materiels, name="nos_materiels"),
    path("materiel/<int:pk>/garder/", garder.garder, name="garder"),
    path("materiel/engagements/<int:pk>/rendre/", garder.engagement_release, name="engagement_release"),
]
