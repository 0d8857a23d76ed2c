"""Addresses of the questions, under those of the resources."""

from django.urls import path

from ressources.questions import views

urlpatterns = [
    path("ressources/themes/<slug:slug>/questions/", views.theme_ask, name="theme_ask"),
    path("ressources/themes/<slug:slug>/questions/<int:pk>/", views.theme_answer, name="theme_answer"),
    path("ressources/echanges/<int:pk>/retenir/", views.echange_accept, name="echange_accept"),
    path("ressources/echanges/<int:pk>/traite/", views.echange_settle, name="echange_settle"),
    path("ressources/echanges/<int:pk>/publier/", views.question_publish, name="question_publish"),
    path("ressources/questions/", views.question_list, name="question_list"),
    path("ressources/questions/<int:pk>/", views.question_detail, name="question_detail"),
    path("ressources/questions/<int:pk>/modifier/", views.question_update, name="question_update"),
    path("ressources/questions/<int:pk>/retirer/", views.question_withdraw, name="question_withdraw"),
    path("ressources/questions/<int:pk>/remettre/", views.question_restore, name="question_restore"),
    path("ressources/questions/<int:pk>/toujours-valable/", views.question_still_valid, name="question_still_valid"),
]
