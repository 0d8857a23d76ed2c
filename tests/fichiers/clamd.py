"""A clamd on a real socket of this machine: the INSTREAM command as clamd(8) describes it, with its limit."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from extranet.lib.extraction.signatures import EICAR

MAX_STREAM = 1024 * 1024


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        if self.rfile.read(10) != b"zINSTREAM\0":
            self.wfile.write(b"UNKNOWN COMMAND\0")
            return
        content = b""
        while size := int.from_bytes(self._exactly(4), "big"):
            content += self._exactly(size)
            if len(content) > MAX_STREAM:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.seen.append(content)
        self.wfile.write(self.server.answer or self._found(content))

    def _exactly(self, size: int) -> bytes:
        data = self.rfile.read(size)
        if len(data) != size:
            raise ConnectionError("cut")
        return data

    def _found(self, content: bytes) -> bytes:
        return b"stream: Eicar-Signature FOUND\0" if EICAR in content else b"stream: OK\0"


class _OverTcp(socketserver.ThreadingTCPServer):
    allow_reuse_address, daemon_threads = True, True


class _OverFile(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


@contextmanager
def clamd(path: Path | None = None, *, answer: bytes = b"") -> Iterator[tuple[str, list[bytes]]]:
    """Its address, for CLAMD_ADDRESS, and the contents it was given. `answer` in place of the true one."""
    server = _OverFile(str(path), _Conversation) if path else _OverTcp(("127.0.0.1", 0), _Conversation)
    server.seen, server.answer = [], answer
    listener = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    listener.start()
    try:
        yield str(path) if path else f"127.0.0.1:{server.server_address[1]}", server.seen
    finally:
        server.shutdown()
        listener.join()
        server.server_close()
