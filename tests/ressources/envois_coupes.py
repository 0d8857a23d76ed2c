"""An upload cut by the network, as a server sees it."""

import socket
import struct
import time
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

FRONTIER, TOKEN = "frontiere", "a" * 32
HEAD = (
    f'--{FRONTIER}\r\nContent-Disposition: form-data; name="fichiers"; filename="note.txt"\r\n'
    "Content-Type: text/plain\r\n\r\n"
).encode()
TAIL = f'\r\n--{FRONTIER}\r\nContent-Disposition: form-data; name="fin"\r\n\r\n1\r\n--{FRONTIER}--\r\n'.encode()
# No wait at the close: the other side is told that the line broke.
AT_ONCE = struct.pack("ii", 1, 0)


def _head(netloc: str, path: str, cookie: str, announced: int) -> bytes:
    return (
        f"POST {path} HTTP/1.1\r\nHost: {netloc}\r\nCookie: {cookie}; {settings.CSRF_COOKIE_NAME}={TOKEN}\r\n"
        f"X-CSRFToken: {TOKEN}\r\nHX-Request: true\r\nContent-Length: {announced}\r\nConnection: close\r\n"
        f"Content-Type: multipart/form-data; boundary={FRONTIER}\r\n\r\n"
    ).encode()


def begin(url: str, path: str, cookie: str, *, announced: int, sent: bytes, broken: bool = False) -> str:
    """Sends the beginning of a request, then hangs up; what the server said, unless the line is `broken`."""
    where = urlsplit(url)
    with socket.create_connection((where.hostname, where.port)) as line:
        line.sendall(_head(where.netloc, path, cookie, announced) + sent)
        if broken:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
            return ""
        if announced > len(sent):
            line.shutdown(socket.SHUT_WR)
        line.settimeout(60)
        # The answer comes once all that was sent has been read.
        answer = b""
        while heard := line.recv(65_536):
            answer += heard
    return answer.decode("utf-8", "replace")


def arrives_then_breaks(url: str, path: str, cookie: str, sent: bytes) -> None:
    """The beginning of a request; once a file of it lies on the disk, the line breaks."""
    where = urlsplit(url)
    with socket.create_connection((where.hostname, where.port)) as line:
        line.sendall(_head(where.netloc, path, cookie, 2 * len(sent)) + sent)
        waited = time.monotonic() + 10
        while not arriving():
            assert time.monotonic() < waited, "nothing arrives"
            time.sleep(0.05)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)


def send_whole(url: str, path: str, cookie: str, content: bytes) -> str:
    """The same request to its end."""
    body = HEAD + content + TAIL
    return begin(url, path, cookie, announced=len(body), sent=body)


def arriving() -> list[Path]:
    return list(Path(settings.FILE_UPLOAD_TEMP_DIR).glob("*.upload*"))
