"""What every page shows of the notifications."""

from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, object]:
    return {"nb_non_lues": 0}
