"""Addresses of accounts, in French under allauth's own names, and Wagtail's doors, closed.

Only what is of use is here: nobody signs up, and no link by mail opens anything.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import include, path, re_path

from annuaire.views.invitation import invitation_accept
from collectivites.comptes import views
from collectivites.comptes.adresse import AdresseCodeView, AdresseView

connexion = [
    path("", views.ConnexionView.as_view(), name="account_login"),
    path("", views.ConnexionView.as_view(), name="account_request_login_code"),  # the same page sends the code
    path("code/", views.CodeView.as_view(), name="account_confirm_login_code"),
    path("mot-de-passe/", views.MotDePasseView.as_view(), name="account_login_password"),
    path("cle/", views.CleConnexionView.as_view(), name="mfa_login_webauthn"),
    path("second-facteur/", mfa.authenticate, name="mfa_authenticate"),
    path("compte-ferme/", account.account_inactive, name="account_inactive"),
    path("oubli/", account.password_reset, name="account_reset_password"),
    path("oubli/code/", account.confirm_password_reset_code, name="account_confirm_password_reset_code"),
    path("oubli/nouveau/", account.complete_password_reset, name="account_complete_password_reset"),
    path("oubli/fait/", account.password_reset_from_key_done, name="account_password_reset_completed"),
]

compte = [
    path("", views.CompteView.as_view(), name="mfa_list_webauthn"),  # the passkeys are on the same page
    path("", views.CompteView.as_view(), name="mfa_index"),
    path("donnees/", views.notice, name="compte_notice"),
    path("proteger/", views.proteger, name="compte_proteger"),
    path("adresse/", AdresseView.as_view(), name="compte_adresse"),
    path("adresse/code/", AdresseCodeView.as_view(), name="compte_adresse_code"),
    path("session/", views.session_restante, name="compte_session"),
    path("sessions/", views.sessions_ouvertes, name="usersessions_list"),
    path("mot-de-passe/", account.password_change, name="account_change_password"),
    path("mot-de-passe/choisir/", views.ChoisirMotDePasseView.as_view(), name="account_set_password"),
    path("application/", views.ApplicationView.as_view(), name="mfa_activate_totp"),
    path("application/retirer/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("cles/ajouter/", views.CleAjoutView.as_view(), name="mfa_add_webauthn"),
    path("cles/<int:pk>/nommer/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("cles/<int:pk>/retirer/", views.CleRetraitView.as_view(), name="mfa_remove_webauthn"),
    path("codes-de-secours/", views.CodesDeSecoursView.as_view(), name="mfa_view_recovery_codes"),
    path("codes-de-secours/fichier/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("codes-de-secours/nouveaux/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("confirmer/mot-de-passe/", account.reauthenticate, name="account_reauthenticate"),
    path("confirmer/code/", views.CodeReauthentificationView.as_view(), name="account_reauthenticate_code"),
    path("confirmer/second-facteur/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("confirmer/cle/", views.CleConfirmationView.as_view(), name="mfa_reauthenticate_webauthn"),
]

urlpatterns = [
    path("connexion/", include(connexion)),
    path("deconnexion/", account.logout, name="account_logout"),
    path("compte/", include(compte)),
    path("invitation/<str:token>/", invitation_accept, name="invitation"),
    path("admin/login/", views.vers_connexion),
    path("admin/logout/", account.logout),
    path("_util/login/", views.vers_connexion),
    re_path(r"^admin/password_reset/", views.vers_connexion, {"name": "account_reset_password"}),
]
