"""`script/bench ressources`: the list of 20 000 documents, readings by type of file, deposits through the real views.

The list is served by gunicorn beside an empty Wagtail page, in turn, so that what the machine does meanwhile weighs on
both alike. A library that is there already is completed: a second run does not write it again.
"""

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

from django.test import Client

from collectivites.models import Theme
from extranet.lib.extraction import processus, read_text
from extranet.lib.extraction.lecture import _MODULES as LECTEURS
from extranet.lib.extraction.processus import Limites
from home.models import PageStandard
from ressources.enums import EtatDepot
from ressources.models import RessourcePage, TypeRessource
from tests.fichiers import bureau, documents
from tests.fichiers.bons import GOOD
from tests.mesures import Figure
from tests.mesures.accounts import accounts
from tests.mesures.bench_pages import PROBE, queries
from tests.mesures.server import serve
from tests.mesures.visitor import Load, burst
from tests.ressources.deposes import Deposant
from tests.ressources.grande import MOTS, make_many
from tests.sessions import open_session, session_cookie

DOCUMENTS, DEPOTS, READINGS, ROUNDS, REQUESTS = 20_000, 200, 5, 5, 12
PESEE = str(Path(__file__).with_name("pesee.py"))
PARAGRAPHS = 400
LISTES = {
    "liste": "/ressources/",
    "liste, dernière page": "/ressources/?page=900",
    "liste, deux filtres": "/ressources/?modele=1&fiabilite=a_jour",
    "liste, les plus utiles": "/ressources/?tri=utilite",
    "liste, deux mots": "/ressources/?q=r%C3%A8glement+cimeti%C3%A8re",
    "liste, un mot et un filtre": "/ressources/?q=cantine&modele=1",
    "liste, un seul document": "/ressources/?q=12345",
    "liste, mot corrigé": "/ressources/?q=reglement+cimetierre",
}


def figures() -> Iterator[Figure]:
    lacking = DOCUMENTS - RessourcePage.objects.count()
    if lacking > 0:
        make_many(lacking, accounts()["secretaire"])
    yield Figure("documents dans la boîte à outils", RessourcePage.objects.count())
    yield from _listed()
    yield from _read()
    yield from _deposited()


def _listed() -> Iterator[Figure]:
    cookie = "=".join(session_cookie(accounts()["secretaire"]))
    empty = "/vide" + PageStandard.objects.live().first().url
    loads: dict[str, list[Load]] = {name: [] for name in [PROBE, *LISTES]}
    with serve() as server, serve(DJANGO_SETTINGS_MODULE="tests.mesures.vide") as probe:
        burst(probe.url, [empty] * 8, cookie)
        burst(server.url, LISTES.values(), cookie)
        for _ in range(ROUNDS):
            loads[PROBE].append(burst(probe.url, repeat(empty, REQUESTS), cookie, visitors=1))
            for name, path in LISTES.items():
                loads[name].append(burst(server.url, repeat(path, REQUESTS), cookie, visitors=1))
    least = median(load.p95 for load in loads[PROBE])
    for name, found in loads.items():
        yield Figure(f"{name} : p50", median(load.p50 for load in found), "ms")
        yield Figure(f"{name} : p95", median(load.p95 for load in found), "ms")
        if name != PROBE:
            yield Figure(f"{name} : p95 face à la page vide", median(load.p95 for load in found) / least, "fois")
            yield Figure(f"{name} : requêtes SQL", queries(LISTES[name]), "", most=25)


def samples() -> dict[str, bytes]:
    """By extension: some twenty pages of words where we make them, else one of the 25 good files."""
    words = [f"Article {n}. Le conseil municipal délibère sur la voirie et le cimetière." for n in range(PARAGRAPHS)]
    body = "".join(map(bureau.paragraph, words))
    small = {one.nom.rpartition(".")[2].lower(): one.contenu for one in GOOD}
    return {name: make() for name, make in small.items() if name in LECTEURS} | {
        "pdf": documents.pdf("\n\n".join(f"== Titre {n}\n{word * 4}" for n, word in enumerate(words))),
        "docx": bureau.docx(body),
        "txt": "\n".join(words).encode(),
        "html": "".join(f"<p>{word}</p>" for word in words).encode(),
        "csv": "".join(f"{n};{word}\n" for n, word in enumerate(words)).encode(),
    }


def _read() -> Iterator[Figure]:
    """What somebody waits for, and the memory of the reading process alone."""
    with TemporaryDirectory() as folder:
        for extension, content in sorted(samples().items()):
            path = Path(folder, f"essai.{extension}")
            path.write_bytes(content)
            times = [_timed(path, extension) for _ in range(READINGS)]
            yield Figure(f"lecture {extension}, {len(content) / 1000:.0f} Ko", median(times) * 1000, "ms")
            yield Figure(f"lecture {extension} : mémoire du processus", _memory(path, extension), "Mo")


def _timed(path: Path, extension: str) -> float:
    started = perf_counter()
    found = read_text(path, extension)
    if found.etat in {"refuse", "non_lu"}:
        raise RuntimeError(f"{path.name} : {found.motif}")
    return perf_counter() - started


def _memory(path: Path, extension: str) -> float:
    boot, limits = str(processus._BOOT), Limites().arguments()
    command = [sys.executable, "-I", boot, *limits, LECTEURS[extension], str(path), extension, "20"]
    answer = subprocess.run([sys.executable, "-I", PESEE, *command], stdout=subprocess.PIPE, check=True).stdout
    _, memory, status = json.loads(answer)
    if status:
        raise RuntimeError(f"{path.name} : code {status}")
    return memory


def _deposited() -> Iterator[Figure]:
    """One after the other: its file sent and read, the screen of the questions, its answers, up to the review."""
    client = open_session(accounts()["secretaire"], Client(headers={"host": "localhost"}))
    dice = random.Random(20261122)  # noqa: S311 - the same documents at each run
    theme, kind = Theme.objects.first(), TypeRessource.objects.first()
    took: dict[str, list[float]] = {"fichier reçu et lu": [], "envoi": [], "document déposé": []}
    for n in range(DEPOTS):
        nom, content = _document(dice, n)
        started = perf_counter()
        who = Deposant(client)
        who.drop(nom, content)
        received = perf_counter()
        (line,) = who.lines
        if line.etat != EtatDepot.PRET:
            raise RuntimeError(f"{nom}\u00a0: {line.etat}, {line.motif}")
        answers = who.answers(**{f"f{line.pk}-theme": theme.pk, f"f{line.pk}-type": kind.pk})
        asked = perf_counter()
        answer = client.post(who.page, answers)
        done = perf_counter()
        if answer.status_code != 302:
            raise RuntimeError(f"{nom} n’a pas été déposé.")
        took["fichier reçu et lu"].append(received - started)
        took["envoi"].append(done - asked)
        took["document déposé"].append(done - started)
    yield Figure("documents déposés", DEPOTS)
    yield Figure("dépôt : débit", DEPOTS / sum(took["document déposé"]), "documents/s")
    for name, times in took.items():
        yield Figure(f"{name} : p50", median(times) * 1000, "ms")
        yield Figure(f"{name} : p95", quantiles(times, n=20)[-1] * 1000, "ms")


def _document(dice: random.Random, n: int) -> tuple[str, bytes]:
    """Words of its own: none looks like another."""
    lines = [" ".join(dice.choices(MOTS, k=12)) + f" {dice.randrange(10**9)}." for _ in range(20)]
    title = f"Règlement {dice.randrange(10**9)} de la salle"
    if n % 2:
        return f"reglement-{n}.docx", bureau.docx("".join(map(bureau.paragraph, lines)), title=title)
    return f"reglement-{n}.pdf", documents.pdf("\n\n".join([f"= {title}", *lines]), title=title)
