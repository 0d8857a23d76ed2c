"""Headers of every answer: what the browser may load, keep and tell.

The site has a strict policy with a nonce. Wagtail's admin still has inline scripts: there, and only there,
`unsafe-inline` is allowed, without a nonce, since a nonce would cancel it.
"""

import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

COMMON = "object-src 'none'; base-uri 'none'; frame-ancestors 'self'; form-action 'self'; connect-src 'self'"
SITE = (
    "default-src 'none'; script-src 'self'{nonce}; style-src 'self'{nonce}; font-src 'self'; "
    "img-src 'self' data:; frame-src 'self'; manifest-src 'self'; "
)
ADMIN = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "font-src 'self' data:; img-src 'self' data: blob:; frame-src 'self' blob:; worker-src 'self' blob:; "
)
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"


class EntetesMiddleware:
    """Content-Security-Policy, Permissions-Policy and Cache-Control; `request.csp_nonce` is made when first read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        made: list[str] = []

        def nonce() -> str:
            if not made:
                made.append(secrets.token_urlsafe(16))
            return made[0]

        request.csp_nonce = SimpleLazyObject(nonce)
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        if "Content-Security-Policy" not in response.headers:
            response.headers["Content-Security-Policy"] = policy(request.path, made[0] if made else "")
        if response.headers.get("Content-Type", "").startswith("text/html"):
            # Pages hold personal data: a shared PC must not show them again after logout.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


def policy(path: str, nonce: str) -> str:
    """The policy of the page at `path`; `nonce` only when the page asked for one."""
    if path.startswith("/admin/"):
        return ADMIN + COMMON
    return SITE.format(nonce=f" 'nonce-{nonce}'" if nonce else "") + COMMON
