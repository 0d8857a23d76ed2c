"""Addresses of the home app outside the tree of pages."""

from django.urls import path

from home import sante, views

app_name = "home"
urlpatterns = [
    path("accessibilite/", views.accessibilite, name="accessibilite"),
    path("donnees-personnelles/", views.donnees_personnelles, name="donnees_personnelles"),
    path("mentions-legales/", views.mentions_legales, name="mentions_legales"),
    path("plan-du-site/", views.plan_du_site, name="plan_du_site"),
    path("sante/", sante.sante, name="sante"),
]
