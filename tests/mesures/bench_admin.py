"""`script/bench admin`: a search of Wagtail's admin among 5 000 documents, as shipped and as mended.

Everything is done inside a transaction that is undone: the base is left as it was.
"""

import statistics
import time
from collections.abc import Iterator

from django.db import connection, transaction
from modelsearch.backends.base import BaseSearchBackend
from modelsearch.backends.database import SearchBackend as shipped_backend
from wagtail.models import Collection

from extranet.lib.moteur_admin import SearchBackend as mended_backend
from ressources.models import DocumentPrive
from tests.mesures import Figure

COUNT, PAGE, RUNS = 5000, 20, 5
# A word for one document out of so many: 40, 500 and 5 000 answers.
WORDS = {"nacelle": 125, "voirie": 10, "commune": 1}
HOSTILE = ['5" tuyau', "\x00", "   ", "-", "note:tuyau", '""', "*", "a" * 5000]


def make_documents() -> None:
    root = Collection.get_first_root_node()
    filler = "Délibération relative au règlement intérieur des services et à ses annexes"
    documents = [
        DocumentPrive(
            title=" ".join([f"Pièce {n}", *(word for word, step in WORDS.items() if n % step == 0), filler]),
            file=f"documents/piece-{n}.pdf",
            collection=root,
        )
        for n in range(COUNT)
    ]
    documents = DocumentPrive.objects.bulk_create(documents, batch_size=500)
    backend = mended_backend({})
    for start in range(0, COUNT, 500):
        backend.add_bulk(DocumentPrive, documents[start : start + 500])


def milliseconds(backend: BaseSearchBackend, query: str, *, runs: int = RUNS) -> tuple[float, int]:
    """Median time of what a listing does, count then first page, and the number of answers."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        results = backend.search(query, DocumentPrive.objects.all())
        total = results.count()
        list(results[:PAGE])
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times), total


def figures() -> Iterator[Figure]:
    with transaction.atomic():
        make_documents()
        yield from measure()
        transaction.set_rollback(True)


def measure() -> Iterator[Figure]:
    shipped, mended = shipped_backend({}), mended_backend({})
    for word in WORDS:
        time_mended, total = milliseconds(mended, word)
        yield Figure(f"{total} réponses, corrigé", time_mended, "ms", most=250)
        if connection.vendor == "sqlite":
            time_shipped, _ = milliseconds(shipped, word, runs=1)
            yield Figure(f"{total} réponses, d’origine", time_shipped, "ms")
            yield Figure(f"{total} réponses, d’origine ÷ corrigé", time_shipped / time_mended, "fois", least=2)
    worst = max(milliseconds(mended, query, runs=1)[0] for query in HOSTILE)
    yield Figure("requête hostile, la plus lente", worst, "ms", most=250)
