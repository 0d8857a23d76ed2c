"""Acts released at the same moment, each in its own thread and on its own connection."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connections


def together(acts: list[Callable[[], object]], *refusals: type[Exception]) -> list[object]:
    """What each answers, in order; one of `refusals` is an answer, anything else fails the test."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        start.wait()
        try:
            return act()
        except refusals as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
