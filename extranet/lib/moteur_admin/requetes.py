"""Queries made safe: words only, so that no character of the visitor reaches the query language of an engine."""

import re
import unicodedata
from typing import Any

from django.db import models
from modelsearch.backends.base import BaseSearchResults, EmptySearchResults
from modelsearch.query import And, Boost, Fuzzy, MatchAll, Not, Or, Phrase, PlainText, SearchQuery

MAX_WORDS = 20
WORD = re.compile(r"[^\W_]+")
# « l’urbanisme » is to find « urbanisme ».
ELISION = re.compile(r"\b(?:[cdjlmnst]|qu)['’]", re.IGNORECASE)


def words(text: str) -> list[str]:
    """The words of a text, without punctuation nor elided article; at most `MAX_WORDS`."""
    text = unicodedata.normalize("NFC", text)
    return WORD.findall(ELISION.sub(" ", text))[:MAX_WORDS]


def clean(query: SearchQuery) -> SearchQuery | None:
    """The same query made of words; None when none is left."""
    if isinstance(query, PlainText | Phrase | Fuzzy):
        return _clean_text(query)
    if isinstance(query, And | Or):
        return _clean_parts(query)
    if isinstance(query, Not):
        inner = clean(query.subquery)
        return MatchAll() if inner is None else Not(inner)
    if isinstance(query, Boost):
        # Neither engine weighs a part of a query: one fails, the other warns.
        return clean(query.subquery)
    return query


def _clean_parts(query: And | Or) -> SearchQuery | None:
    parts = [part for part in map(clean, query.subqueries) if part is not None]
    wanted = [part for part in parts if not isinstance(part, MatchAll)]
    if len(wanted) < len(parts) and (not wanted or isinstance(query, Or)):
        return MatchAll()
    return type(query)(wanted) if len(wanted) > 1 else next(iter(wanted), None)


def _clean_text(query: PlainText | Phrase | Fuzzy) -> SearchQuery | None:
    text = " ".join(words(query.query_string))
    if not text:
        return None
    if isinstance(query, Phrase):
        return Phrase(text)
    # A whole word with typing errors is understood on neither engine with the other operators: plain words do.
    return PlainText(text, operator=query.operator)


class RequetesSures:
    """Base of the backends: cleans what is searched, and finds nothing when nothing is left."""

    def _search(
        self,
        compiler: type,
        query: SearchQuery | str,
        model_or_queryset: type[models.Model] | models.QuerySet,
        **options: Any,
    ) -> BaseSearchResults:
        if isinstance(query, str):
            query = PlainText(query, operator=options.get("operator") or PlainText.DEFAULT_OPERATOR)
        cleaned = clean(query)
        if cleaned is None:
            return EmptySearchResults()
        return super()._search(compiler, cleaned, model_or_queryset, **options)
