"""Ways in, and the pages of one's own account. What allauth does as we want it is routed as it is (`extranet`)."""

from typing import Any
from urllib.parse import urlencode

from allauth.account import views as account
from allauth.account.adapter import get_adapter
from allauth.account.internal.decorators import login_not_required
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url, passthrough_next_redirect_url
from allauth.core import ratelimit
from allauth.core.internal.httpkit import authenticated_user
from allauth.mfa.base import views as mfa_base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import auth as webauthn_auth
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from collectivites.comptes import second_facteur, sessions
from collectivites.comptes.codes import CodeEnSession
from collectivites.comptes.forms import CodeReauthentificationForm, ConnexionForm, MotDePasseForm
from collectivites.comptes.preuve import PreuveRecenteMixin
from collectivites.journal import record


class ConnexionView(account.LoginView):
    """The address, then a code. Whoever is already in is sent on."""

    form_class = ConnexionForm
    template_name = "account/login.html"

    @method_decorator(login_not_required)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return HttpResponseRedirect(after_login(request))
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict:
        kept = "garde" in self.request.GET
        closed = kept or self.request.session.get(sessions.FERMEE, False)
        return super().get_context_data(garde=kept, session_fermee=closed, **kwargs)


class CodeView(account.ConfirmLoginCodeView):
    """The code received by mail; one that has lived says so, instead of a silent way back."""

    @method_decorator(login_not_required)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().dispatch(request, *args, **kwargs)
        if getattr(self, "_process", True) is None:
            messages.warning(request, "Ce code n’est plus valable\u00a0: il sert dix minutes. Demandez-en un autre.")
        return response


class MotDePasseView(ConnexionView):
    """The address and a password."""

    form_class = MotDePasseForm
    template_name = "account/login_password.html"


def after_login(request: HttpRequest) -> str:
    """Where to go: the page asked for, unless it is the login page itself."""
    page = get_next_redirect_url(request) or "/"
    return "/" if page.startswith(reverse("account_login")) else page


def next_of(request: HttpRequest) -> str:
    """The safe page to go back to, or the home page."""
    return get_next_redirect_url(request) or "/"


class CompteView(mfa_base.IndexView):
    """« Mon compte »: how one enters, and from where one is connected."""

    template_name = "comptes/index.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        agent = authenticated_user(self.request)
        context = super().get_context_data(**kwargs)
        found = context["authenticators"]
        application, cles = found.get(Authenticator.Type.TOTP), found.get(Authenticator.Type.WEBAUTHN, [])
        return {
            **context,
            "application": application,
            "cles": cles,
            # The rule of `second_facteur.may_remove`, for factors already read.
            "retirable": not agent.must_have_second_factor or bool(application) + len(cles) > 1,
            "codes": found.get(Authenticator.Type.RECOVERY_CODES),
            "obligatoire": agent.must_have_second_factor,
            "nb_sessions": len(sessions.open_sessions(agent)),
        }


def proteger(request: HttpRequest) -> HttpResponse:
    """Where a responsable without a second factor is sent, and where the others are invited."""
    if second_facteur.has_second_factor(request.user):
        return redirect(next_of(request))
    return render(request, "comptes/proteger.html", {"suite": urlencode({"next": next_of(request)})})


class ApplicationView(totp.ActivateTOTPView):
    """Ties an application to the account; the page that was asked for is not forgotten on the way."""

    def get_success_url(self) -> str:
        return _after_factor(self.request, self.did_generate_recovery_codes)


class CleAjoutView(webauthn.AddWebAuthnView):
    """Adds a passkey that opens alone: kept by the device, with the finger, the face or the PIN."""

    def get_context_data(self, **kwargs: Any) -> dict:
        options = webauthn_auth.begin_registration(authenticated_user(self.request), passwordless=True)
        kwargs.setdefault("form", self.get_form())
        return {"view": self, "js_data": {"creation_options": options}, **kwargs}

    def get_success_url(self) -> str:
        return _after_factor(self.request, self.did_generate_recovery_codes)


class ChoisirMotDePasseView(PreuveRecenteMixin, account.PasswordSetView):
    """The first password: asked only of someone who has just proved who they are."""


class CleConfirmationView(webauthn.ReauthenticateWebAuthnView):
    """A wrong key leads back here, not to the login page."""

    def form_invalid(self, form: Form) -> HttpResponse:
        for error in form.errors.get("credential", []):
            messages.error(self.request, error)
        return redirect(self.request.get_full_path())


class CleConnexionView(webauthn.LoginWebAuthnView):
    """Entering by a passkey alone."""

    def form_invalid(self, form: Form) -> HttpResponse:
        super().form_invalid(form)
        return redirect(passthrough_next_redirect_url(self.request, reverse("account_login"), "next"))


class CodeReauthentificationView(account.BaseReauthenticateView):
    """A code by mail, for the account that has no second factor to prove itself again."""

    form_class = CodeReauthentificationForm
    template_name = "account/reauthenticate_code.html"

    @property
    def waiting(self) -> CodeEnSession:
        return CodeEnSession(self.request, "reauthentification")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._send() if "envoyer" in request.POST else super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict:
        return {**super().get_form_kwargs(), "code": self.waiting.code}

    def get_context_data(self, **kwargs: Any) -> dict:
        return super().get_context_data(envoye=bool(self.waiting.code), **kwargs)

    def form_invalid(self, form: Form) -> HttpResponse:
        self.waiting.miss()
        return super().form_invalid(form)

    def form_valid(self, form: Form) -> HttpResponse:
        self.waiting.clear()
        record_authentication(self.request, self.request.user, method="code", reauthenticated=True)
        return super().form_valid(form)

    def _send(self) -> HttpResponse:
        agent, adapter = authenticated_user(self.request), get_adapter()
        if ratelimit.consume(self.request, action="code_reauthentification", user=agent):
            adapter.send_mail("account/email/login_code", agent.email, {"code": self.waiting.start()})
        else:
            messages.error(self.request, adapter.error_messages["rate_limited"])
        return redirect(self.request.get_full_path())


def _after_factor(request: HttpRequest, has_new_codes: bool) -> str:
    name = "mfa_view_recovery_codes" if has_new_codes else "mfa_index"
    return passthrough_next_redirect_url(request, reverse(name), "next")


class CodesDeSecoursView(codes.ViewRecoveryCodesView):
    """The codes to note down, then the page that was asked for before the factor."""

    def get_context_data(self, **kwargs: Any) -> dict:
        return super().get_context_data(suite=next_of(self.request), **kwargs)


class CleRetraitView(webauthn.RemoveWebAuthnView):
    """Removes a passkey, unless it is the last factor of whoever must have one."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not second_facteur.may_remove(self.get_object()):
            messages.error(request, "Votre compte doit garder un second facteur. Ajoutez-en un autre d’abord.")
            return redirect("mfa_index")
        return super().post(request, *args, **kwargs)


@require_http_methods(["GET", "POST"])
def sessions_ouvertes(request: HttpRequest) -> HttpResponse:
    """From where one is connected; one session, or all the others, can be closed."""
    agent, current = request.user, request.session.session_key
    if request.method == "POST":
        others = [row for row in sessions.open_sessions(agent) if row.session_key != current]
        chosen = [row for row in others if request.POST.get("session") in {str(row.pk), "toutes"}]
        for row in chosen:
            row.end()
        if chosen:
            record("sessions.fermees", agent, agent=agent, nombre=len(chosen))
            messages.success(request, "C’est fermé\u00a0: il faudra s’identifier de nouveau sur l’autre appareil.")
        return redirect("usersessions_list")
    rows = sessions.open_sessions(agent)
    return render(request, "usersessions/usersession_list.html", {"sessions": rows, "ici": current})


@require_http_methods(["GET", "POST"])
def session_restante(request: HttpRequest) -> JsonResponse:
    """How long the session still lives, in seconds; a POST is the agent saying « I am still here »."""
    if request.method == "POST":
        sessions.note_activity(request, now=True)
    return JsonResponse({"reste": sessions.remaining(request), "au_plus": sessions.longest(request)})


@require_http_methods(["GET", "POST"])
def notice(request: HttpRequest) -> HttpResponse:
    """The information on personal data (RGPD art. 13 and 14): shown before anything else, once; read again at will."""
    agent = request.user
    if request.method == "POST":
        if agent.notice_vue_le is None:
            agent.acknowledge_notice()
            record("notice.lue", agent, agent=agent, collectivite=request.collectivite or None)
        return redirect(next_of(request))
    return render(request, "comptes/notice.html", {"premiere": agent.notice_vue_le is None})


@login_not_required
def vers_connexion(request: HttpRequest, name: str = "account_login", **kwargs: Any) -> HttpResponse:
    """Wagtail's own doors lead to ours: theirs would ask no second factor and count no failure."""
    page = request.GET.get("next", "")
    return redirect(f"{reverse(name)}?{urlencode({'next': page})}" if page else reverse(name))
