"""Typed readers of the environment. A bad value stops the start with a sentence, it never becomes a default."""

import os
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

VRAI, FAUX = {"1", "true", "yes", "oui", "on"}, {"0", "false", "no", "non", "off"}


def env_str(name: str, default: str | None = None) -> str:
    """Value of `name`; raises ImproperlyConfigured when it is unset and there is no default."""
    value = os.environ.get(name, "").strip() or default
    if value is None:
        raise ImproperlyConfigured(f"La variable d’environnement {name} est obligatoire.")
    return value


def env_bool(name: str, default: bool) -> bool:
    """oui/non, true/false, 1/0, on/off."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in VRAI:
        return True
    if value in FAUX:
        return False
    raise ImproperlyConfigured(f"{name} vaut « {value} » : écrivez « oui » ou « non ».")


def env_int(name: str, default: int) -> int:
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} vaut « {value} » : écrivez un nombre entier.") from error


def env_list(name: str, default: str = "") -> list[str]:
    """Values separated by commas; empty ones are dropped."""
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


def env_database(name: str, sqlite_path: str) -> dict:
    """Database settings from `postgres://user:password@host:port/base?option=value`, or SQLite at `sqlite_path`."""
    url = os.environ.get(name, "").strip()
    if not url:
        return sqlite_database(sqlite_path)
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{name} doit commencer par « postgres:// » (lu : « {parts.scheme}:// »).")
    if not parts.path.strip("/"):
        raise ImproperlyConfigured(f"{name} ne nomme pas de base : postgres://utilisateur:secret@serveur:5432/base.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def sqlite_database(path: str) -> dict:
    """SQLite for a real service: readers never wait (WAL), writers take the lock at once and wait their turn 20 s.

    IMMEDIATE, since a transaction that reads then writes fails at once with « database is locked » when another
    one wrote in between.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;",
        },
    }
