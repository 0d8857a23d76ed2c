"""Addresses of the files."""

from django.urls import path

from ressources.views import documents, suivi

app_name = "ressources"

urlpatterns = [
    path("documents/<int:pk>/<str:nom>", documents.document, name="document"),
    path("images/<int:pk>/", documents.rendition, name="rendition"),
    path("images/originale/<int:pk>/", documents.image, name="image"),
    path("ressources/a-verifier/", suivi.verification_list, name="verification_list"),
    path("ressources/<int:pk>/toujours-valable/", suivi.toujours_valable, name="toujours_valable"),
    path("ressources/versions/<int:pk>/lu/", suivi.lecture, name="lecture"),
    path("ressources/versions/<int:pk>/lectures/", suivi.lecture_list, name="lecture_list"),
]
