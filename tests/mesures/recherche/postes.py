"""The processes of the engines, side by side: each has its own database, all are asked in turn."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings
from psycopg import sql


@dataclass
class Engine:
    """A process that measures one engine."""

    nom: str
    process: subprocess.Popen

    def send(self, order: str, *args: object) -> None:
        self.process.stdin.write(json.dumps([order, args]) + "\n")
        self.process.stdin.flush()

    def read(self) -> object:
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.nom} s’est arrêté.")
        return json.loads(line)

    def ask(self, order: str, *args: object) -> object:
        self.send(order, *args)
        return self.read()


@contextmanager
def engines(size: int | str, *, bare: bool = True) -> Iterator[dict[str, Engine]]:
    """Bare FTS5 and SQLite; PostgreSQL when BENCH_POSTGRES names a server where a database may be created, and
    Elasticsearch, over the entries of SQLite, when BENCH_ELASTICSEARCH names a cluster. All begin empty, unless
    BENCH_GARDER asks to keep what an earlier run has written.
    """
    folder = Path(settings.DATA_DIR) / "bench-recherche" / str(size)
    if not os.environ.get("BENCH_GARDER"):
        shutil.rmtree(folder, ignore_errors=True)
    opened = {"nu": _open("nu", folder / "nu")} if bare else {}
    opened["SQLite"] = _open("SQLite", folder / "sqlite")
    if server := os.environ.get("BENCH_POSTGRES"):
        address = _database(server, f"bench_recherche_{size}")
        opened["PostgreSQL"] = _open("PostgreSQL", folder / "postgresql", DATABASE_URL=address)
    if cluster := os.environ.get("BENCH_ELASTICSEARCH"):
        address = f"{cluster.rpartition('/')[0]}/bench-recherche-{size}"
        opened["Elasticsearch"] = _open("Elasticsearch", folder / "sqlite", SEARCH_URL=address)
    try:
        yield opened
    finally:
        for engine in opened.values():
            engine.process.stdin.close()
            engine.process.wait(60)


def _open(nom: str, folder: Path, **extra: str) -> Engine:
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "tests.mesures.recherche.poste", *(["nu"] if nom == "nu" else [])]
    environment = os.environ | {"DATA_DIR": str(folder), "DATABASE_URL": "", "SEARCH_URL": ""} | extra
    process = subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=settings.BASE_DIR
    )
    return Engine(nom, process)


def _database(server: str, name: str) -> str:
    """The address of a database of that server, made if needed."""
    with psycopg.connect(server, autocommit=True) as connection:
        if not os.environ.get("BENCH_GARDER"):
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
