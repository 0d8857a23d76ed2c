"""On SQLite: one full-text query, ranked by FTS5 itself.

modelsearch asks the full-text index again for each row found: 53 s for 4 943 documents out of 5 000. Here it is asked
once, and its answer is crossed with the queryset.
"""

from typing import Any

from django.db import connection, models
from django.db.models.expressions import RawSQL
from modelsearch.backends.database.sqlite.query import AndNot, normalize
from modelsearch.backends.database.sqlite.sqlite import (
    IndexEntry,
    SQLiteAutocompleteQueryCompiler,
    SQLiteFTSIndexEntry,
    SQLiteSearchBackend,
    SQLiteSearchQueryCompiler,
    SQLiteSearchResults,
)
from modelsearch.query import And, MatchAll, Not, Or, Phrase, PlainText, SearchQuery
from modelsearch.utils import get_descendants_content_types_pks

from extranet.lib.moteur_admin.requetes import RequetesSures

FTS = SQLiteFTSIndexEntry._meta.db_table
INDEX = IndexEntry._meta.db_table
# Columns of the table: autocomplete, body, title. A word of the title counts five times.
WEIGHTS = "1.0, 1.0, 5.0"


def match(query: SearchQuery, *, prefix: bool) -> str:
    """The words of `query` in FTS5’s language; `prefix` makes the last word of a text the start of a word."""
    if isinstance(query, PlainText):
        terms = [f'"{word}"' for word in query.query_string.split()]
        terms[-1] += "*" if prefix else ""
        return f" {query.operator.upper()} ".join(terms)
    if isinstance(query, Phrase):
        return f'"{query.query_string}"'
    if isinstance(query, And | Or):
        joint = " AND " if isinstance(query, And) else " OR "
        return joint.join(f"({match(part, prefix=prefix)})" for part in query.subqueries)
    if isinstance(query, AndNot):
        return f"({match(query.subquery_a, prefix=prefix)}) NOT ({match(query.subquery_b, prefix=prefix)})"
    raise NotImplementedError(f"{type(query).__name__} is not searched on SQLite.")


class CompilateurSqlite:
    """Mends `search` of modelsearch’s two compilers."""

    def columns(self) -> str:
        """Any field but the title lies in the body, as modelsearch writes it."""
        if self.LAST_TERM_IS_PREFIX:
            return "autocomplete"
        asked = self.fields or ["title", "body"]
        return " ".join(sorted({"title" if name == "title" else "body" for name in asked}))

    def matching(self, query: SearchQuery, columns: str) -> tuple[str, list]:
        """SQL and parameters of the rows of the index that match `query`, for this model and those that extend it."""
        types = sorted(get_descendants_content_types_pks(self.queryset.model))
        # CROSS JOIN: without statistics SQLite would read the index row by row and ask the full text for each.
        sql = (
            f"SELECT {columns} FROM {FTS} CROSS JOIN {INDEX} e ON e.id = {FTS}.rowid "  # noqa: S608, names of tables
            f"WHERE {FTS} MATCH %s AND e.content_type_id IN ({', '.join(['%s'] * len(types))})"
        )
        expression = f"{{{self.columns()}}} : ({match(query, prefix=self.LAST_TERM_IS_PREFIX)})"
        return sql, [expression, *types]

    def search(
        self, config: Any, start: int | None, stop: int | None, score_field: str | None = None
    ) -> models.QuerySet:
        """The objects found, in the order of the queryset; ranking is the results’ affair."""
        queryset = self.found()
        if not queryset.query.order_by:
            queryset = queryset.order_by("-pk")
        return queryset[start:stop]

    def found(self) -> models.QuerySet:
        query = normalize(self.query)
        if isinstance(query, MatchAll):
            return self.queryset
        negated = isinstance(query, Not)
        query = query.subquery if negated else query
        if isinstance(query, MatchAll):
            return self.queryset.none()
        # An identifier is a number for all that the admin searches; the index keeps it as text.
        sql, params = self.matching(query, "CAST(e.object_id AS INTEGER)")
        ids = RawSQL(sql, params)  # noqa: S611, written above, its values are parameters
        return self.queryset.exclude(pk__in=ids) if negated else self.queryset.filter(pk__in=ids)

    def ranked(self) -> dict[int, float] | None:
        """Score of each row found, the best first; None when the query has no score."""
        query = normalize(self.query)
        if isinstance(query, MatchAll | Not) or not self.order_by_relevance:
            return None
        sql, params = self.matching(query, f"CAST(e.object_id AS INTEGER), bm25({FTS}, {WEIGHTS}) AS score")
        with connection.cursor() as cursor:
            cursor.execute(f"{sql} ORDER BY score, e.object_id DESC", params)
            return dict(cursor.fetchall())


class Compilateur(CompilateurSqlite, SQLiteSearchQueryCompiler):
    pass


class CompilateurDebuts(CompilateurSqlite, SQLiteAutocompleteQueryCompiler):
    pass


class Resultats(SQLiteSearchResults):
    """Found in one query, ranked in another, and only the page asked for is read."""

    def _do_search(self) -> list[models.Model]:
        scores = self.query_compiler.ranked()
        if scores is None:
            return list(self.get_queryset())
        found = self.query_compiler.found()
        kept = set(found.order_by().values_list("pk", flat=True))
        page = [pk for pk in scores if pk in kept][self.start : self.stop]
        objects = {row.pk: row for row in found.filter(pk__in=page)}
        rows = [objects[pk] for pk in page if pk in objects]
        if self._score_field:
            for row in rows:
                setattr(row, self._score_field, -scores[row.pk])
        return rows

    def _do_count(self) -> int:
        return self.query_compiler.found()[self.start : self.stop].count()


class SearchBackend(RequetesSures, SQLiteSearchBackend):
    query_compiler_class = Compilateur
    autocomplete_query_compiler_class = CompilateurDebuts
    results_class = Resultats
