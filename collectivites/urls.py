"""Addresses of the ground floor."""

from django.urls import path

from collectivites import views

app_name = "collectivites"
urlpatterns = [path("agir-pour/", views.agir_pour, name="agir_pour")]
