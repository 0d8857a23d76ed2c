"""A broken database constraint becomes the refusal of the app, on SQLite and on PostgreSQL alike.

PostgreSQL names the constraint. SQLite names it for a CHECK and for a unique index on expressions, gives the word
raised by a trigger, and for any other UNIQUE only lists the columns: the models tell which constraint holds them.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import UniqueConstraint

_SQLITE_CHECK = re.compile(r"CHECK constraint failed: (\w+)")
_SQLITE_INDEX = re.compile(r"UNIQUE constraint failed: index '(\w+)'")
_SQLITE_COLUMNS = re.compile(r"UNIQUE constraint failed: (\w+)\..+")


def refusal_of(error: IntegrityError, mapping: Mapping[str, str]) -> str | None:
    """The sentence of `mapping` for the constraint that `error` breaks; None when it is not one of them.

    Keys are names of UniqueConstraint, CheckConstraint or ExclusionConstraint, and words raised by triggers. On SQLite
    two UniqueConstraint on the same columns, told apart by their condition only, need the same sentence.
    """
    sentences = {mapping[name] for name in _names_of(error) if name in mapping}
    return sentences.pop() if len(sentences) == 1 else None


@contextmanager
def refuse_on(mapping: Mapping[str, str], exception: type[Exception]) -> Iterator[None]:
    """Inside, a constraint of `mapping` that breaks raises `exception` with its sentence; any other is left to crash.

    What was written inside is undone, and the transaction around it, if any, goes on.
    """
    with told_as(mapping, exception), transaction.atomic():
        yield


@contextmanager
def told_as(mapping: Mapping[str, str], exception: type[Exception]) -> Iterator[None]:
    """The same around a transaction, which undoes by itself what was written: a savepoint less."""
    try:
        yield
    except IntegrityError as error:
        sentence = refusal_of(error, mapping)
        if sentence is None:
            raise
        raise exception(sentence) from error


def _names_of(error: IntegrityError) -> set[str]:
    """The names the broken constraint may have: one, or several on SQLite when they hold the same columns."""
    diagnostic = getattr(error.__cause__, "diag", None)
    if diagnostic is not None:
        return {diagnostic.constraint_name or diagnostic.message_primary}
    message = str(error)
    for pattern in (_SQLITE_CHECK, _SQLITE_INDEX):
        if match := pattern.fullmatch(message):
            return {match[1]}
    if match := _SQLITE_COLUMNS.fullmatch(message):
        return _unique_constraints(match[1], set(message.partition(": ")[2].split(", ")))
    return {message}


def _unique_constraints(table: str, columns: set[str]) -> set[str]:
    """Names of the UniqueConstraint of the models on exactly these « table.column »."""
    return {
        constraint.name
        for model in apps.get_models(include_auto_created=True)
        if model._meta.db_table == table
        for constraint in model._meta.constraints
        if isinstance(constraint, UniqueConstraint)
        and {f"{table}.{model._meta.get_field(name).column}" for name in constraint.fields} == columns
    }
