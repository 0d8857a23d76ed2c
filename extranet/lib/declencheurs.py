"""Database triggers: each app lists its own in `declencheurs.py: DECLENCHEURS`.

They are dropped before migrations and created after: SQLite rebuilds a table to alter it, and silently drops its
triggers or fails on them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.module_loading import module_has_submodule


@dataclass(frozen=True)
class Declencheur:
    """One rule on one table. `sqlite` is the whole CREATE TRIGGER; `postgresql` the body of a trigger function.

    `quand` is for PostgreSQL: "BEFORE UPDATE OR DELETE"; so is `pour`, "ROW" or "STATEMENT".
    """

    nom: str
    table: str
    sqlite: tuple[str, ...]
    postgresql: str
    quand: str
    pour: str = "ROW"

    def create(self, connection: BaseDatabaseWrapper) -> None:
        with connection.cursor() as cursor:
            for statement in self.statements(connection.vendor):
                cursor.execute(statement)

    def drop(self, connection: BaseDatabaseWrapper) -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP FUNCTION IF EXISTS {self.nom}() CASCADE")
                return
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s", [f"{self.nom}%"])
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")

    def statements(self, vendor: str) -> Iterator[str]:
        if vendor == "sqlite":
            yield from self.sqlite
            return
        yield f"CREATE OR REPLACE FUNCTION {self.nom}() RETURNS trigger LANGUAGE plpgsql AS $$ {self.postgresql} $$"
        yield (
            f"CREATE OR REPLACE TRIGGER {self.nom} {self.quand} ON {self.table} "
            f"FOR EACH {self.pour} EXECUTE FUNCTION {self.nom}()"
        )


def all_triggers() -> Iterator[Declencheur]:
    """The triggers of the installed apps."""
    for config in apps.get_app_configs():
        if module_has_submodule(config.module, "declencheurs"):
            yield from import_module(f"{config.name}.declencheurs").DECLENCHEURS


def create_all(connection: BaseDatabaseWrapper) -> None:
    """Creates each trigger whose table exists, afresh."""
    tables = set(connection.introspection.table_names())
    for trigger in all_triggers():
        trigger.drop(connection)
        if trigger.table in tables:
            trigger.create(connection)


def drop_all(connection: BaseDatabaseWrapper) -> None:
    for trigger in all_triggers():
        trigger.drop(connection)
