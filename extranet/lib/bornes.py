"""What a request may hold, bounded in one place: databases refuse very long numbers, and U+0000, each in its way."""

import re
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.views.defaults import page_not_found

CHIFFRES = 18  # below 2**63, the largest integer that SQLite and PostgreSQL hold
_NO_NUMBER = re.compile(r"expected a number but got|invalid literal for int\(\)")
ADMIN = "/admin/"
NUL_ECRIT, REMPLACANT = "%00", "\ufffd"
RECHERCHE = "q"  # where a person may type anything


class BornesMiddleware:
    """404 for an address that names a number or a sign that nothing can have.

    After the path, in the admin only: the lists of the site take any value, and say what they make of it. No keyboard
    types U+0000, which PostgreSQL refuses: in what is asked and sent there it becomes U+FFFD, as in the HTML standard.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = []
        if request.path_info.startswith(ADMIN):
            asked = [value for name, values in request.GET.lists() if name != RECHERCHE for value in values]
        if any("\x00" in value or _is_too_long(value) for value in [*request.path_info.split("/"), *asked]):
            raise Http404
        if not request.path_info.startswith(ADMIN) and NUL_ECRIT in request.META.get("QUERY_STRING", ""):
            request.GET = without_nul(request.GET)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., HttpResponse], *_: object) -> None:
        """Where the check of CSRF has read the form: a view without it may still read what it receives by itself."""
        if request.method != "POST" or getattr(view, "csrf_exempt", False):
            return
        if any("\x00" in value for _name, values in request.POST.lists() for value in values):
            request.POST = without_nul(request.POST)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Wagtail's own screens read some numbers of the address as they come: « ² », « abc »."""
        if request.method != "GET" or not request.path_info.startswith(ADMIN):
            return None
        named = isinstance(exception, ValueError) and _NO_NUMBER.search(str(exception))
        return page_not_found(request, exception) if named else None


def without_nul(given: QueryDict) -> QueryDict:
    """An address inside another is read after the check of the outer one: who reads it asks for this."""
    clean = QueryDict(mutable=True, encoding=given.encoding)
    for name, values in given.lists():
        clean.setlist(name.replace("\x00", REMPLACANT), [value.replace("\x00", REMPLACANT) for value in values])
    clean._mutable = False
    return clean


def _is_too_long(value: str) -> bool:
    digits = value.strip().lstrip("+-")
    return len(digits) > CHIFFRES and digits.isdecimal()
