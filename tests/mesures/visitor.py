"""Visitors for measures: pages fetched over kept connections, and what each took."""

import http.client
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median, quantiles
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Load:
    """What a burst of requests gave: seconds each took, and in all."""

    times: list[float]
    elapsed: float

    @property
    def per_second(self) -> float:
        return len(self.times) / self.elapsed

    @property
    def p50(self) -> float:
        """Milliseconds."""
        return median(self.times) * 1000

    @property
    def p95(self) -> float:
        """Milliseconds."""
        return quantiles(self.times, n=20)[-1] * 1000


def fetch(connection: http.client.HTTPConnection, path: str, cookie: str) -> int:
    connection.request("GET", path, headers={"Cookie": cookie, "Host": f"localhost:{connection.port}"})
    response = connection.getresponse()
    response.read()
    return response.status


def burst(url: str, paths: Iterable[str], cookie: str, *, visitors: int = 4) -> Load:
    """Each of `visitors` threads fetches its share of `paths`; any answer but 200 stops the measure."""
    todo = list(paths)
    shares = [todo[start::visitors] for start in range(visitors)]
    times: list[float] = []
    faults: list[str] = []
    address = urlsplit(url)

    def visit(share: list[str]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", address.port, timeout=60)
        for path in share:
            started = time.perf_counter()
            status = fetch(connection, path, cookie)
            times.append(time.perf_counter() - started)
            if status != 200:
                faults.append(f"{path} : {status}")
                return
        connection.close()

    threads = [threading.Thread(target=visit, args=(share,)) for share in shares if share]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise RuntimeError("Pages en défaut : " + ", ".join(faults))
    return Load(times, time.perf_counter() - started)
