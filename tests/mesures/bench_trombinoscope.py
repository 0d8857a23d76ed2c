"""`script/bench trombinoscope`: the papers of the annuaire, asked of the real server, each person with their own photo.

The lists are networks of so many agents of the grande démonstration. What is judged is the processor time of the server
and of the process that composes long papers, since the machine is shared; the memory is that of each, watched all
along. Each paper has another title: nothing of the one before is of use.
"""

import io
import os
import threading
import time
import urllib.request
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from pypdf import PdfReader

from annuaire.models import Photo
from collectivites.models import Adhesion, Agent, Reseau
from tests.annuaire.faux_portraits import give_photo
from tests.mesures import Figure
from tests.mesures.accounts import accounts
from tests.mesures.server import Server, resident, serve
from tests.sessions import session_cookie

ROUNDS = 5
TARGETS = {150: 0.5, 1000: 2.0}  # seconds
MEMORY = 400  # MB


def figures() -> Iterator[Figure]:
    for size in TARGETS:
        network(size)
    cookie = "=".join(session_cookie(accounts()["secretaire"]))
    with serve() as server, watched(server) as peak:
        yield from _papers(server, cookie)
        yield Figure("mémoire au plus haut, serveur", peak[0], "Mo", most=MEMORY)
        yield Figure("mémoire au plus haut, processus de composition", peak[1], "Mo", most=MEMORY)
    for what in ("annuaire.xlsx", "annuaire.csv", "annuaire.vcf"):
        with serve() as server:
            yield from _timed(server, cookie, what, "", "tout le territoire")


def _papers(server: Server, cookie: str) -> Iterator[Figure]:
    for size, seconds in TARGETS.items():
        paper = yield from _timed(
            server, cookie, "trombinoscope.pdf", f"reseau=bench-{size}", f"{size} photos", seconds
        )
        reader = PdfReader(io.BytesIO(paper))
        yield Figure(f"trombinoscope, {size} photos : pages", len(reader.pages))
        yield Figure(f"trombinoscope, {size} photos : fichier", len(paper) / 1e6, "Mo")
        yield Figure(f"trombinoscope, {size} : photos absentes", size - _photos(reader), "", most=0)
    yield from _timed(server, cookie, "trombinoscope.pdf", "", "premier tome du territoire")
    yield from _timed(server, cookie, "telephones.pdf", "", "premier tome du territoire")


def network(size: int) -> None:
    """So many agents in office, each with a photo; those of a former run are kept."""
    reseau, _ = Reseau.objects.get_or_create(slug=f"bench-{size}", defaults={"nom": f"Mesure, {size} personnes"})
    people = Agent.objects.in_office().filter(oppose_le=None).order_by("pk")[:size]
    if Adhesion.objects.filter(reseau=reseau).count() < size:
        Adhesion.objects.bulk_create([Adhesion(reseau=reseau, agent=one) for one in people], ignore_conflicts=True)
    done = set(Photo.objects.values_list("agent", flat=True))
    for agent in people:
        if agent.pk not in done:
            give_photo(agent)


def _photos(reader: PdfReader) -> int:
    """Different pictures of the document: one drawn twice counts once."""
    found = set()
    for page in reader.pages:
        found |= {image.indirect_reference.idnum for image in page.images}
    return len(found)


def _timed(
    server: Server, cookie: str, what: str, query: str, of: str, most: float | None = None
) -> Generator[Figure, None, bytes]:
    """The medians of a few askings, the first one being put aside: it reads fonts and templates."""
    waited, spent, content = [], [], b""
    for turn in range(ROUNDS + 1):
        address = f"{server.url}/annuaire/emporter/{what}?{query}&titre=Essai+{turn}"
        began, worked = time.perf_counter(), _processor(server)
        with urllib.request.urlopen(urllib.request.Request(address, headers={"Cookie": cookie})) as answer:
            content = answer.read()
        waited.append(time.perf_counter() - began)
        spent.append(_processor(server) - worked)
        if what not in answer.url:
            raise RuntimeError(f"{what} : renvoyé vers {answer.url}")
    yield Figure(f"{what}, {of} : processeur", median(spent[1:]), "s", most=most)
    yield Figure(f"{what}, {of} : attente", median(waited[1:]), "s")
    return content


def _processor(server: Server) -> float:
    """Seconds of processor of the workers and of what they started and has ended."""
    ticks = 0
    for worker in server.pids():
        words = Path(f"/proc/{worker}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        ticks += sum(map(int, words[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def watched(server: Server) -> Iterator[list[float]]:
    """The most that a worker, then a process it starts, has held, in MB, read fifty times a second."""
    peak, over = [0.0, 0.0], threading.Event()

    def watch() -> None:
        while not over.wait(0.02):
            for worker in server.pids():
                peak[0] = max(peak[0], _resident(worker))
                peak[1] = max([peak[1], *map(_resident, filter(_composes, _children(worker)))])

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()


def _children(pid: int) -> list[int]:
    """Of all its threads; one that has just ended has none."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += map(int, task.read_text(encoding="ascii").split())
        except OSError:
            continue
    return found


def _composes(pid: int) -> bool:
    """Not the copy of the server that a process is before it becomes another program."""
    try:
        return b"pdf_apart" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def _resident(pid: int) -> float:
    try:
        return resident(pid)
    except OSError:
        return 0.0
