"""Wagtail's own search over the same texts, as it is delivered: what the project would have without its own.

Everything is done inside a transaction that is undone.
"""

import time
from itertools import islice

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from modelsearch.backends.database import SearchBackend
from wagtail.models import Collection
from wagtail.search.models import IndexEntry

from ressources.models import DocumentPrive
from tests.mesures.recherche.corpus import Corpus

LOT, SHOWN = 500, 20


def stock(size: int, queries: list[str]) -> list[tuple[float, int]]:
    """For each query, milliseconds of a count and a first page, and the count: no rights, no mark, no facet."""
    with transaction.atomic():
        _fill(size)
        found = [_asked(query) for query in queries]
        transaction.set_rollback(True)
    return found


def _fill(size: int) -> None:
    entrees, root = Corpus(size).entrees(), Collection.get_first_root_node()
    kind = ContentType.objects.get_for_model(DocumentPrive)
    while lot := list(islice(entrees, LOT)):
        documents = DocumentPrive.objects.bulk_create(
            [DocumentPrive(title=one.titre[:250], file=f"essai-{one.pk}.pdf", collection=root) for one in lot]
        )
        IndexEntry.objects.bulk_create(
            [
                IndexEntry(content_type=kind, object_id=document.pk, title=one.titre, autocomplete="", body=one.texte)
                for document, one in zip(documents, lot, strict=True)
            ]
        )


def _asked(query: str) -> tuple[float, int]:
    start = time.perf_counter()
    results = SearchBackend({}).search(query, DocumentPrive.objects.all())
    total = results.count()
    list(results[:SHOWN])
    return (time.perf_counter() - start) * 1000, total
