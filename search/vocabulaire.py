"""The words of the index, counted for corrections: new ones soon after they are written, all of them at night."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from search.analyse.mots import MAX_LENGTH, formes, racine
from search.models import SearchEntry, SearchTerm

BATCH = 2_000


def recount() -> int:
    """Counts all the words anew, and writes each as most entries do. Returns how many there are."""
    entries, written = _counted(SearchEntry.objects.order_by("pk").iterator(chunk_size=500))
    rows = [_row(word, entries[word], written[word].most_common(1)[0][0]) for word in sorted(entries)]
    with transaction.atomic():
        SearchTerm.objects.all().delete()
        SearchTerm.objects.bulk_create(rows, batch_size=BATCH)
    return len(rows)


def learn(since: datetime) -> int:
    """Adds the words unknown so far of the entries written since; the night counts them well. Returns how many."""
    entries, written = _counted(SearchEntry.objects.filter(updated_at__gte=since).order_by("pk").iterator())
    known = _known(entries)
    rows = [
        _row(word, entries[word], written[word].most_common(1)[0][0]) for word in sorted(entries) if word not in known
    ]
    SearchTerm.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    return len(rows)


def _counted(rows: Iterable[SearchEntry]) -> tuple[Counter[str], dict[str, Counter[str]]]:
    """In how many entries each word stands, and how often each way to write it."""
    pairs: Counter[tuple[str, str]] = Counter()
    for row in rows:
        pairs.update(dict(formes(f"{row.titre}\n{row.detail}\n{row.texte}")).items())
    entries: Counter[str] = Counter()
    written: dict[str, Counter[str]] = defaultdict(Counter)
    for (word, form), number in pairs.items():
        if word.isalpha() and 1 < len(word) < MAX_LENGTH:
            entries[word] += number
            written[word][form] += number
    return entries, written


def _known(words: Iterable[str]) -> set[str]:
    listed, found = sorted(words), set()
    for start in range(0, len(listed), BATCH):
        some = SearchTerm.objects.filter(terme__in=listed[start : start + BATCH])
        found.update(some.values_list("terme", flat=True))
    return found


def _row(word: str, entries: int, form: str) -> SearchTerm:
    return SearchTerm(
        premiere=word[0], longueur=len(word), terme=word, racine=racine(word), forme=form[:60], entrees=entries
    )
