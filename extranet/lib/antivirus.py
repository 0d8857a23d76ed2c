"""ClamAV, asked over its own socket (clamd, INSTREAM command): off until CLAMD_ADDRESS says where it listens.

The protocol is five lines long (clamd(8), « COMMANDS »); no library earns its place for it.
"""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from django.conf import settings

SAIN, INFECTE, INJOIGNABLE = "sain", "infecte", "injoignable"
_CONNECT_SECONDS = 3
# Between two answers, not in all: a large archive takes clamd some ten seconds.
_ANSWER_SECONDS = 30
_CHUNK = 256 * 1024
_MAX_ANSWER = 4_096
_FOUND = re.compile(r"^stream: (.+) FOUND$")


@dataclass(frozen=True)
class Verdict:
    """`etat`: sain, infecte (`nom` is the virus's), injoignable (`motif` for who runs the server: try again later)."""

    etat: str
    nom: str = ""
    motif: str = ""


def is_active() -> bool:
    return bool(settings.CLAMD_ADDRESS)


def scan(fichier: IO[bytes]) -> Verdict:
    """Have the whole file looked at; it is left at its beginning. Never raises for clamd's sake.

    Call it only when `is_active()`: without an address the answer is injoignable.
    """
    if not is_active():
        return Verdict(INJOIGNABLE, motif="Aucun antivirus n’est réglé (CLAMD_ADDRESS est vide).")
    fichier.seek(0)
    try:
        with _connected() as line:
            return _verdict(_asked(line, fichier))
    except (OSError, ValueError) as error:
        return Verdict(INJOIGNABLE, motif=f"L’antivirus ne répond pas à {settings.CLAMD_ADDRESS}\u00a0: {error}.")
    finally:
        fichier.seek(0)


@contextmanager
def _connected() -> Iterator[socket.socket]:
    address = settings.CLAMD_ADDRESS
    if address.startswith("/"):
        line, target = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM), address
    else:
        host, _, port = address.rpartition(":")
        target = host.strip("[]"), int(port)
        line = socket.socket(socket.AF_INET6 if ":" in target[0] else socket.AF_INET, socket.SOCK_STREAM)
    with line:
        line.settimeout(_CONNECT_SECONDS)
        line.connect(target)
        line.settimeout(_ANSWER_SECONDS)
        yield line


def _asked(line: socket.socket, fichier: IO[bytes]) -> str:
    """Pieces, each after its length; an empty one ends. clamd may answer and hang up before the end: past its limit."""
    try:
        line.sendall(b"zINSTREAM\0")
        while chunk := fichier.read(_CHUNK):
            line.sendall(len(chunk).to_bytes(4, "big") + chunk)
        line.sendall(bytes(4))
    except (BrokenPipeError, ConnectionResetError):
        return _answer(line) or "raccroché"
    return _answer(line)


def _answer(line: socket.socket) -> str:
    answer = b""
    while len(answer) < _MAX_ANSWER and b"\0" not in answer:
        try:
            piece = line.recv(_MAX_ANSWER)
        except ConnectionResetError:
            break
        if not piece:
            break
        answer += piece
    return answer.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _verdict(answer: str) -> Verdict:
    """Anything but a clear answer leaves the file waiting."""
    if answer == "stream: OK":
        return Verdict(SAIN)
    if found := _FOUND.match(answer):
        return Verdict(INFECTE, nom=found[1])
    if "size limit exceeded" in answer:
        return Verdict(
            INJOIGNABLE, motif="Le fichier dépasse la limite de l’antivirus (StreamMaxLength de clamd.conf)."
        )
    return Verdict(INJOIGNABLE, motif=f"L’antivirus a répondu «\u00a0{answer or 'rien'}\u00a0».")
