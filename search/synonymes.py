"""The synonyms in force, read again as soon as one has changed, and those that every territory starts with."""

import csv
from functools import lru_cache

from django.db import transaction
from django.db.models import Count, Max

from search.analyse.mots import DATA, mots
from search.analyse.synonymes import Synonymes
from search.models import Synonyme, SynonymeLivre


def in_force() -> Synonymes:
    """One small query tells whether the table has changed; it is read again only then."""
    state = Synonyme.objects.aggregate(n=Count("pk"), last=Max("updated_at"), key=Max("pk"))
    return _table(tuple(state.values()))


@lru_cache(1)
def _table(_state: tuple) -> Synonymes:
    return Synonymes.of_lists((one.listed, one.sens_unique) for one in Synonyme.objects.order_by("pk"))


@transaction.atomic
def deliver() -> int:
    """Adds the lines of `synonymes.csv` that were never given, known by their first expression. Returns how many."""
    given = set(SynonymeLivre.objects.values_list("cle", flat=True))
    written = set(Synonyme.objects.values_list("expressions", flat=True))
    new = {cle: row for cle, row in _delivered().items() if cle not in given}
    rows = [row for row in new.values() if row.expressions not in written]
    Synonyme.objects.bulk_create(rows)
    SynonymeLivre.objects.bulk_create(SynonymeLivre(cle=cle) for cle in new)
    return len(rows)


def _delivered() -> dict[str, Synonyme]:
    rows = {}
    with (DATA / "synonymes.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            row = Synonyme(expressions=line["expressions"], sens_unique=line["sens_unique"] == "oui")
            row.clean()
            rows[" ".join(mots(row.listed[0]))] = row
    return rows
