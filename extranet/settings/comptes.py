"""Settings of accounts: one login (allauth) for the site and the admin, by invitation only."""

AUTH_USER_MODEL = "collectivites.Agent"
AUTHENTICATION_BACKENDS = ["collectivites.comptes.connexion.AgentBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

PASSWORD_HASHERS = [
    "collectivites.comptes.mots_de_passe.Argon2Hasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "collectivites.comptes.mots_de_passe.LongueurValidator"},
    {"NAME": "collectivites.comptes.mots_de_passe.DevinableValidator"},
]

# Idle and absolute lives of a session, in seconds; the idle one is shorter for whoever must have a second factor.
SESSION_INACTIVITE = 8 * 3600
SESSION_INACTIVITE_RESPONSABLE = 30 * 60
SESSION_DUREE_MAX = SESSION_COOKIE_AGE = 12 * 3600
SESSION_PAS_ACTIVITE = 5 * 60  # the activity is written at most this often: a read writes nothing
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True

ACCOUNT_ADAPTER = "notifications.comptes.CompteAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]  # nobody signs up; without a password here, the login page sends a code
# An address is proved by the code that every way in begins with, or by the invitation.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to strangers
ACCOUNT_EMAIL_NOTIFICATIONS = True  # every change of password or second factor is told to its owner
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_AUTHENTICATED_LOGIN_REDIRECTS = False  # our login page does it, without ever going round in circles
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_SESSION_REMEMBER = True  # the cookie lives SESSION_COOKIE_AGE; the server decides before
# ASVS 6.6.2: a code sent by mail lives ten minutes at most, enough for a mail that lingers.
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True  # a code here too: mail scanners open links
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 10 * 60
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 8, "dashed": True}

# A whole town hall, and at the intercommunalité two hundred people, sit behind one address: limits by address are wide
# enough for an arrival at half past eight, limits by account are narrow and grow with the failures.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "30/m/ip,5/5m/key,10/h/key,20/d/key",  # the key is a mailbox tried from one network
    "mots_de_passe_par_boite": "50/h/key,100/d/key",  # a hundred: NIST 800-63B-4 §3.2.2
    "request_login_code": "60/m/ip,3/5m/key,10/h/key",  # the key is a mailbox asked from one network
    "codes_par_boite": "30/h/key",
    "reset_password": "30/m/ip,3/5m/key,10/h/key",
    "reset_password_from_key": "30/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "code_reauthentification": "3/5m/user,10/h/user",
    "invitation": "30/m/ip",
    "invitation_envoi": "30/h/user",
    "lot": "20/h/user",
    "lot_archive": "30/h/user",
    "ressource_envoi": "30/h/user",
    "ressource_question": "30/h/user",
    "partage_creation": "30/h/user",
    "partage": "60/m/ip",
    "partage_pris": "100/h/key",  # the key is a link
}
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}

MFA_ADAPTER = "notifications.comptes.SecondFacteurAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# A passkey asks for the finger, the face or the PIN: possession alone never opens.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_ISSUER = "Extranet des communes"
MFA_TOTP_TOLERANCE = 1  # a telephone may be half a minute wrong; each code still serves once (`comptes/forms.py`)

USERSESSIONS_TRACK_ACTIVITY = True

ACCOUNT_FORMS = {
    "confirm_login_code": "collectivites.comptes.forms.CodeForm",
    "confirm_password_reset_code": "collectivites.comptes.forms.CodeMotDePasseForm",
    "reset_password": "collectivites.comptes.forms.OubliForm",
    "reset_password_from_key": "collectivites.comptes.forms.NouveauMotDePasseForm",
    "change_password": "collectivites.comptes.forms.ChangerMotDePasseForm",
    "set_password": "collectivites.comptes.forms.ChoisirMotDePasseForm",
    "reauthenticate": "collectivites.comptes.forms.ConfirmerMotDePasseForm",
}
MFA_FORMS = {
    "authenticate": "collectivites.comptes.forms.SecondFacteurForm",
    "reauthenticate": "collectivites.comptes.forms.ConfirmerSecondFacteurForm",
    "activate_totp": "collectivites.comptes.forms.ApplicationForm",
    "login_webauthn": "collectivites.comptes.forms.CleEntreeForm",
    "authenticate_webauthn": "collectivites.comptes.forms.CleSecondFacteurForm",
    "reauthenticate_webauthn": "collectivites.comptes.forms.CleConfirmationForm",
    "add_webauthn": "collectivites.comptes.forms.CleAccesForm",
    "edit_webauthn": "collectivites.comptes.forms.NomCleForm",
}
