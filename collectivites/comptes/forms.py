"""The forms of accounts: allauth's rules, our words."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.account.fields import PasswordField
from allauth.account.internal.flows.password_reset_by_code import PasswordResetVerificationProcess
from allauth.core import context, ratelimit
from allauth.core.internal.ratelimit import get_ip
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.http import HttpRequest, HttpResponse

from collectivites.comptes import mots_de_passe, second_facteur
from collectivites.comptes.connexion import find_agent

ADRESSE = "Votre adresse de courriel professionnelle"
ERREURS_ADRESSE = {
    "required": "Écrivez votre adresse de courriel, par exemple prenom.nom@commune.fr.",
    "invalid": "Cette adresse n’est pas complète. Par exemple prenom.nom@commune.fr.",
}
AIDE_NOUVEAU = (
    f"{mots_de_passe.LONGUEUR_MIN} caractères au moins, sans autre règle\u00a0: quatre mots sans rapport entre eux, "
    "par exemple. Ni nom de commune, ni «\u00a0mairie\u00a0»."
)


def address_field(**kwargs: Any) -> forms.EmailField:
    widget = forms.EmailInput(attrs={"autocomplete": "username", "placeholder": "prenom.nom@commune.fr"})
    return forms.EmailField(label=ADRESSE, widget=widget, max_length=254, error_messages=ERREURS_ADRESSE, **kwargs)


def code_field(label: str, aide: str = "", chiffres: bool = True) -> forms.CharField:
    attrs = {"autocomplete": "one-time-code", "spellcheck": "false"}
    if chiffres:
        attrs["inputmode"] = "numeric"
    required = {"required": "Recopiez le code."}
    return forms.CharField(
        label=label, help_text=aide, max_length=40, widget=forms.TextInput(attrs), error_messages=required
    )


def password_field(label: str = "Votre mot de passe") -> PasswordField:
    field = PasswordField(
        label=label,
        autocomplete="current-password",
        max_length=mots_de_passe.LONGUEUR_MAX,
        error_messages={"required": "Écrivez votre mot de passe."},
    )
    field.widget.attrs.pop("placeholder", None)
    return field


class ConnexionForm(account.LoginForm):
    """The address, to which a code goes. Unknown, it gets the same answer after the same work, and no mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = address_field(help_text="Nous vous envoyons un code à recopier.")

    def clean_login(self) -> str:
        return self.cleaned_data["login"].lower()

    def _clean_without_password(self, email: str | None, phone: str | None) -> dict:
        # By mailbox and network first: a stranger who asks for somebody's codes must not keep that person out.
        here = f"{email} {get_ip(self.request)}"
        within = ratelimit.consume(self.request, action="request_login_code", key=here)
        if within and ratelimit.consume(self.request, action="codes_par_boite", key=email):
            self.user = find_agent(email)
        else:
            self.add_error("login", get_adapter().validation_error("too_many_login_attempts"))
        return self.cleaned_data

    def _login_by_code(self, request: HttpRequest, redirect_url: str | None, credentials: dict) -> HttpResponse:
        if self.user is None:
            adapter = get_adapter()
            code = adapter.generate_login_code()
            adapter.send_nowhere("account/email/login_code", credentials["email"], {"code": code})
        return super()._login_by_code(request, redirect_url, credentials)


class MotDePasseForm(account.LoginForm):
    """The address and a password, for those who set one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = address_field()

    def _setup_password_field(self) -> None:
        self.fields["password"] = password_field()

    def clean_login(self) -> str:
        return self.cleaned_data["login"].lower()


class CodeForm(account.ConfirmLoginCodeForm):
    code = code_field("Le code reçu par courriel", "Huit chiffres, avec ou sans tiret.")


class CodeMotDePasseForm(account.ConfirmPasswordResetCodeForm):
    code = code_field("Le code reçu par courriel", "Huit chiffres, avec ou sans tiret.")


class OubliForm(account.ResetPasswordForm):
    """Asks for the code that lets one choose a new password."""

    email = address_field(help_text="Nous vous envoyons un code à recopier.")

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        agent = find_agent(email)
        self.users = [agent] if agent else []
        return email

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        if not self.users:
            adapter = get_adapter()
            code = adapter.generate_password_reset_code()
            adapter.send_nowhere("account/email/password_reset_code", self.cleaned_data["email"], {"code": code})
        user = self.users[0] if self.users else None
        PasswordResetVerificationProcess.initiate(request=request, user=user, email=self.cleaned_data["email"])
        return self.cleaned_data["email"]


class _NouveauForm:
    """Words of the two fields of a new password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        new, again = self.fields["password1"], self.fields["password2"]
        new.label, new.help_text = "Votre nouveau mot de passe", AIDE_NOUVEAU
        again.label = "Le même, une seconde fois"
        for field in (new, again):
            field.widget.attrs.pop("placeholder", None)
            field.error_messages["required"] = "Écrivez votre nouveau mot de passe."

    def clean(self) -> dict:
        cleaned = forms.Form.clean(self) or self.cleaned_data
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", "Les deux ne sont pas les mêmes. Écrivez-les à nouveau.")
        return cleaned


class NouveauMotDePasseForm(_NouveauForm, account.ResetPasswordKeyForm):
    """After the code of a forgotten password, as long as the account still has the mailbox that received it."""

    def clean(self) -> dict:
        asked = PasswordResetVerificationProcess.resume(context.request)
        if asked is not None and asked.state["email"] != self.user.email:
            raise forms.ValidationError(get_adapter().error_messages["invalid_password_reset"])
        return super().clean()


class ChoisirMotDePasseForm(_NouveauForm, account.SetPasswordForm):
    """The first password of an account."""


class ChangerMotDePasseForm(_NouveauForm, account.ChangePasswordForm):
    """The password, given the present one."""

    oldpassword = password_field("Votre mot de passe actuel")

    field_order = ["oldpassword", "password1", "password2"]


class ConfirmerMotDePasseForm(account.ReauthenticateForm):
    password = password_field()


class UneSeuleFoisForm:
    """A code of the application serves once, for a login as for a confirmation."""

    def clean_code(self) -> str:
        code = super().clean_code()
        is_totp = self.authenticator.type == self.authenticator.Type.TOTP
        if is_totp and not second_facteur.use_once(self.user, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


AIDE_FACTEUR = "Les six chiffres de votre application, ou un de vos codes de secours."


class SecondFacteurForm(UneSeuleFoisForm, mfa.AuthenticateForm):
    code = code_field("Votre second code", AIDE_FACTEUR)


class ConfirmerSecondFacteurForm(UneSeuleFoisForm, mfa.ReauthenticateForm):
    code = code_field("Votre second code", AIDE_FACTEUR)


class ApplicationForm(ActivateTOTPForm):
    """The application proves that it has the secret."""

    code = code_field("Le code que l’application affiche", "Six chiffres, qui changent toutes les trente secondes.")

    def clean_code(self) -> str:
        code = super().clean_code()
        second_facteur.use_once(self.user, code)
        return code


def key_name(**kwargs: Any) -> forms.CharField:
    attrs = {"autocomplete": "off"}
    return forms.CharField(label="Le nom de cette clé", max_length=60, widget=forms.TextInput(attrs), **kwargs)


@contextmanager
def readable_key() -> Iterator[None]:
    """What a browser says of a key may be anything: allauth lets some of it break the page."""
    try:
        yield
    except (AttributeError, KeyError, IndexError, TypeError, ValueError, struct.error) as error:
        raise get_mfa_adapter().validation_error("incorrect_code") from error


class CleLueForm:
    """For the three forms that read a passkey."""

    def clean_credential(self) -> Authenticator:
        with readable_key():
            return super().clean_credential()


class CleEntreeForm(CleLueForm, LoginWebAuthnForm):
    """A passkey alone, to enter."""


class CleSecondFacteurForm(CleLueForm, AuthenticateWebAuthnForm):
    """A passkey after a code or a password."""


class CleConfirmationForm(CleLueForm, ReauthenticateWebAuthnForm):
    """A passkey, to prove again who one is."""


class CleAccesForm(AddWebAuthnForm):
    """A passkey, always with the finger, the face or the PIN: it opens alone, and is both factors at once."""

    name = key_name(
        required=False, help_text="Pour la reconnaître\u00a0: «\u00a0téléphone\u00a0», «\u00a0PC de la mairie\u00a0»."
    )
    passwordless = None

    def clean(self) -> dict:
        with readable_key():
            return super().clean()


class NomCleForm(EditWebAuthnForm):
    name = key_name(error_messages={"required": "Donnez un nom à cette clé."})


class CodeReauthentificationForm(account.BaseConfirmCodeForm):
    """The code by mail that proves again an account which has nothing else."""

    code = code_field("Le code reçu par courriel", "Huit chiffres, avec ou sans tiret.")


class AdresseForm(forms.Form):
    """Another address of one's own."""

    email = address_field(help_text="Nous y envoyons un code, pour nous assurer qu’elle est bien à vous.")

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class CodeAdresseForm(account.BaseConfirmCodeForm):
    code = code_field("Le code reçu à la nouvelle adresse", "Huit chiffres, avec ou sans tiret.")
