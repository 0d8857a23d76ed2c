"""Where a form came from: one of our pages, or nothing. An address of ours cannot lead elsewhere."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def is_ours(target: str) -> bool:
    """A path of this site: « //ailleurs » is another one."""
    return target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)


def page_of(request: HttpRequest, otherwise: str = "") -> str:
    """The page that the browser says it comes from, else another."""
    came = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
    target = came.path + (f"?{came.query}" if came.query else "")
    return target if came.netloc == request.get_host() and is_ours(target) else otherwise


def next_of(request: HttpRequest, otherwise: str) -> str:
    """The page that the form says to go back to, else another."""
    target = request.POST.get("next", "")
    return target if is_ours(target) else otherwise
