"""The real server, gunicorn as in service, for what is measured or looked at from outside."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Server:
    url: str
    process: subprocess.Popen

    def pids(self) -> list[int]:
        """gunicorn's workers, which do the work; the arbiter only watches them."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        return [int(pid) for pid in children.split()]

    def memory(self) -> float:
        """Resident memory of the largest worker, in MB (10⁶ bytes)."""
        return max(resident(pid) for pid in self.pids())


def resident(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_ready(url: str, process: subprocess.Popen, seconds: int = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"Le serveur s’est arrêté avec le code {process.returncode}.")
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"Le serveur n’a pas répondu en {seconds} s.")


@contextmanager
def serve(*, threads: int = 8, workers: int = 1, **environment: str) -> Iterator[Server]:
    """Starts gunicorn with this process's environment and settings, stops it at the end."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "extranet.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--worker-class", "gthread", "--threads", str(threads), "--workers", str(workers)]
    process = subprocess.Popen([*command, "--log-level", "warning"], env={**os.environ, **environment})
    server = Server(f"http://localhost:{port}", process)
    try:
        wait_until_ready(f"{server.url}/sante/", process)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(timeout=40)  # gunicorn lets requests end for thirty seconds
        except subprocess.TimeoutExpired:
            process.kill()
