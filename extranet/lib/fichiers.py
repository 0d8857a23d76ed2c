"""Answering with a private file: asked for again each time, kept by its reader alone, sent in pieces if asked."""

import re
from typing import IO

from django.core.files import File
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, quote_etag

# What a browser may show by itself. Anything else is downloaded: HTML or SVG shown from our address would be our page.
SHOWN = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "avif": "image/avif",
}
# No file is larger than eighteen digits say; a longer number is not a piece that anybody can ask for.
RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
# Pieces are asked for by GET alone (RFC 9110 §14.2); HEAD says what GET would answer.
EN_MORCEAUX = frozenset({"GET", "HEAD"})
OUTSIDE = (0, 0)
NOTHING = "default-src 'none'; frame-ancestors 'self'"


class Morceau:
    """`length` bytes of an open file, from where it stands."""

    def __init__(self, file: IO[bytes], length: int) -> None:
        self.file, self.left = file, length

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(self.left if size < 0 else min(size, self.left))
        self.left -= len(data)
        return data

    def close(self) -> None:
        self.file.close()


def file_response(
    request: HttpRequest, file: File, *, name: str, etag: str, content_type: str = "application/octet-stream"
) -> HttpResponse:
    """The file under `name`, shown when browsers show its kind safely, else downloaded.

    `etag` changes with the content. 304 when the reader has it, 206 for one range, 416 for a range out of the file;
    what a POST asks for is always whole, so that a view which counts its 200 counts every file that left.
    Raises FileNotFoundError when the storage has lost it.
    """
    kind = SHOWN.get(name.rpartition(".")[2].lower())
    etag = quote_etag(etag)
    size = file.size
    whole = HttpResponse()
    whole["ETag"] = etag
    known = get_conditional_response(request, etag=etag, response=whole)
    if known is not whole:
        return _with_headers(known, etag, kind)
    span = _asked_span(request, etag, size)
    if span == OUTSIDE:
        return _with_headers(HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"}), etag, kind)
    start, stop = span or (0, size)
    response = HttpResponse() if request.method == "HEAD" else FileResponse(_opened(file, start, stop))
    response["Content-Type"] = kind or content_type
    response["Content-Disposition"] = content_disposition_header(kind is None, name)
    response["Content-Length"] = stop - start
    if span is not None:
        response.status_code = 206
        response["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    response = _with_headers(response, etag, kind)
    if request.method not in EN_MORCEAUX:
        response["Accept-Ranges"] = "none"
    return response


def _opened(file: File, start: int, stop: int) -> IO[bytes]:
    stream = file.open("rb")
    if (start, stop) == (0, file.size):
        return stream
    stream.seek(start)
    return Morceau(stream, stop - start)


def _asked_span(request: HttpRequest, etag: str, size: int) -> tuple[int, int] | None:
    """First byte and the one after the last; None for the whole file, OUTSIDE for a span that lies beyond it.

    Several spans at once are answered by the whole file, as RFC 9110 §14.2 allows.
    """
    asked = RANGE.fullmatch(request.headers.get("Range", "")) if request.method in EN_MORCEAUX else None
    if asked is None or not size or request.headers.get("If-Range", etag) != etag or asked.groups() == ("", ""):
        return None
    first, last = asked.groups()
    if not first:
        start, stop = max(size - int(last), 0), size
    else:
        start, stop = int(first), min(int(last) + 1 if last else size, size)
    return (start, stop) if start < stop else OUTSIDE


def _with_headers(response: HttpResponse, etag: str, kind: str | None) -> HttpResponse:
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "private, no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    # A sandbox would also forbid the browser's own PDF reader.
    response["Content-Security-Policy"] = NOTHING if kind == "application/pdf" else f"{NOTHING}; sandbox"
    return response


def why_unreadable(error: OSError) -> str:
    """Why a file that a command was given does not open, in words: the system says it in English."""
    words = {
        FileNotFoundError: "il n’existe pas à cet endroit",
        IsADirectoryError: "c’est un dossier",
        PermissionError: "ce compte n’a pas le droit de le lire",
    }
    return next((said for kind, said in words.items() if isinstance(error, kind)), "le disque ne répond pas")
