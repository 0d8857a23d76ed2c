"""Addresses of the files."""

from django.urls import path

from ressources.views import documents

app_name = "ressources"

urlpatterns = [
    path("documents/<int:pk>/<str:nom>", documents.document, name="document"),
    path("images/<int:pk>/", documents.rendition, name="rendition"),
    path("images/originale/<int:pk>/", documents.image, name="image"),
]
