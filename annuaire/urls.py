"""Addresses of the annuaire."""

from django.urls import path

from annuaire import views, views_invitation

app_name = "annuaire"
urlpatterns = [
    path("", views.index, name="index"),
    path("agents/<slug:slug>/", views.agent_detail, name="agent_detail"),
    path("inviter/", views_invitation.invitation_create, name="invitation_create"),
    path("invitations/", views_invitation.invitation_list, name="invitation_list"),
    path("invitations/<int:pk>/renvoyer/", views_invitation.invitation_resend, name="invitation_resend"),
    path("invitations/<int:pk>/annuler/", views_invitation.invitation_withdraw, name="invitation_withdraw"),
    path("collectivites/", views.collectivite_list, name="collectivite_list"),
    path("collectivites/<slug:slug>/", views.collectivite_detail, name="collectivite_detail"),
]
