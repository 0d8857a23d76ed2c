"""500 people signed in, one session that opens, sixty seconds: the real form, by the real server, on PostgreSQL."""

import http.client
import json
import os
import random
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from html import unescape
from statistics import median, quantiles
from urllib.parse import urlencode, urlsplit

from tests.mesures import Figure
from tests.mesures.server import serve

PEOPLE, SECONDS = int(os.environ.get("BENCH_FOULE", "500")), float(os.environ.get("BENCH_FOULE_SECONDES", "60"))
TURNS = 5
WORK = [sys.executable, "-m", "tests.mesures.inscription.portes"]
GRAINE = 20261123
TAKEN = 422
HIDDEN = r'type="hidden" name="([^"]+)" value="([^"]*)"'


def figures(environment: dict[str, str]) -> Iterator[Figure]:
    """Five openings of five sessions by the same people."""
    ready = json.loads(_run(environment, "prepare", str(PEOPLE), str(TURNS)))
    extra = {"DATABASE_URL": environment["DATABASE_URL"]}
    p95, codes = [], Counter()
    with serve(threads=8, workers=2, **extra) as server:
        for page in ready["pages"]:
            times, statuses = _opening(server.url, page, ready)
            p95.append(quantiles(times, n=20)[-1] * 1000)
            codes += statuses
    found = json.loads(_run(environment, "count"))
    yield Figure("ouverture : personnes, réponses", PEOPLE, "")
    yield Figure(
        "ouverture : réponses en erreur", sum(n for code, n in codes.items() if code not in (200, 302)), "", most=0
    )
    yield Figure("ouverture : p95, médiane des essais", median(p95), "ms", most=1000)
    yield Figure("ouverture : inscriptions écrites", found["inscriptions"], "", least=PEOPLE * TURNS)
    yield Figure("ouverture : places en trop", found["en_trop"], "", most=0)


def _opening(url: str, page: str, ready: dict) -> tuple[list[float], Counter]:
    """Each one comes at a moment of theirs, reads the page, and asks; what is timed is each of their two answers."""
    dice, times, codes = random.Random(GRAINE), [], Counter()

    def come(cookie: str, person: str, wait: float) -> None:
        time.sleep(wait)
        began = time.perf_counter()
        try:
            html = _page(url, page, cookie)
            read = time.perf_counter()
            code, html = _ask(url, page, cookie, html, person, ready["csrf"])
            if code == TAKEN:  # the last seat went while they read: told so, they send again to wait for one
                code, _ = _ask(url, page, cookie, html, person, ready["csrf"])
            times.extend((read - began, time.perf_counter() - read))
        except (OSError, RuntimeError, http.client.HTTPException):
            code = 0
        codes[code] += 1

    crowd = [
        threading.Thread(target=come, args=(cookie, person, dice.random() * SECONDS))
        for cookie, person in zip(ready["cookies"], ready["personnes"], strict=True)
    ]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    return times or [0.0, 0.0], codes


def _page(url: str, path: str, cookie: str) -> str:
    status, body = _send(url, "GET", path, cookie)
    if status != 200:
        raise RuntimeError(f"{path} : {status}")
    return body


def _ask(url: str, page: str, cookie: str, html: str, person: str, csrf: str) -> tuple[int, str]:
    """The form of the page as it is, this person ticked."""
    fields = {name: unescape(value) for name, value in re.findall(HIDDEN, html)}
    path, _, number = page.partition("?session=")
    data = fields | {"session": number, "personnes": person, "repas": "oui", "covoiturage": ""}
    token = f"{cookie}; {csrf}={fields.get('csrfmiddlewaretoken', '')}"
    return _send(url, "POST", f"{path}inscrire/", token, urlencode(data))


def _send(url: str, method: str, path: str, cookie: str, body: str | None = None) -> tuple[int, str]:
    port = urlsplit(url).port
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    origin = f"http://localhost:{port}"
    headers = {"Cookie": cookie, "Host": f"localhost:{port}", "Origin": origin, "Referer": origin + path}
    if body is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    text = answer.read().decode("utf-8", "replace")
    connection.close()
    return answer.status, text


def _run(environment: dict[str, str], *args: str) -> str:
    done = subprocess.run([*WORK, *args], env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.splitlines()[-1]
