"""Writing the index, in the transaction of what it tells."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import reduce
from itertools import islice
from operator import or_

from django.db import transaction
from django.db.models import Q

from extranet.lib.apports import Entree
from extranet.lib.cherchable import Cherchable, all_models
from search.analyse.mots import ANALYSE, mots, racines
from search.engines import est_reparti, moteur_de_base
from search.engines.base import Texte
from search.genres import all_genres, genre_of
from search.models import SearchAudience, SearchEntry, SearchOutbox

BATCH = 500
# Of the text of a card, what a few letters may find: a card is short.
CARTE = 2_000


def indexer(objets: Iterable[Cherchable]) -> None:
    """Writes the entry of each object; an object that gives none loses the one it had."""
    objets = list(objets)
    for start in range(0, len(objets), BATCH):
        given = [(objet, objet.entree()) for objet in objets[start : start + BATCH]]
        write([entree for _, entree in given if entree])
        desindexer([objet for objet, entree in given if entree is None])


def desindexer(objets: Iterable[Cherchable]) -> None:
    """Removes the entries of these objects."""
    by_kind = defaultdict(list)
    for objet in objets:
        by_kind[objet.genre].append(objet.pk)
    for kind, keys in by_kind.items():
        forget(list(SearchEntry.objects.filter(kind=kind, objet__in=keys).values_list("pk", flat=True)))


def write(entrees: list[Entree]) -> None:
    """The rows, the engine of the database, and what the distributed one must learn: all or nothing.

    What says nothing new is left as it is: each night, every object gives its entry again.
    """
    if not entrees:
        return
    with transaction.atomic():
        held = _held(entrees)
        before = {row.pk: _told(row) for row in held.values()}
        rows = [held.get((entree.kind, entree.pk)) or SearchEntry() for entree in entrees]
        audiences = SearchAudience.objects.for_all(entree.codes for entree in entrees)
        for row, entree, audience in zip(rows, entrees, audiences, strict=True):
            row.set_from(entree)
            row.audience, row.analyse = audience, ANALYSE
        created = SearchEntry.objects.bulk_create([row for row in rows if row.pk is None])
        changed = [row for row in rows if _told(row) != before.get(row.pk)]
        _number(changed)
        for row in changed:
            if row.pk in before:
                row.save()
        if est_reparti():
            SearchEntry.objects.bulk_update(created, ["version"])
        moteur_de_base().index(map(texte_of, changed))


def _told(row: SearchEntry) -> tuple:
    """All that an entry says, and by which rules it is analysed."""
    silent = {"id", "version", "updated_at"}
    return tuple(getattr(row, one.attname) for one in row._meta.concrete_fields if one.name not in silent)


def _held(entrees: list[Entree]) -> dict[tuple[str, int], SearchEntry]:
    """The rows these entries have already, locked in the order of their keys so that two writers never cross."""
    by_kind = defaultdict(list)
    for entree in entrees:
        by_kind[entree.kind].append(entree.pk)
    same = reduce(or_, (Q(kind=kind, objet__in=keys) for kind, keys in by_kind.items()))
    return {(row.kind, row.objet): row for row in SearchEntry.objects.select_for_update().filter(same).order_by("pk")}


def rewrite(keys: list[int]) -> None:
    """Analyses entries anew for the engine of the database, and has them sent to the other."""
    for start in range(0, len(keys), BATCH):
        with transaction.atomic():
            lot = SearchEntry.objects.select_for_update().filter(pk__in=keys[start : start + BATCH]).order_by("pk")
            rows = list(lot)
            for row in rows:
                row.analyse = ANALYSE
            _number(rows)
            SearchEntry.objects.bulk_update(rows, ["analyse", "version"])
            moteur_de_base().index(map(texte_of, rows))


def _number(rows: list[SearchEntry]) -> None:
    """A fresh version to each; none while there is no distributed engine, which will then know that it missed them."""
    versions = enqueue([row.pk for row in rows]) if est_reparti() else {}
    for row in rows:
        row.version = versions.get(row.pk, 0)


def forget(keys: list[int]) -> None:
    """Removes entries; the distributed engine learns it by a row of the outbox that has no entry any more."""
    if not keys:
        return
    with transaction.atomic():
        moteur_de_base().remove(keys)
        SearchEntry.objects.filter(pk__in=keys).delete()
        if est_reparti():
            enqueue(keys)


def enqueue(keys: list[int]) -> dict[int, int]:
    """A fresh version for each entry, to be sent. To be called with them locked: versions grow as commits do."""
    SearchOutbox.objects.filter(entree__in=keys).delete()
    rows = SearchOutbox.objects.bulk_create([SearchOutbox(entree=key) for key in sorted(keys)])
    return {row.entree: row.pk for row in rows}


def texte_of(row: SearchEntry) -> Texte:
    """The entry as engines store it. Its detail and the names it is filed under are found like its text."""
    named = f"{row.detail}\n{row.commune}\n{row.theme}\n{row.type}"
    return Texte(
        pk=row.pk,
        version=row.version,
        titre=racines(row.titre),
        corps=racines(f"{named}\n{row.texte}"),
        amorces=_amorces(row),
        audience=row.audience_id,
        facettes={
            "kind": row.kind,
            "theme": row.theme,
            "type": row.type,
            "commune": row.commune,
            "annee": str(row.annee or ""),
        },
        analyse=ANALYSE,
        date=row.date.toordinal() if row.date else 0,
    )


def _amorces(row: SearchEntry) -> str:
    """Of a card, all that it says: one looks for a person by what they do as much as by their name."""
    said = [row.titre]
    if genre_of(row.kind, all_genres()).fiche:
        said += [row.detail, row.texte[:CARTE]]
    return " ".join(f"{' '.join(mots(part))} {racines(part)}" for part in said if part)


def textes(rows: Iterable[SearchEntry] | None = None) -> Iterator[Texte]:
    """All the entries as engines store them, oldest first, read by lots."""
    every = SearchEntry.objects.order_by("pk").iterator(chunk_size=BATCH) if rows is None else rows
    return map(texte_of, every)


def refill() -> Iterator[int]:
    """Asks each object for its entry, and drops the entries whose object is gone. Tells how many are done."""
    done = 0
    for model in all_models():
        seen: set[int] = set()
        for objets in _lots(model.to_index().order_by("pk").iterator(chunk_size=BATCH)):
            indexer(objets)
            seen.update(objet.pk for objet in objets)
            done += len(objets)
            yield done
        gone = SearchEntry.objects.filter(kind=model.genre).values_list("pk", "objet")
        forget([pk for pk, objet in gone if objet not in seen])
    kinds = [model.genre for model in all_models()]
    forget(list(SearchEntry.objects.exclude(kind__in=kinds).values_list("pk", flat=True)))


def _lots(objets: Iterable[Cherchable]) -> Iterator[list[Cherchable]]:
    rest = iter(objets)
    while lot := list(islice(rest, BATCH)):
        yield lot
