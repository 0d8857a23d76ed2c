"""An archive of 2 GB as a browser takes it: how long, how much memory, and what closes meanwhile stays out.

Real files on the disk, real gunicorn; the files and the sheets go at the end.
"""

import hashlib
import http.client
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.files import File

from collectivites.diffusion import code_collectivite
from collectivites.models import Agent
from ressources.emporter import lots
from ressources.emporter.choix import MAX_POIDS
from ressources.enums import StatutVersion
from ressources.models import Fichier, Lot, RessourcePage, Telechargement, VersionFichier
from tests.mesures import Figure
from tests.mesures.accounts import accounts
from tests.mesures.server import Server, resident, serve
from tests.ressources.factories import make_ressource, make_version
from tests.sessions import session_cookie

MEGABYTE, FILES = 1_000_000, 40
WEIGHT = MAX_POIDS // FILES
# Closed to their reader once this many bytes have come.
AFTER = 100 * MEGABYTE


def figures() -> Iterator[Figure]:
    agent = accounts()["secretaire"]
    cookie = "=".join(session_cookie(agent))
    with _sheets(agent) as versions, TemporaryDirectory(dir=settings.DATA_DIR) as folder:
        lot = lots.create(agent, "Deux gigaoctets", versions)
        before, began = resident(_me()), time.monotonic()
        given = lots.prepare(lot)
        yield Figure("2 Go préparés en", time.monotonic() - began, "s")
        yield Figure("2 Go préparés : mémoire gagnée", resident(_me()) - before, "Mo", most=5)
        yield Figure("2 Go préparés : fichiers écartés", FILES - given, "", most=0)
        target = Path(folder) / "archive.zip"
        with serve() as server:
            _take(server, _archive(_small(agent)), cookie, target)
            began, idle = time.monotonic(), server.memory()
            announced, begun, most = _take(server, _archive(lot), cookie, target)
            yield Figure("2 Go téléchargés en", time.monotonic() - began, "s")
            yield Figure("2 Go : octets de moins qu’annoncé", announced - target.stat().st_size, "", most=0)
            yield Figure("2 Go : mémoire du serveur avant", idle, "Mo")
            yield Figure("2 Go : mémoire gagnée par les cent premiers Mo", begun - idle, "Mo", most=10)
            yield Figure("2 Go : … et par les 1 900 suivants", most - begun, "Mo", most=1)
            yield Figure("2 Go : fichiers faux ou absents", _wrong(target, versions), "", most=0)
            pages = [version.fichier.page_id for version in versions[FILES // 2 :]]
            announced, _, _ = _take(server, _archive(lot), cookie, target, closing=pages)
            yield Figure(
                "fermés pendant l’envoi : octets de moins qu’annoncé", announced - target.stat().st_size, "", most=0
            )
            yield Figure("fermés pendant l’envoi : présents quand même", _present(target, lot, pages), "", most=0)
            yield Figure(
                "fermés pendant l’envoi : les autres faux ou absents",
                _wrong(target, versions[: FILES // 2]),
                "",
                most=0,
            )


def _small(agent: Agent) -> Lot:
    """What a first archive loads is not what a large one costs."""
    known = VersionFichier.objects.current().visible_to(agent).filter(taille__lt=MEGABYTE)
    lot = lots.create(agent, "Quelques fichiers", list(known.select_related("fichier__page").order_by("pk")[:20]))
    lots.prepare(lot)
    return lot


def _archive(lot: Lot) -> str:
    return f"/ressources/emporter/{lot.pk}/archive.zip"


def _me() -> int:
    return int(Path("/proc/self").resolve().name)


def _take(
    server: Server, url: str, cookie: str, target: Path, *, closing: list[int] | None = None
) -> tuple[int, float, float]:
    """What the answer announced, and the largest memory of the server (MB): until `AFTER`, then in all."""
    line = http.client.HTTPConnection("127.0.0.1", int(server.url.rpartition(":")[2]), timeout=120)
    line.request("GET", url, headers={"Cookie": cookie, "Host": server.url.partition("//")[2]})
    response, got = line.getresponse(), 0
    begun = most = server.memory()
    if response.status != 200:
        raise RuntimeError(f"{url}\u00a0: {response.status}")
    with target.open("wb") as output:
        while chunk := response.read(MEGABYTE):
            got += len(chunk)
            output.write(chunk)
            most = max(most, server.memory())
            begun = most if got <= AFTER else begun
            if closing and got > AFTER:
                nobody = [code_collectivite(0)]
                RessourcePage.objects.filter(pk__in=closing).update(diffusion=nobody)
                closing = None
    line.close()
    return int(response.headers.get("Content-Length", got)), begun, most


def _wrong(target: Path, versions: list[VersionFichier]) -> int:
    """How many of these are not in the archive as they were deposited."""
    with zipfile.ZipFile(target) as found:
        digests = set()
        for name in found.namelist():
            sha = hashlib.sha256()
            with found.open(name) as content:
                while chunk := content.read(MEGABYTE):
                    sha.update(chunk)
            digests.add(sha.hexdigest())
    return len({version.sha256 for version in versions} - digests)


def _present(target: Path, lot: Lot, pages: list[int]) -> int:
    """Names in the archive of files that were closed before their turn."""
    closed = set(lot.pieces.filter(version__fichier__page__in=pages).values_list("chemin", flat=True))
    with zipfile.ZipFile(target) as found:
        return len(closed & set(found.namelist()))


@contextmanager
def _sheets(agent: Agent) -> Iterator[list[VersionFichier]]:
    pages, versions, place = [], [], agent.postes_en_cours[0].collectivite
    try:
        for number in range(FILES):
            page = make_ressource(f"Plan {number + 1}", fichiers=0, owner=agent, collectivite=place)
            pages.append(page)
            version = make_version(Fichier.objects.create(page=page), contenu=b"%PDF", nom="plan.pdf")
            versions.append(_heavy(version, number))
        yield versions
    finally:
        Lot.objects.all().delete()
        for version in versions:
            version.file.storage.delete(version.file.name)
        Telechargement.objects.filter(version__in=versions).delete()
        VersionFichier.objects.filter(pk__in=[one.pk for one in versions]).delete()
        Fichier.objects.filter(page__in=pages).delete()
        for page in pages:
            page.delete()


def _heavy(version: VersionFichier, number: int) -> VersionFichier:
    """`WEIGHT` bytes that no other file has."""
    block = hashlib.shake_256(str(number).encode()).digest(MEGABYTE)
    sha = hashlib.sha256()
    with Path(version.file.path).open("wb") as output:
        for _ in range(WEIGHT // MEGABYTE):
            output.write(block)
            sha.update(block)
    size = WEIGHT // MEGABYTE * MEGABYTE
    VersionFichier.objects.filter(pk=version.pk).update(taille=size, sha256=sha.hexdigest())
    found = VersionFichier.objects.select_related("fichier__page").get(pk=version.pk)
    if found.statut != StatutVersion.PUBLIEE or File(found.file).size != size:
        raise RuntimeError("Le fichier n’est pas celui que l’on mesure.")
    return found
