"""A form sent after the session ended, or with an old CSRF token, is kept and comes back filled after login.

It is kept in the visitor's session, for the person whose signed key the form carries (`collectivites/cles.py`), and
only when the form came from our own pages: another site cannot leave words to be sent by mistake.
"""

import time
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware as DjangoLoginRequired
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from collectivites import cles
from extranet.lib.provenance import page_of

SESSION_KEY, LIFETIME, MAX_CHARS = "formulaire_garde", 12 * 3600, 200_000
NEVER_KEPT = {"csrfmiddlewaretoken", cles.CHAMP}
PRIVE = "prive_"  # begins the name of a field that is too private to wait in a session


class LoginRequiredMiddleware(DjangoLoginRequired):
    """Closed by default; what an anonymous visitor was sending is kept before the way to the login page."""

    def handle_no_permission(self, request: HttpRequest, view_func: object) -> HttpResponse:
        kept = request.method == "POST" and keep(request)
        if request.headers.get("HX-Request"):
            # A fragment would show the login page in the middle of the page: the whole page goes there.
            return HttpResponse(headers={"HX-Redirect": _login_url(request, kept=kept)})
        if kept:
            return redirect(_login_url(request))
        return super().handle_no_permission(request, view_func)


def keep(request: HttpRequest) -> bool:
    """Keeps the fields of this POST for the person who opened the form. False when there is nothing safe to keep."""
    # Whatever its age: it says whose words these are, and they are sent again with another.
    key = cles.read(request.POST.get(cles.CHAMP, ""), max_age=None)
    if key is None or not _is_ours(request):
        return False
    fields = {
        name: values
        for name, values in request.POST.lists()
        if name not in NEVER_KEPT
        and not name.startswith(PRIVE)
        and "password" not in name
        and "mot_de_passe" not in name
    }
    if sum(len(value) for values in fields.values() for value in values) > MAX_CHARS:
        return False
    request.session[SESSION_KEY] = {
        "page": page_of(request, request.get_full_path()),
        "agent": key.agent,
        "champs": fields,
        "fichiers": sorted(request.FILES),
        "a": int(time.time()),
    }
    return True


def form_data(request: HttpRequest) -> QueryDict | None:
    """What a form of this page is bound to: what was just sent, else what was kept for this person, else nothing.

    `form = InvitationForm(form_data(request))`, then `if request.method == "POST" and form.is_valid()`.
    """
    if request.method == "POST":
        return request.POST
    kept = take(request)
    if kept is not None:
        messages.success(
            request, "Votre message est revenu. Relisez-le, puis envoyez-le\u00a0: rien n’est encore parti."
        )
    return kept


def take(request: HttpRequest) -> QueryDict | None:
    """The fields kept for this page and this person, once; None when there are none."""
    kept = request.session.get(SESSION_KEY)
    if not kept or not request.user.is_authenticated:
        return None
    if kept["agent"] != request.user.pk or time.time() - kept["a"] > LIFETIME:
        del request.session[SESSION_KEY]
        return None
    if _asked(kept["page"]) != _asked(request.get_full_path()):
        return None
    del request.session[SESSION_KEY]
    fields = QueryDict(mutable=True)
    for name, values in kept["champs"].items():
        fields.setlist(name, values)
    return fields


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """An old token: back to the form, filled. Anything else: a page that says what to do."""
    if request.method == "POST" and keep(request):
        if request.user.is_authenticated:
            return redirect(page_of(request, request.get_full_path()))
        return redirect(_login_url(request))
    return render(request, "403_csrf.html", status=403)


def _login_url(request: HttpRequest, *, kept: bool = True) -> str:
    way_back = {"next": page_of(request, request.get_full_path())}
    return f"{reverse('account_login')}?{urlencode(way_back | ({'garde': 1} if kept else {}))}"


def _is_ours(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    return urlsplit(origin).netloc == request.get_host()


def _asked(address: str) -> tuple:
    """What an address asks for: on the way through the login page a « + » may have become « %20 »."""
    parts = urlsplit(address)
    return parts.path, parse_qsl(parts.query, keep_blank_values=True)
