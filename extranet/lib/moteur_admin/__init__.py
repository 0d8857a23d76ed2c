"""Search of Wagtail's admin on our databases: Wagtail's own, mended.

Whatever is typed (a quote, NUL, spaces, a lone dash) is a search or finds nothing, never an error; and on SQLite the
time no longer grows with the square of the results.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from modelsearch.backends.base import BaseSearchBackend


def SearchBackend(params: dict[str, Any]) -> "BaseSearchBackend":  # noqa: N802, the name that modelsearch looks for
    """The backend of the engine in use; each engine’s module cannot even be imported on the other."""
    return import_module(f"{__name__}.{connection.vendor}").SearchBackend(params)
