"""The library under what happens to a server: 200 MB taken, lines cut, a full disk, an import killed again and again.

Everything is real: gunicorn, files, disks. The full disks are small ones of memory, which only root may mount.
"""

import hashlib
import http.client
import os
import random
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db.models import Count
from django.utils import timezone
from openpyxl import Workbook

from collectivites.models import Theme
from ressources.enums import EtatDepot
from ressources.menage import sweep_arrivals, sweep_orphans
from ressources.models import Depot, FichierDepose, TypeRessource, VersionFichier
from tests.fichiers.mauvais import archive
from tests.mesures import Figure
from tests.mesures.accounts import accounts
from tests.mesures.server import Server, serve
from tests.ressources.deposes import files_on_disk
from tests.ressources.envois_coupes import HEAD, arriving, begin, send_whole
from tests.ressources.factories import make_ressource, make_version
from tests.sessions import session_cookie

MEGABYTE = 1_000_000
LARGE, CUTS, FILES, KILLS = 200 * MEGABYTE, 40, 300, 12
MANAGE = str(Path(settings.BASE_DIR) / "manage.py")
COMMAND = [sys.executable, MANAGE, "importer_documents"]
PLEIN, COUPE = "Le disque du serveur est plein", "s’est interrompu"


def figures() -> Iterator[Figure]:
    random.seed(20261122)
    cookie = "=".join(session_cookie(accounts()["secretaire"]))
    yield from _streamed(cookie)
    yield from _cut(cookie)
    yield from _full(cookie)
    yield from _killed()


def _streamed(cookie: str) -> Iterator[Figure]:
    version = _large_version()
    small = VersionFichier.objects.current().exclude(pk=version.pk).filter(taille__lt=MEGABYTE).first()
    with serve() as server:
        _taken(server, small.get_absolute_url(), cookie)
        before = server.memory()
        began = time.monotonic()
        got = _taken(server, version.get_absolute_url(), cookie)
        yield Figure("200 Mo téléchargés en", time.monotonic() - began, "s")
        yield Figure("200 Mo : octets reçus faux", got.sha256 != version.sha256, "", most=0)
        yield Figure("200 Mo : mémoire du serveur avant", before, "Mo")
        yield Figure("200 Mo : mémoire gagnée pendant", got.memory - before, "Mo", most=5)


@dataclass
class Taken:
    """What came of a download: its hash, and the largest memory of the server meanwhile (MB)."""

    sha256: str
    memory: float


def _taken(server: Server, url: str, cookie: str) -> Taken:
    line = http.client.HTTPConnection("127.0.0.1", int(server.url.rpartition(":")[2]), timeout=120)
    line.request("GET", url, headers={"Cookie": cookie, "Host": server.url.partition("//")[2]})
    response, sha, memory = line.getresponse(), hashlib.sha256(), [server.memory()]
    if response.status != 200:
        raise RuntimeError(f"{url}\u00a0: {response.status}")
    while chunk := response.read(MEGABYTE):
        sha.update(chunk)
        memory.append(server.memory())
    line.close()
    return Taken(sha.hexdigest(), max(memory))


def _large_version() -> VersionFichier:
    page = make_ressource("Plan du cadastre", collectivite=_place(), owner=accounts()["secretaire"], fichiers=0)
    version = make_version(page.fichiers.create(), nom="cadastre.pdf")
    sha, path = hashlib.sha256(), Path(version.file.path)
    with path.open("wb") as target:
        for _ in range(LARGE // MEGABYTE):
            block = random.randbytes(MEGABYTE)
            sha.update(block)
            target.write(block)
    version.sha256, version.taille = sha.hexdigest(), LARGE
    version.save(update_fields=["sha256", "taille"])
    return version


def _place() -> object:
    return accounts()["secretaire"].postes_en_cours[0].collectivite


def _deposit_url() -> str:
    return f"/ressources/deposer/{uuid.uuid4()}/fichier/"


def _cut(cookie: str) -> Iterator[Figure]:
    """Half of them hang up and wait for the answer, half break the line, at any moment of 0.1 to 30 MB."""
    before, told = _traces(), 0
    with serve() as server:
        for n in range(CUTS):
            size = random.choice((MEGABYTE // 10, MEGABYTE, 4 * MEGABYTE, 30 * MEGABYTE))
            sent = HEAD + random.randbytes(random.randrange(size))
            broken = bool(n % 2)
            answer = begin(server.url, _deposit_url(), cookie, announced=2 * size, sent=sent, broken=broken)
            told += not broken and COUPE in answer
        yield Figure("envois coupés", CUTS)
        # A broken line is told to the server after the client has gone.
        wait(lambda: not arriving())
        yield Figure("envois coupés : phrases reçues par qui écoutait encore", told, "", least=CUTS / 2)
        yield from _left("envois coupés", before)
        whole = send_whole(server.url, _deposit_url(), cookie, b"Une note du conseil. " * 1000)
        yield Figure("après eux, un envoi entier est pris", "Prêt" in whole, "", least=1)


def _traces() -> tuple[set[str], int, int]:
    return files_on_disk(), FichierDepose.objects.exclude(etat=EtatDepot.REFUSE).count(), Depot.objects.count()


def _left(what: str, before: tuple[set[str], int, int]) -> Iterator[Figure]:
    files, lines, _ = _traces()
    yield Figure(f"{what} : fichiers restés dans le stockage", len(files - before[0]), "", most=0)
    yield Figure(f"{what} : fichiers restés à l’arrivée", len(arriving()), "", most=0)
    yield Figure(f"{what} : lignes restées", lines - before[1], "", most=0)


def _full(cookie: str) -> Iterator[Figure]:
    """First where files arrive, then where they are kept."""
    content = "Le conseil délibère. ".encode() * 400_000
    for what, folder in (("disque des envois plein", "envois"), ("disque des fichiers plein", "fichiers")):
        with small_disk(Path(settings.DATA_DIR) / folder) as disk, serve() as server:
            before = _traces()
            answer = send_whole(server.url, _deposit_url(), cookie, content)
            yield Figure(f"{what} : la phrase", PLEIN in answer, "", least=1)
            yield from _left(what, before)
            yield Figure(f"{what} : octets pris sur ce disque", _used(disk), "", most=0)
            short = send_whole(server.url, _deposit_url(), cookie, b"Une note du conseil. " * 1000)
            yield Figure(f"{what} : ce qui tient encore est pris", "Prêt" in short, "", least=1)
            FichierDepose.objects.filter(depot__envoye_le=None, taille=21_000).delete()


@contextmanager
def small_disk(folder: Path, megabytes: int = 4) -> Iterator[Path]:
    """A disk of memory in the place of a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def _used(disk: Path) -> int:
    return sum(path.stat().st_size for path in disk.rglob("*") if path.is_file())


@dataclass
class Import:
    """An import that is killed, and what it had announced."""

    paths: list[str]
    announced: dict[str, str] = field(default_factory=dict)

    def run(self, *, killed_after: float | None = None) -> int:
        """`killed_after`: seconds after its first announce. Returns its exit status."""
        agent = accounts()["responsable"]
        command = [*COMMAND, *self.paths, "--au-nom-de", agent.email, "--appliquer"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "LOG_LEVEL": "ERROR"})
        deadline = None
        for line in process.stdout:
            etat, sha256, nom, *_ = line.rstrip("\n").split("\t")
            if etat in {"importé", "déjà là"}:
                self.announced[nom] = sha256
            if etat == "importé" and killed_after is not None:
                deadline = deadline or time.monotonic() + killed_after
                if time.monotonic() >= deadline:
                    time.sleep(random.uniform(0, 0.3))
                    process.kill()
        return process.wait(timeout=60)

    def wrong(self) -> int:
        """Announced files that are not there, or whose bytes are not those that were announced."""
        return sum(not _is_kept(sha256) for sha256 in self.announced.values())


def _is_kept(sha256: str) -> bool:
    versions = VersionFichier.objects.filter(sha256=sha256)
    paths = [Path(one.file.path) for one in versions]
    return len(paths) == 1 and paths[0].exists() and hashlib.sha256(paths[0].read_bytes()).hexdigest() == sha256


def _killed() -> Iterator[Figure]:
    with TemporaryDirectory() as folder:
        names = _write_import(Path(folder))
        taken = Import([str(Path(folder, name)) for name in ("lot.zip", "lot.xlsx")])
        before = VersionFichier.objects.count()
        wrong, kills = 0, 0
        for _ in range(KILLS):
            kills += taken.run(killed_after=random.uniform(0, 3)) == -9
            wrong += taken.wrong()
        yield Figure("import tué : kill -9", kills, "fois", least=KILLS / 2)
        yield Figure("import tué : fichiers annoncés avant le dernier", len(taken.announced))
        yield Figure("import tué : annoncés et absents, ou d’autres octets", wrong, "", most=0)
        status = taken.run()
        yield Figure("import relancé : code de sortie", status, "", most=0)
        yield Figure("import relancé : fichiers annoncés", len(taken.announced), "", least=len(names), most=None)
        yield Figure("import relancé : absents, en double ou d’autres octets", taken.wrong(), "", most=0)
        yield Figure("import relancé : versions de trop", VersionFichier.objects.count() - before - FILES, "", most=0)
    twice = VersionFichier.objects.filter(sha256__in=taken.announced.values()).values("sha256")
    yield Figure("import relancé : doubles", twice.annotate(n=Count("pk")).filter(n__gt=1).count(), "", most=0)
    yield from _swept()


def _swept() -> Iterator[Figure]:
    """What the killed processes left goes by the sweep of the night; nothing that a row names goes with it."""
    Depot.objects.filter(envoye_le=None).delete()
    later = timezone.now() + timedelta(days=2)
    yield Figure("restes des imports tués, balayés", sweep_orphans(later) + sweep_arrivals(later))
    kept = set(VersionFichier.objects.values_list("file", flat=True))
    there = {name for name in files_on_disk() if name.startswith("ressources/")}
    yield Figure("après le balai : fichiers sans version", len(there - kept), "", most=0)
    yield Figure("après le balai : versions sans fichier", len(kept - files_on_disk()), "", most=0)


def _write_import(folder: Path) -> list[str]:
    theme, kind = Theme.objects.first().nom, TypeRessource.objects.first().nom
    names = [f"note-{n}.txt" for n in range(FILES)]
    contents = {name: f"Note {name}. ".encode() + random.randbytes(200).hex().encode() * 20 for name in names}
    (folder / "lot.zip").write_bytes(archive(**contents))
    book = Workbook()
    for row in [("Fichier", "Titre", "Thème", "Type"), *((name, f"Note {name[5:-4]}", theme, kind) for name in names)]:
        book.active.append(row)
    book.save(folder / "lot.xlsx")
    return names


def wait(condition: object, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.1)
