"""Addresses of the search."""

from django.urls import path

from search import views
from search.gardees import views as gardees

app_name = "search"
urlpatterns = [
    path("recherche/", views.recherche, name="recherche"),
    path("recherche/suggestions/", views.suggestions, name="suggestions"),
    path("recherche/suivi/", views.suivre, name="suivre"),
    path("recherche/gardees/", gardees.gardee_list, name="gardee_list"),
    path("recherche/gardees/garder/", gardees.gardee_create, name="gardee_create"),
    path("recherche/gardees/<int:pk>/", gardees.gardee_update, name="gardee_update"),
    path("recherche/gardees/<int:pk>/arreter/", gardees.gardee_stop, name="gardee_stop"),
    path("recherche/gardees/<int:pk>/supprimer/", gardees.gardee_delete, name="gardee_delete"),
    path("recherche/alertes/<str:jeton>/", gardees.alerte_stop, name="alerte_stop"),
]
