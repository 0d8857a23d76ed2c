"""Addresses of the files."""

from django.urls import path

from ressources import views

app_name = "ressources"

urlpatterns = [
    path("documents/<int:pk>/<str:nom>", views.document, name="document"),
    path("images/<int:pk>/", views.rendition, name="rendition"),
    path("images/originale/<int:pk>/", views.image, name="image"),
]
