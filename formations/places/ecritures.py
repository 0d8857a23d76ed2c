"""What every booking plays while others wait behind its lock, in statements that are written once: locks, new rows.

The ORM builds each statement anew: for a booking, ten times what the database takes. Here the columns are read from the
models once, so that none is forgotten, and only the values change.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from django.db import connection, models

from formations.models import SessionFormation

# SQLite has one writer, whose transaction began as such (IMMEDIATE): it has the lock of every row.
VERROU = {"postgresql": "FOR NO KEY UPDATE", "sqlite": ""}
RANG = "UPDATE formations_sessionformation SET dernier_rang = %s WHERE id = %s"
# Their values go to the database as they are; those of the others are prepared by the field.
TELS_QUELS = (
    models.BooleanField,
    models.CharField,
    models.ForeignKey,
    models.OneToOneField,
    models.PositiveIntegerField,
    models.PositiveSmallIntegerField,
)


def lock_sessions(keys: Sequence[int]) -> dict[int, SessionFormation]:
    """By key, as they stand, locked in the order of the keys; those that are gone are not there."""
    if not keys:
        return {}
    names, columns, converters = _reading(SessionFormation, connection.vendor)
    sql = f"""
        SELECT {columns} FROM formations_sessionformation WHERE id IN ({_marks(keys)}) ORDER BY id
        {VERROU[connection.vendor]}
    """  # noqa: S608 - our own columns
    found = {}
    for row in _rows(sql, keys):
        values = list(row)
        for place, convert in converters:
            values[place] = convert(values[place])
        one = SessionFormation.from_db(connection.alias, names, values)
        found[one.pk] = one
    return found


def lock_agents(keys: Sequence[int]) -> None:
    """In the order of the keys."""
    verrou = VERROU[connection.vendor]
    if keys and verrou:
        sql = f"SELECT id FROM collectivites_agent WHERE id IN ({_marks(keys)}) ORDER BY id {verrou}"  # noqa: S608
        _rows(sql, keys)


def insert(rows: Sequence[models.Model], ranked: SessionFormation | None = None) -> None:
    """New rows of one model, in one statement; each one has its key then.

    `ranked`: a session that is locked, whose last rank given is written too; in the same journey on PostgreSQL.
    """
    if not rows:
        return
    columns, fields, table = _writing(type(rows[0]))
    marks = f"({_marks(fields)})"
    sql = f"INSERT INTO {table} ({columns}) VALUES {', '.join([marks] * len(rows))} RETURNING id"  # noqa: S608
    values = [_value(one, field, name, prepared) for one in rows for field, name, prepared in fields]
    if ranked is not None:
        rank = [ranked.dernier_rang, ranked.pk]
        if connection.vendor == "postgresql":
            sql, values = f"WITH rang AS ({RANG}) {sql}", [*rank, *values]
        else:
            _rows(RANG, rank)
    for one, (key,) in zip(rows, _rows(sql, values), strict=True):
        one.pk, one._state.adding, one._state.db = key, False, connection.alias


@cache
def _reading(model: type[models.Model], vendor: str) -> tuple[list[str], str, list[tuple[int, Callable[[Any], Any]]]]:
    """Names of the attributes, columns, and by place how this engine’s value becomes that of Python."""
    fields = model._meta.concrete_fields
    converters = []
    for place, field in enumerate(fields):
        column = field.get_col(model._meta.db_table)
        for convert in (*connection.ops.get_db_converters(column), *column.get_db_converters(connection)):
            converters.append((place, lambda value, of=column, by=convert: by(value, of, connection)))
    return [one.attname for one in fields], ", ".join(one.column for one in fields), converters


@cache
def _writing(model: type[models.Model]) -> tuple[str, list[tuple[models.Field, str, bool]], str]:
    """Columns, fields with whether their value has to be prepared, table. The database gives the key."""
    fields = [one for one in model._meta.concrete_fields if not one.primary_key]
    known = [(one, one.attname, type(one) not in TELS_QUELS) for one in fields]
    return ", ".join(one.column for one in fields), known, model._meta.db_table


def _value(one: models.Model, field: models.Field, name: str, prepared: bool) -> object:  # noqa: FBT001 - as it is kept
    value = getattr(one, name)
    if not prepared or value is None or value == "":
        return value
    return field.get_db_prep_save(field.pre_save(one, add=True), connection)


def _marks(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))


def _rows(sql: str, values: Sequence[object]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []
