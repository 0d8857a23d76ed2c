"""What comes before everything else: the second factor of those who must have one, then the information notice."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from collectivites import garde
from collectivites.comptes import second_facteur
from collectivites.enums import Domaine
from collectivites.refus import AccesReserve, responsables

ADMIN, ADMIN_API = "/admin/", "/admin/api/"
# Addresses still served while a step is due: those of the step itself.
PAGES_PREUVE = {"mfa_reauthenticate", "mfa_reauthenticate_webauthn"}
PAGES_PROTECTION = {
    "compte_proteger",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "account_reauthenticate",
    "account_reauthenticate_code",
}
# Recovery codes are shown at the end of the protection, before the notice.
PAGES_NOTICE = {"compte_notice", "mfa_view_recovery_codes", "mfa_download_recovery_codes"}
TOUJOURS = {"compte_session"}


class EntreeMiddleware:
    """Sends whoever has a step left to that step, on the whole site and the admin; public pages stay open.

    The admin is for administrators and for responsables with a poste in force, whatever their Wagtail groups say:
    anyone else learns whom to ask, instead of going round between the admin and the login page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        # Wagtail marks the interface of its admin as open, and guards it by itself: without our steps.
        is_open = not getattr(view, "login_required", True) and not request.path.startswith(ADMIN_API)
        if not request.user.is_authenticated or is_open:
            return None
        if request.path.startswith(ADMIN) and not request.user.domaines:
            raise AccesReserve("à l’administration de l’extranet", responsables(Domaine.ADMINISTRATION))
        step, pages = step_due(request)
        if step is None or request.resolver_match.url_name in pages | TOUJOURS:
            return None
        return _send_to(request, step)


def step_due(request: HttpRequest) -> tuple[str | None, set[str]]:
    """The step that this session still owes, by the name of its address, and the addresses open meanwhile."""
    agent = request.user
    if agent.must_have_second_factor and not second_facteur.passed(request):
        if second_facteur.has_second_factor(agent):
            return "mfa_reauthenticate", PAGES_PREUVE
        return "compte_proteger", PAGES_PROTECTION
    if agent.notice_vue_le is None:
        return "compte_notice", PAGES_NOTICE
    return None, set()


def _send_to(request: HttpRequest, step: str) -> HttpResponse:
    """What was being sent is kept, as after the end of a session."""
    page = request.get_full_path()
    if request.method not in {"GET", "HEAD"}:
        page = request.session[garde.SESSION_KEY]["page"] if garde.keep(request) else "/"
    address = f"{reverse(step)}?{urlencode({'next': page})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
