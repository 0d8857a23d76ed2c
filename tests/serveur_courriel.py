"""A real mail server in its own process, that one may stop, slow down, and break by writing to certain addresses.

`refuse@…` is refused for good (550), `plus-tard@…` for now (451), `cher@…` is refused after the dot (554), `coupe@…`
cuts the line before the dot, `muet@…` takes the mail and cuts the line without saying so. What it takes is written on
the disk, then it waits `delay` seconds before it answers: the moment when a sender that dies leaves a doubt.
"""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from email import message_from_bytes
from pathlib import Path
from types import TracebackType

from aiosmtpd.smtp import SMTP, Envelope, Session


class Boite:
    """The handler of aiosmtpd: decides, and writes down."""

    def __init__(self, register: Path, delay: float) -> None:
        self.register, self.delay = register, delay

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        user = address.split("@")[0].split("+")[0]
        if user == "coupe":
            server.transport.abort()
        if user == "refuse":
            return "550 5.1.1 Personne a ce nom"
        if user == "plus-tard":
            return "451 4.7.1 Revenez plus tard"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        user = envelope.rcpt_tos[0].split("@")[0].split("+")[0]
        if user == "cher":
            return "554 5.7.1 Refuse apres lecture"
        headers = message_from_bytes(envelope.content)
        line = {
            "id": headers["Message-ID"],
            "a": envelope.rcpt_tos[0],
            "quand": time.time(),
            "octets": len(envelope.content),
        }
        with self.register.open("a") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())
        await asyncio.sleep(self.delay)
        if user == "muet":
            server.transport.abort()
        return "250 OK"


async def _serve(port: int, register: Path, delay: float) -> None:
    handler = Boite(register, delay)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, hostname="essai.example"), "127.0.0.1", port)
    async with server:
        await server.serve_forever()


class ServeurCourriel:
    """`with ServeurCourriel(folder) as server: …`; `stop` and `start` as often as needed, on the same port."""

    def __init__(self, folder: Path, *, delay: float = 0.0, port: int = 0) -> None:
        self.register = folder / "recus.jsonl"
        self.register.touch()
        self.delay = delay
        self.port = port or _free_port()
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.serveur_courriel", str(self.port), str(self.register), str(self.delay)]
        self.process = subprocess.Popen(command)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError("Le serveur de courriel n’a pas démarré.")

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(timeout=10)
            self.process = None

    def received(self) -> list[dict]:
        return [json.loads(line) for line in self.register.read_text().splitlines()]

    def copies(self) -> Counter[str]:
        """How many times each Message-ID was taken."""
        return Counter(line["id"] for line in self.received())

    def __enter__(self) -> "ServeurCourriel":
        self.start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])))
