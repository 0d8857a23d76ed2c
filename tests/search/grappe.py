"""A real Elasticsearch for the tests: the one that ELASTICSEARCH_URL names, else one that the run starts and stops."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from pathlib import Path

import pytest
from pytest_django import Settings

from search.engines import moteur, moteur_de_base
from search.engines.base import Texte
from search.engines.elastic import ElasticMoteur
from search.engines.repli import Repli
from search.indexation import textes
from tests.database import folder, is_running, one_worker_at_a_time

SCRIPT = str(Path(__file__).parent.parent.parent / "script" / "elasticsearch")
# Two cores shared with other tests answer late; what must be fast is measured apart.
PATIENCE = 10.0
_numbers = count(1)


@pytest.fixture(scope="session")
def grappe(request: pytest.FixtureRequest) -> Iterator[str]:
    """Its address, without the name of an index."""
    given = os.environ.get("ELASTICSEARCH_URL")
    if not given and "elasticsearch" not in request.config.getoption("markexpr"):
        pytest.skip("demande une grappe : script/test en démarre une, et pytest -m elasticsearch aussi")
    if not given and not (shutil.which("mvn") or shutil.which("java")):
        pytest.skip("demande un vrai Elasticsearch, que rien ici ne permet de démarrer : il manque Maven et Java")
    url = given or _start()
    yield url.rpartition("/")[0]
    if not given:
        _stop()


@pytest.fixture
def adresse_grappe(grappe: str) -> Iterator[str]:
    """A SEARCH_URL of this test alone; what it leaves in the cluster goes after it."""
    url = f"{grappe}/essai-{os.getpid()}-{next(_numbers)}"
    yield url
    moteur = ElasticMoteur(url, PATIENCE)
    moteur.indexes.delete_all()
    moteur.client.close()


@pytest.fixture
def reparti(adresse_grappe: str, db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Repli]:
    """An installation with SEARCH_URL, its index filled: what `moteur()` gives."""
    settings.SEARCH_URL = adresse_grappe
    engine = Repli(ElasticMoteur(adresse_grappe, PATIENCE), moteur_de_base())
    monkeypatch.setattr("search.engines.moteur_reparti", lambda url: engine)
    engine.rebuild(textes, lambda done: None)
    yield engine
    engine.reparti.client.close()


@pytest.fixture
def muet(db: None, settings: Settings) -> Iterator[socket.socket]:
    """A server that accepts and never answers, in the place of the cluster; the patience is that of the site."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        settings.SEARCH_URL = f"elasticsearch://127.0.0.1:{server.getsockname()[1]}/muet"
        yield server
        moteur().reparti.client.close()


class MoteurPartage(ElasticMoteur):
    """Emptied after a test, which takes less than making another; unless versions were written, which never go back."""

    use = True

    def send(self, textes: Iterable[Texte], retraits: Mapping[int, int]) -> dict[int, str]:
        written = list(textes)
        self.use |= bool(retraits) or any(texte.version for texte in written)
        return super().send(written, retraits)

    def rebuild(self, *args: object) -> None:
        self.use = True
        super().rebuild(*args)

    def empty(self) -> None:
        if self.use:
            self.indexes.delete_all()
            self.indexes.swap(self.indexes.prepare())
            self.use = False
        self.remove([key for key, _ in self._held(self.adresse.nom)])


@pytest.fixture(scope="session")
def _moteur(grappe: str) -> Iterator[MoteurPartage]:
    moteur = MoteurPartage(f"{grappe}/essai-{os.getpid()}-0", PATIENCE)
    yield moteur
    moteur.indexes.delete_all()
    moteur.client.close()


@pytest.fixture
def elastic(_moteur: MoteurPartage, db: None) -> ElasticMoteur:
    """The engine over an index of its own, empty; its entries have no version."""
    _moteur.empty()
    return _moteur


def _start() -> str:
    """Workers share one node; each says that it uses it."""
    with one_worker_at_a_time():
        found = subprocess.run([SCRIPT, "url"], capture_output=True, text=True)
        if found.returncode == 0 and not _users():
            return found.stdout.strip()
        (folder() / f"grappe-{os.getpid()}").touch()
        return subprocess.run([SCRIPT, "start"], capture_output=True, text=True, check=True).stdout.strip()


def _stop() -> None:
    """The last worker stops the node, unless somebody else had started it."""
    with one_worker_at_a_time():
        mine = folder() / f"grappe-{os.getpid()}"
        if mine.exists():
            mine.unlink()
            if not _users():
                subprocess.run([SCRIPT, "stop", "1"], check=True)


def _users() -> list[int]:
    """The processes of tests that use the node they started."""
    found = {path: int(path.name.rpartition("-")[2]) for path in folder().glob("grappe-*")}
    for path, pid in found.items():
        if not is_running(pid):
            path.unlink(missing_ok=True)
    return [pid for path, pid in found.items() if path.exists()]
