"""One test database per worker, copied from a template that holds the migrations and what `installer` makes.

Migrations cost half a minute and a copy a fraction of a second, so they run once for all workers and all runs, until
they change. A test with real transactions leaves the database as the template has it: Django's own flush would empty
what the migrations wrote, and the append-only journal refuses to be emptied.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, connections

SOURCES = {".py", ".csv", ".json", ".sql"}


def folder() -> Path:
    path = Path(settings.DATA_DIR) / "test"
    path.mkdir(parents=True, exist_ok=True)
    return path


@contextlib.contextmanager
def one_worker_at_a_time() -> Iterator[None]:
    with (folder() / "verrou").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def digest(*, migrations_only: bool) -> str:
    """Fingerprint of what the template is made from: the versions, the migrations, and else all code of our apps."""
    root = Path(settings.BASE_DIR)
    hasher = hashlib.sha256((root / "requirements.lock").read_bytes())
    for config in sorted(apps.get_app_configs(), key=lambda config: config.label):
        base = Path(config.path)
        if not base.is_relative_to(root) or "site-packages" in base.parts:
            continue
        for path in sorted(base.rglob("*")):
            if path.suffix in SOURCES and ("migrations" in path.parts or not migrations_only):
                hasher.update(str(path.relative_to(root)).encode() + path.read_bytes())
    return hasher.hexdigest()[:10]


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class Sqlite:
    """Databases are files of `DATA_DIR/test`."""

    def name(self, suffix: str) -> str:
        return str(folder() / f"extranet_{suffix}.sqlite3")

    def names(self) -> list[str]:
        return [str(path) for path in folder().glob("extranet_*.sqlite3")]

    def exists(self, name: str) -> bool:
        return Path(name).exists()

    def create(self, name: str) -> None:
        self.drop(name)

    def drop(self, name: str) -> None:
        for end in ("", "-wal", "-shm", "-journal"):
            Path(name + end).unlink(missing_ok=True)

    def rename(self, name: str, new: str) -> None:
        os.replace(name, new)

    def copy(self, source: str, target: str) -> None:
        # SQLite's own copy takes the locks: threads of a live server may still hold connections to the target.
        with (
            contextlib.closing(sqlite3.connect(source, timeout=60)) as read,
            contextlib.closing(sqlite3.connect(target, timeout=60)) as write,
        ):
            write.execute("PRAGMA synchronous=OFF")
            read.backup(write)


class Postgres:
    """Databases of the server of DATABASE_URL; the names of tests begin with `test_`."""

    def name(self, suffix: str) -> str:
        return f"test_extranet_{suffix}"

    def sql(self, query: str, *params: str) -> list[tuple]:
        with connection._nodb_cursor() as cursor:
            cursor.execute(query, params or None)
            return cursor.fetchall() if cursor.description else []

    def names(self) -> list[str]:
        return [name for (name,) in self.sql("SELECT datname FROM pg_database WHERE datname LIKE 'test_extranet_%'")]

    def exists(self, name: str) -> bool:
        return name in self.names()

    def create(self, name: str) -> None:
        self.drop(name)
        self.sql(f'CREATE DATABASE "{name}"')

    def drop(self, name: str) -> None:
        self.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def rename(self, name: str, new: str) -> None:
        self.drop(new)
        self.sql(f'ALTER DATABASE "{name}" RENAME TO "{new}"')

    def copy(self, source: str, target: str) -> None:
        self.drop(target)
        self.sql(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')


class TestDatabase:
    """The database of one worker. `prepare` makes it, `restore` puts it back as the template has it."""

    __test__ = False

    def __init__(self, worker: str) -> None:
        self.engine = Sqlite() if connection.vendor == "sqlite" else Postgres()
        self.base = self.engine.name(f"migrations_{digest(migrations_only=True)}")
        self.template = self.engine.name(f"modele_{digest(migrations_only=False)}")
        self.mine = self.engine.name(f"{worker}_{os.getpid()}")

    def prepare(self, *, run: str = "") -> None:
        """`run` names the run that wants its templates made anew; its first worker does it for all."""
        with one_worker_at_a_time():
            mark = folder() / "refait"
            self.sweep(fresh=bool(run) and not (mark.exists() and mark.read_text() == run))
            if run:
                mark.write_text(run)
            if not self.engine.exists(self.base):
                self.build(self.base, None, "migrate", "createcachetable")
            if not self.engine.exists(self.template):
                self.build(self.template, self.base, "migrate", "installer")
            self.engine.copy(self.template, self.mine)
        self.use(self.mine)

    def sweep(self, *, fresh: bool) -> None:
        """Drop what other versions of the code and dead processes left."""
        for name in self.engine.names():
            pid = re.search(r"_(?:gw\d+|master)_(\d+)(?:\.sqlite3)?$", name)
            stale = not is_running(int(pid[1])) if pid else fresh or name not in {self.base, self.template}
            if stale:
                self.engine.drop(name)

    def build(self, name: str, source: str | None, *commands: str) -> None:
        """Under another name until it is whole: a run that is killed leaves no half-made template."""
        draft = self.engine.name("en_cours")
        if source:
            self.engine.copy(source, draft)
        else:
            self.engine.create(draft)
        self.use(draft)
        for command in commands:
            call_command(command, verbosity=0)
        connections.close_all()
        self.engine.rename(draft, name)

    def use(self, name: str) -> None:
        connections.close_all()
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name

    def restore(self) -> None:
        connections.close_all()
        self.engine.copy(self.template, self.mine)
        ContentType.objects.clear_cache()

    def drop(self) -> None:
        connections.close_all()
        self.engine.drop(self.mine)
