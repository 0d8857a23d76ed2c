"""Numbers of addresses, bounded in one place: a database refuses the longest ones with an error, each in its way."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

CHIFFRES = 18  # below 2**63, the largest integer that SQLite and PostgreSQL hold
RECHERCHE = "q"  # where a person may type any number


class BornesMiddleware:
    """404 for an address that names, in its path or after it, a number that nothing can have."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = [value for name, values in request.GET.lists() if name != RECHERCHE for value in values]
        if any(_is_too_long(value) for value in [*request.path_info.split("/"), *asked]):
            raise Http404
        return self.get_response(request)


def _is_too_long(value: str) -> bool:
    digits = value.strip().lstrip("+-")
    return len(digits) > CHIFFRES and digits.isdecimal()
