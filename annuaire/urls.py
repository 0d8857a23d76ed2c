"""Addresses of the annuaire."""

from django.urls import path

from annuaire import views

app_name = "annuaire"
urlpatterns = [
    path("", views.index, name="index"),
    path("agents/<slug:slug>/", views.agent_detail, name="agent_detail"),
    path("collectivites/", views.collectivite_list, name="collectivite_list"),
    path("collectivites/<slug:slug>/", views.collectivite_detail, name="collectivite_detail"),
]
