"""What allauth asks of us: invitation only, mails through the outbox, and proofs that suit the account."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.core.exceptions import ReauthenticationRequired
from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import get_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from collectivites.comptes import second_facteur
from collectivites.comptes.connexion import find_agent, keep_address_in_step
from collectivites.models import Agent
from notifications.envoi import SorteDirecte, write_mail
from notifications.models import Courriel

VIE_CODE = timedelta(minutes=10)
COMPTE = SorteDirecte("compte")
CODE = SorteDirecte("code", refaire="La personne demande un autre code depuis la page de connexion.")

ERREURS = {
    "account_inactive": "Ce compte est fermé. Demandez à l’équipe de l’extranet de le rouvrir.",
    "email_password_mismatch": "L’adresse ou le mot de passe ne convient pas. Vérifiez les deux, ou recevez un code.",
    "enter_current_password": "Ce n’est pas votre mot de passe actuel. Écrivez celui qui vous sert aujourd’hui.",
    "incorrect_code": "Ce code ne convient pas. Recopiez le dernier reçu ou affiché, par exemple 1234-5678.",
    "incorrect_password": "Ce mot de passe ne convient pas. Vérifiez les majuscules, ou choisissez un autre moyen.",
    "invalid_login": "Écrivez votre adresse de courriel, par exemple prenom.nom@commune.fr.",
    "invalid_password_reset": "Ce code n’est plus valable. Demandez-en un autre.",
    "too_many_login_attempts": "Trois codes faux\u00a0: celui que vous avez reçu ne sert plus. Demandez-en un autre.",
    "rate_limited": "Trop d’essais en peu de temps. Attendez quelques minutes, puis recommencez.",
}

# allauth says one thing for two: the third wrong code kills that code, and another may be asked for at once; a limit
# makes one wait, five minutes the first time, up to a day when it is met again.
LIMITE = "Trop d’essais en peu de temps. Attendez cinq minutes avant de recommencer, davantage si ce message revient."
LIMITE_MOT_DE_PASSE = f"{LIMITE} Un code reçu par courriel ouvre tout de suite votre compte."


class CompteAdapter(DefaultAccountAdapter):
    """One login for all, by invitation only."""

    error_messages = {**DefaultAccountAdapter.error_messages, **ERREURS}

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """What a form refuses: there, too many attempts are those of a rate limit."""
        if code == "too_many_login_attempts":
            return ValidationError(LIMITE, code=code)
        return super().validation_error(code, *args)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """By mailbox and network: whoever tries somebody's passwords uses up the right of their own network only."""
        return f"{super()._get_login_attempts_cache_key(request, **credentials)} {get_ip(request)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Then by mailbox alone, wider, against many networks at once."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            raise ValidationError(LIMITE_MOT_DE_PASSE, code="too_many_login_attempts") from None
        email = credentials.get("email", "").lower()
        self._boite = ratelimit.consume(request, app="allauth.account", action="mots_de_passe_par_boite", key=email)
        if not self._boite:
            raise ValidationError(LIMITE_MOT_DE_PASSE, code="too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self) -> None:
        super()._rollback_login_failed_rl_usage()
        if boite := getattr(self, "_boite", None):
            boite.rollback()

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        super()._delete_login_attempts_cached_email(request, **credentials)
        key = credentials.get("email", "").lower()
        ratelimit.clear(request, app="allauth.account", action="mots_de_passe_par_boite", key=key)

    def pre_login(self, request: HttpRequest, user: Agent, *, email: str | None, **kwargs: Any) -> HttpResponse | None:
        """A code opens from the mailbox of the account only: it may have changed since the code left."""
        if email and email != user.email:
            clear_login(request)
            messages.warning(request, "Ce code n’est plus valable\u00a0: l’adresse a changé. Demandez-en un autre.")
            return redirect("account_login")
        return super().pre_login(request, user, email=email, **kwargs)

    def login(self, request: HttpRequest, user: Agent) -> None:
        super().login(request, user)
        if user.email:
            keep_address_in_step(user)

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """The one place where mails of accounts leave: the outbox, before the others."""
        self._write(template_prefix, email, context)

    def send_nowhere(self, template_prefix: str, email: str, context: dict) -> None:
        """The same work as a mail, for an address that gets none: how long the answer takes says nothing."""
        with transaction.atomic():
            self._write(template_prefix, email, context)
            transaction.set_rollback(True)

    def _write(self, template_prefix: str, email: str, context: dict) -> list[Courriel]:
        """allauth names a mail by the prefix of three templates; ours is one (`templates/comptes/courriels/`)."""
        words = {key: value for key, value in context.items() if key != "request"}
        return write_mail(
            f"comptes/courriels/{template_prefix.rpartition('/')[2]}.html",
            words,
            adresse=email,
            agent=find_agent(email),
            sorte=CODE if "code" in context else COMPTE,
            express=True,
            compte=True,
            **({"expire_apres": VIE_CODE} if "code" in context else {}),
        )

    def send_notification_mail(
        self, template_prefix: str, user: Agent, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tells its owner that something of the account has changed."""
        super().send_notification_mail(template_prefix, user, {"user": user, **(context or {})}, email or user.email)

    def reauthenticate(self, user: Agent, password: str) -> bool:
        proved = self.authenticate(self.request, email=user.email, password=password)
        return proved is not None and proved.pk == user.pk

    def get_reauthentication_methods(self, user: Agent) -> list[dict]:
        """Never weaker than the login: the second factor if there is one, else the password or a code by mail."""
        methods = super().get_reauthentication_methods(user)
        if not user.is_authenticated:
            return methods
        strong = [method for method in methods if method["id"].startswith("mfa_")]
        if strong:
            return strong
        words = {"id": "code", "description": "Recevoir un code", "url": reverse("account_reauthenticate_code")}
        return [*methods, words]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not within a quarter of an hour of a proof as strong as the account's login.

        allauth asks nothing of an account without password or factor: ours gives a code by mail.
        """
        if second_facteur.recently_proved(self.request):
            return False
        user = self.request.user
        if not user.has_usable_password() and not second_facteur.has_second_factor(user):
            raise ReauthenticationRequired
        return True


class SecondFacteurAdapter(DefaultMFAAdapter):
    """Secrets encrypted in the database, and the last factor of a responsable that stays."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": "Votre compte doit garder un second facteur. Ajoutez-en un autre d’abord.",
        "cannot_generate_recovery_codes": "Les codes de secours viennent avec une application ou une clé d’accès.",
        "incorrect_code": "Ce code ne convient pas. Recopiez les six chiffres affichés, ou un code de secours.",
        "unverified_email": "Entrez d’abord une fois par un code reçu à cette adresse.",
    }

    def encrypt(self, text: str) -> str:
        return second_facteur.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return second_facteur.decrypt(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return second_facteur.may_remove(authenticator)

    def build_totp_svg(self, url: str) -> str:
        """On white, with its margin: readable by a telephone in the dark theme too."""
        drawing = BytesIO()
        segno.make(url, error="m").save(drawing, kind="svg", scale=6, border=4, light="white", xmldecl=False)
        return drawing.getvalue().decode()

    def generate_authenticator_name(self, user: Agent, type: Authenticator.Type) -> str:  # noqa: A002
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return "Ma clé d’accès" if number == 1 else f"Ma clé d’accès n°\u00a0{number}"

    def _get_site_name(self) -> str:
        return "L’Extranet des communes"
