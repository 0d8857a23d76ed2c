"""A real Elasticsearch for the tests: the one that ELASTICSEARCH_URL names, else one that the run starts and stops."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from django.conf import settings

from search.engines.elastic import ElasticMoteur
from tests.database import folder, is_running, one_worker_at_a_time

SCRIPT = str(Path(settings.BASE_DIR) / "script" / "elasticsearch")
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


@pytest.fixture(scope="session")
def _moteur(grappe: str) -> Iterator[ElasticMoteur]:
    """Making an index takes longer than emptying it."""
    moteur = ElasticMoteur(f"{grappe}/essai-{os.getpid()}-0", PATIENCE)
    moteur.indexes.swap(moteur.indexes.prepare())
    yield moteur
    moteur.indexes.delete_all()
    moteur.client.close()


@pytest.fixture
def elastic(_moteur: ElasticMoteur, db: None) -> ElasticMoteur:
    """The engine over an index of its own, empty; its entries have no version."""
    _moteur.remove([key for key, _ in _moteur._held(_moteur.adresse.nom)])
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
