"""Files as answers: papers that are read, workbooks that are taken."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
ICS = "text/calendar; charset=utf-8"


def download(content: bytes, name: str, content_type: str) -> HttpResponse:
    """Names of people: no cache keeps it."""
    return _file(content, name, content_type, joined=True, cache="private, no-store")


def as_pdf(content: bytes, name: str) -> HttpResponse:
    """Shown by the browser, asked for again each time."""
    return _file(content, name, "application/pdf", joined=False, cache="private, no-cache")


def _file(content: bytes, name: str, content_type: str, *, joined: bool, cache: str) -> HttpResponse:
    headers = {"Content-Disposition": content_disposition_header(joined, name), "Cache-Control": cache}
    return HttpResponse(content, content_type=content_type, headers=headers)
