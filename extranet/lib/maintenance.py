"""Closing the site for a while: a file named `maintenance` in DATA_DIR, and every page says when it comes back.

Its first line may give the time of return (« 2026-10-08T14:00 », Paris), its second a telephone number. Neither the
database nor the sessions are touched: both may be what is being worked on.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

RETRY_AFTER = "300"


def marker() -> Path:
    return Path(settings.DATA_DIR) / "maintenance"


def return_time(line: str) -> datetime | None:
    """The time written in the file; None when there is none, or when it cannot be read."""
    try:
        moment = datetime.fromisoformat(line.strip())
    except ValueError:
        return None
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def unavailable(lines: list[str] | None = None) -> HttpResponse:
    """The 503 page, which needs nothing but its template."""
    back, telephone, *_ = [*(lines or []), "", ""]
    html = render_to_string("503.html", {"retour": return_time(back), "telephone": telephone.strip()})
    return HttpResponse(html, status=503, headers={"Retry-After": RETRY_AFTER, "Cache-Control": "no-store"})


class MaintenanceMiddleware:
    """Answers for every page while the file is there; static files are served before it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            lines = marker().read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            lines = None  # the page is served outside, or each of its refusals would be told as a missing file
        return self.get_response(request) if lines is None else unavailable(lines)
