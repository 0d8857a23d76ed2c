"""Writing the index, in the transaction of what it tells."""

from collections.abc import Iterable, Iterator

from django.db import transaction

from extranet.lib.apports import Entree
from extranet.lib.cherchable import Cherchable, all_models
from search.analyse.mots import ANALYSE, mots, racines
from search.engines import est_reparti, moteur_de_base
from search.engines.base import Texte
from search.models import SearchAudience, SearchEntry, SearchOutbox

BATCH = 500


def indexer(objets: Iterable[Cherchable]) -> None:
    """Writes the entry of each object; an object that gives none loses the one it had."""
    for objet in objets:
        entree = objet.entree()
        if entree is None:
            desindexer([objet])
        else:
            write(entree)


def desindexer(objets: Iterable[Cherchable]) -> None:
    """Removes the entries of these objects."""
    for objet in objets:
        forget(list(SearchEntry.objects.filter(kind=objet.genre, objet=objet.pk).values_list("pk", flat=True)))


def write(entree: Entree) -> SearchEntry:
    """The row, the engine of the database, and what the distributed one must learn: all or nothing."""
    with transaction.atomic():
        held = SearchEntry.objects.select_for_update().filter(kind=entree.kind, objet=entree.pk)
        row = held.first() or SearchEntry()
        row.set_from(entree)
        row.audience, row.analyse = SearchAudience.objects.for_codes(entree.codes), ANALYSE
        row.save()
        if est_reparti():
            row.version = enqueue(row.pk)
            SearchEntry.objects.filter(pk=row.pk).update(version=row.version)
        moteur_de_base().index([texte_of(row)])
    return row


def forget(keys: list[int]) -> None:
    """Removes entries; the distributed engine learns it by a row of the outbox that has no entry any more."""
    if not keys:
        return
    with transaction.atomic():
        moteur_de_base().remove(keys)
        SearchEntry.objects.filter(pk__in=keys).delete()
        if est_reparti():
            for key in keys:
                enqueue(key)


def enqueue(key: int) -> int:
    """A fresh version for this entry, to be sent. To be called with the entry locked: versions grow as commits do."""
    SearchOutbox.objects.filter(entree=key).delete()
    return SearchOutbox.objects.create(entree=key).pk


def texte_of(row: SearchEntry) -> Texte:
    """The entry as engines store it. Its detail and the names it is filed under are found like its text."""
    named = f"{row.detail}\n{row.commune}\n{row.theme}\n{row.type}"
    return Texte(
        pk=row.pk,
        version=row.version,
        titre=racines(row.titre),
        corps=racines(f"{named}\n{row.texte}"),
        mots_titre=" ".join(mots(row.titre)),
        audience=row.audience_id,
        facettes={
            "kind": row.kind,
            "theme": row.theme,
            "type": row.type,
            "commune": row.commune,
            "annee": str(row.annee or ""),
        },
        analyse=row.analyse,
        date=row.date.toordinal() if row.date else 0,
    )


def textes(rows: Iterable[SearchEntry] | None = None) -> Iterator[Texte]:
    """All the entries as engines store them, oldest first, read by lots."""
    every = SearchEntry.objects.order_by("pk").iterator(chunk_size=BATCH) if rows is None else rows
    return map(texte_of, every)


def refill() -> Iterator[int]:
    """Asks each object for its entry, and drops the entries whose object is gone. Tells how many are done."""
    done = 0
    for model in all_models():
        seen = set()
        for objet in model._default_manager.order_by("pk").iterator(chunk_size=BATCH):
            indexer([objet])
            seen.add(objet.pk)
            done += 1
            yield done
        gone = SearchEntry.objects.filter(kind=model.genre).values_list("pk", "objet")
        forget([pk for pk, objet in gone if objet not in seen])
    kinds = [model.genre for model in all_models()]
    forget(list(SearchEntry.objects.exclude(kind__in=kinds).values_list("pk", flat=True)))
