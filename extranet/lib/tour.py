"""Taking one's turn before a contended row: a fair queue on SQLite, a short wait and another try on PostgreSQL.

SQLite has one writer, and its own waiting is a lottery: some wait twenty seconds, others pass before them. A file lock
around the transaction serves in order of arrival. On PostgreSQL the lock of a row is fair; what is left is a deadlock
or a wait that lasts too long: the act, undone as a whole, is played again.
"""

import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction

P = ParamSpec("P")
R = TypeVar("R")

ATTENTE_MS, ESSAIS = 3000, 3
# Deadlock, lock not available, serialization failure.
A_REJOUER = frozenset({"40P01", "55P03", "40001"})
_held = threading.local()


@contextmanager
def tour() -> Iterator[None]:
    """One transaction, at one's turn. Inside another transaction the turn was taken, or not, by its owner."""
    if connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    with _file(), transaction.atomic(durable=True):
        _wait_briefly()
        yield


def a_son_tour(view: Callable[P, R]) -> Callable[P, R]:
    """For a view that writes contended rows in a transaction of its own (`une_seule_fois`): put it outside of that.

    A visit (GET) writes nothing, and waits for nobody.
    """
    replayed = rejoue(view)

    @wraps(view)
    def waited(*args: P.args, **kwargs: P.kwargs) -> R:
        if args and getattr(args[0], "method", "") in ("GET", "HEAD"):
            return view(*args, **kwargs)
        with _file():
            return replayed(*args, **kwargs)

    return waited


def rejoue(act: Callable[P, R]) -> Callable[P, R]:
    """Plays `act` again, three times in all, when the database could not let it through; inside a transaction, once."""

    @wraps(act)
    def played(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.in_atomic_block:
            return act(*args, **kwargs)
        for essai in range(1, ESSAIS + 1):
            try:
                return act(*args, **kwargs)
            except OperationalError as error:
                if essai == ESSAIS or not _is_passing(error):
                    raise
        raise AssertionError("unreachable")

    return played


def _wait_briefly() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{ATTENTE_MS}ms'")


@contextmanager
def _file() -> Iterator[None]:
    """The queue of a database that is a file; the others have theirs.

    Whoever has their turn keeps it: what a commit sets off takes the turn again before this one is given back, and a
    second lock of one file would wait for the first for ever.
    """
    name = str(connection.settings_dict["NAME"])
    mine = getattr(_held, "names", frozenset())
    if connection.vendor != "sqlite" or ":memory:" in name or "mode=memory" in name or name in mine:
        yield
        return
    descriptor = os.open(Path(f"{name}-tour"), os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        _held.names = mine | {name}
        yield
    finally:
        _held.names = mine
        os.close(descriptor)


def _is_passing(error: OperationalError) -> bool:
    state = getattr(error.__cause__, "sqlstate", None)
    return state in A_REJOUER or "database is locked" in str(error)
