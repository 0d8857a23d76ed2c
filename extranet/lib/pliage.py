"""Words as names are compared: without accents, capitals, apostrophes nor hyphens."""

import re
import unicodedata
from functools import lru_cache
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "Œ": "oe", "Æ": "ae", "ø": "o", "Ø": "o"})
KEPT = 16_384  # folded texts that the process remembers: some megabytes
_BREAKS = re.compile(r"[^a-z0-9]+")
# What PostgreSQL's `translate` maps one for one. Capitals too: its `lower` may know those of ASCII only.
_ACCENTED = "àáâãäåçèéêëìíîïñòóôõöøùúûüýÿ"
_PLAIN = "aaaaaaceeeeiiiinoooooouuuuyy"


def fold(text: str | None) -> str:
    """« L’Étang-de-Cœur » gives « l etang de coeur »: letters and digits, one space between words."""
    text = text or ""
    if not text.isascii():
        plain = unicodedata.normalize("NFKD", text.translate(LIGATURES))
        text = "".join(character for character in plain if not unicodedata.combining(character))
    return _BREAKS.sub(" ", text.lower()).strip()


def words(query: str | None, limit: int = 8) -> list[str]:
    """The distinct words of a query, folded, in their order; beyond `limit` they are dropped."""
    return list(dict.fromkeys(fold(query).split()))[:limit]


class Fold(models.Func):
    """`fold` in SQL, on both engines: SQLite calls the Python function, PostgreSQL has what it takes.

    The two agree on everything that French names hold; on PostgreSQL a letter outside Latin-1 is kept as it is.
    """

    function = "extranet_fold"
    output_field = models.CharField()

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper, **context: Any) -> tuple[str, list]:
        template = "%(expressions)s"
        for ligature, letters in (("œ", "oe"), ("Œ", "oe"), ("æ", "ae"), ("Æ", "ae"), ("ß", "ss")):
            template = f"replace({template}, '{ligature}', '{letters}')"
        template = f"lower(translate({template}, '{_ACCENTED}{_ACCENTED.upper()}', '{_PLAIN}{_PLAIN}'))"
        template = f"trim(regexp_replace({template}, '[^a-z0-9]+', ' ', 'g'))"
        return super().as_sql(compiler, connection, template=template, **context)


_known = lru_cache(KEPT)(fold)


def teach(connection: BaseDatabaseWrapper) -> None:
    """Gives SQLite the function that `Fold` calls, on each new connection; the same names come back all the time."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("extranet_fold", 1, _known, deterministic=True)
