"""The confined process, seen from who starts it: little memory, a time, a bounded answer."""

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore

_MEGABYTE = 1024 * 1024
# A million characters in UTF-8, and what goes with them.
MAX_ANSWER = 5 * _MEGABYTE
_BOOT = Path(__file__).with_name("demarrage.py")
# Two bombs at once may take two gigabytes: the others wait their turn.
_PLACES = BoundedSemaphore(2)


class Echec(Exception):
    """The process gave no whole answer. `trop_long`: its time or its processor time was up."""

    def __init__(self, reason: str, answer: bytes = b"", *, trop_long: bool = False) -> None:
        super().__init__(reason)
        self.answer, self.trop_long = answer, trop_long


@dataclass(frozen=True)
class Limites:
    """Memory and size of a written file in bytes, processor time in seconds, number of open files."""

    memoire: int = 1024 * _MEGABYTE
    cpu: int = 10
    fichier: int = _MEGABYTE
    ouverts: int = 64

    def arguments(self) -> list[str]:
        return [str(value) for value in (self.memoire, self.cpu, self.fichier, self.ouverts)]


def run(
    program: str,
    *arguments: str,
    seconds: float,
    limites: Limites = Limites(),  # noqa: B008 frozen
    environment: Mapping[str, str] | None = None,
) -> bytes:
    """What a module of `lecteurs`, or the program at that absolute path, writes on its output. Raises Echec."""
    command = [sys.executable, "-I", str(_BOOT), *limites.arguments(), program, *arguments]
    with _place(seconds), _started(command, environment or {}) as process:
        deadline = time.monotonic() + seconds
        answer, complete = _answer(process, deadline)
        complete = complete and _has_ended(process, deadline)
    if not complete:
        raise Echec("temps ou réponse dépassés", answer, trop_long=True)
    if process.returncode:
        raise Echec(
            f"code {process.returncode}", answer, trop_long=process.returncode in (-signal.SIGXCPU, -signal.SIGKILL)
        )
    return answer


@contextmanager
def _place(seconds: float) -> Iterator[None]:
    if not _PLACES.acquire(timeout=4 * seconds):
        raise Echec("file d’attente", trop_long=True)
    try:
        yield
    finally:
        _PLACES.release()


@contextmanager
def _started(command: list[str], environment: Mapping[str, str]) -> Iterator[subprocess.Popen]:
    """In a session of its own: whatever it starts ends with it."""
    process = subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"LANG": "C.UTF-8", **environment},
        start_new_session=True,
        cwd="/",
    )
    with process:
        try:
            yield process
        finally:
            # Not yet waited for: its number is still its own, even if it has ended.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)


def _has_ended(process: subprocess.Popen, deadline: float) -> bool:
    """It may close its output and go on."""
    handle = os.pidfd_open(process.pid)
    try:
        with selectors.DefaultSelector() as selector:
            selector.register(handle, selectors.EVENT_READ)
            return bool(selector.select(max(0, deadline - time.monotonic())))
    finally:
        os.close(handle)


def _answer(process: subprocess.Popen, deadline: float) -> tuple[bytes, bool]:
    """What was written, and whether it ended by itself, within time and size."""
    answer = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while len(answer) <= MAX_ANSWER:
            if not selector.select(max(0, deadline - time.monotonic())):
                return bytes(answer), False
            chunk = os.read(process.stdout.fileno(), 65_536)
            if not chunk:
                return bytes(answer), True
            answer += chunk
    return bytes(answer[:MAX_ANSWER]), False
