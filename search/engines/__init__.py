"""The engine of this installation: that of its database, or the distributed one in front of it."""

from functools import cache
from importlib import import_module

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
    return moteur_reparti(settings.SEARCH_URL) if est_reparti() else moteur_de_base()


@cache
def moteur_reparti(url: str) -> Moteur:
    """The cluster with the database behind it. Its library takes its time and its memory: only those who ask pay."""
    repli, elastic = (import_module(f"search.engines.{name}") for name in ("repli", "elastic"))
    return repli.Repli(elastic.ElasticMoteur(url), moteur_de_base())
