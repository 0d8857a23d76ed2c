"""The engine of this installation: that of its database, or the distributed one in front of it."""

from functools import cache

from django.conf import settings
from django.db import connection

from search.engines.base import Moteur
from search.engines.postgres import PostgresMoteur
from search.engines.sqlite import SqliteMoteur


@cache
def moteur_de_base() -> Moteur:
    """The engine inside the database, always filled: alone, or in reserve."""
    return SqliteMoteur() if connection.vendor == "sqlite" else PostgresMoteur()


def est_reparti() -> bool:
    """True when SEARCH_URL names a cluster."""
    return bool(settings.SEARCH_URL)


def moteur() -> Moteur:
    """What answers searches."""
    return moteur_de_base()
