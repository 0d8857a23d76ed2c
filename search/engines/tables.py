"""What the engines of the two databases share: the same columns, the same questions, in two languages.

`table` has a row per entry: `id`, `code` (one character per facet, see facettes.py), `audience`, `date`, `version` and
`analyse` (a word of PostgreSQL, hence its quotes). Each engine says how words are matched and how texts are weighed.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from itertools import islice
from typing import ClassVar, TypeVar

from django.db import connection, transaction

from search.engines.base import Demande, Ecarts, Etat, Groupe, Texte, Trouvailles
from search.engines.facettes import char_of, counts
from search.enums import FACETTES, Tri
from search.models import SearchEntry

LOT = 200
Kept = dict[str, frozenset[str]]
Rangs = list[tuple[int, float]]
T = TypeVar("T")
_VALUES: ContextVar[list[dict[tuple[str, str], str]] | None] = ContextVar("valeurs", default=None)


class MoteurDeBase(ABC):
    """The port over tables of the database. Totals and facets are exact; they cost one pass over what matches."""

    nom: ClassVar[str]
    table: ClassVar[str]

    @abstractmethod
    def create(self) -> None:
        """The tables, which no model describes: a migration makes them."""

    @abstractmethod
    def _write(self, textes: list[Texte], codes: dict[int, str]) -> None:
        """Writes or replaces; `codes` are those of the facets, by key."""

    @abstractmethod
    def _matching(self, demande: Demande, *, titre: bool = False) -> tuple[str, list]:
        """FROM and WHERE of what matches and may be read, `table` being called x."""

    @abstractmethod
    def _pass(self, demande: Demande, kept: Kept) -> tuple[str, list[int]]:
        """The codes of all that matches, one after the other, and the newest keys if they cost nothing more."""

    @abstractmethod
    def _weighed(self, demande: Demande, kept: Kept, total: int, newest: list[int]) -> Rangs:
        """The best by their text."""

    @abstractmethod
    def _best_titles(self, demande: Demande, nombre: int) -> list[int]: ...

    @abstractmethod
    def tidy(self) -> None:
        """What makes the next searches fast, and leaves nothing on the disk of what was removed."""

    def _rows(self, query: str, params: Collection) -> list[tuple]:
        """What a question about words gives."""
        return rows(query, params)

    def index(self, textes: Iterable[Texte]) -> None:
        for lot in lots(textes):
            self._write(lot, codes_of(lot))

    def remove(self, keys: Collection[int]) -> None:
        if keys:
            run(f"DELETE FROM {self.table} WHERE id IN ({ints(keys)})")  # noqa: S608 - integers only

    def search(self, demande: Demande) -> Trouvailles:
        if not demande.audiences:
            return Trouvailles([], 0, {})
        values = valeurs()
        kept = kept_chars(demande, values)
        codes, newest = self._pass(demande, kept)
        words: dict[str, dict[str, str]] = {name: {} for name in FACETTES}
        for (name, value), char in values.items():
            words.setdefault(name, {})[char] = value
        total, counted = counts(codes, FACETTES, kept, words)
        facettes = {
            # An entry written since the values were read may have a new one.
            name: {words[name][char]: n for char, n in one.items() if words[name].get(char)}
            for name, one in counted.items()
        }
        return Trouvailles(self._ranked(demande, kept, total, newest) if total else [], total, facettes)

    def _ranked(self, demande: Demande, kept: Kept, total: int, newest: list[int]) -> Rangs:
        if demande.groupes and demande.tri != Tri.DATE:
            return self._weighed(demande, kept, total, newest)
        found, params = self._narrowed(demande, kept)
        latest = f"SELECT x.id {found} ORDER BY x.date DESC, x.id DESC LIMIT %s"
        return [(row[0], 0.0) for row in self._rows(latest, [*params, demande.limite])]

    def _narrowed(self, demande: Demande, kept: Kept) -> tuple[str, list]:
        found, params = self._matching(demande)
        narrowed, values = narrowing(kept)
        return found + narrowed, params + values

    def _titled(self, demande: Demande, kept: Kept) -> tuple[str, list]:
        """What matches by its title alone; what is ruled out is so for the whole text."""
        found, params = self._matching(replace(demande, exclus=()), titre=True)
        narrowed, values = narrowing(kept)
        if not demande.exclus:
            return found + narrowed, params + values
        ruled_out, others = self._matching(Demande((demande.exclus,), demande.audiences))
        return f"{found}{narrowed} AND x.id NOT IN (SELECT x.id {ruled_out})", params + values + others

    def suggest(
        self, debuts: tuple[Groupe, ...], audiences: frozenset[int], sans: frozenset[int], nombre: int
    ) -> list[int]:
        if not audiences or not debuts:
            return []
        return self._best_titles(Demande(debuts, audiences, sans=sans), nombre)

    def count(self, demande: Demande, au_plus: int) -> int:
        return self.counts([demande], au_plus)[0]

    def counts(self, demandes: list[Demande], au_plus: int) -> list[int]:
        """One question for all of them; without audience, nothing is asked."""
        asked = [one for one in demandes if one.audiences]
        if not asked:
            return [0] * len(demandes)
        values = valeurs() if any(one.filtres for one in asked) else {}
        narrowed = [self._narrowed(one, kept_chars(one, values)) for one in asked]
        each = ", ".join(f"(SELECT count(*) FROM (SELECT 1 {found} LIMIT %s) x)" for found, _ in narrowed)  # noqa: S608
        params = [one for _, values in narrowed for one in (*values, au_plus)]
        found = iter(self._rows(f"SELECT {each}", params)[0])
        return [next(found) if one.audiences else 0 for one in demandes]

    def check(self) -> Ecarts:
        """An entry whose audience or analysis differs is as outdated as one of another version."""
        told = ("version", "analyse", "audience_id")
        table = {row[0]: row[1:] for row in SearchEntry.objects.order_by().values_list("pk", *told)}
        held = {row[0]: row[1:] for row in rows(f'SELECT id, version, "analyse", audience FROM {self.table}')}  # noqa: S608
        whole = self._whole()
        return Ecarts(
            sorted(table.keys() - (held.keys() & whole)),
            sorted(pk for pk in held.keys() & whole & table.keys() if table[pk] != held[pk]),
            sorted((held.keys() | whole) - table.keys()),
        )

    def _whole(self) -> set[int]:
        """Keys of the entries whose words are held."""
        return {row[0] for row in rows(f"SELECT id FROM {self.table}")}  # noqa: S608

    def rebuild(self, textes: Callable[..., Iterable[Texte]], avance: Callable[[int], None]) -> None:
        """By lots, in place: each one locks its entries and is seen whole. Readers never miss an entry meanwhile, and
        who saves waits for a lot at most; one transaction for all would hold the lock of SQLite for a minute.
        """
        done = 0
        for keys in lots(SearchEntry.objects.order_by("pk").values_list("pk", flat=True)):
            with transaction.atomic():
                entries = SearchEntry.objects.select_for_update().filter(pk__in=keys).order_by("pk")
                self.index(textes(entries))
            done += len(keys)
            avance(done)
        self.remove(self.check().fantomes)
        self.tidy()

    def health(self) -> Etat:
        return Etat(self.nom, True, entrees=rows(f"SELECT count(*) FROM {self.table}")[0][0])  # noqa: S608


def readable(demande: Demande) -> str:
    left_out = f" AND x.id NOT IN ({ints(demande.sans)})" if demande.sans else ""
    return f"x.audience IN ({ints(demande.audiences)}){left_out}"


def narrowing(kept: Kept) -> tuple[str, list[str]]:
    """The clauses of the filters, and their parameters."""
    clauses, params = "", []
    for name, chars in kept.items():
        clauses += f" AND substr(x.code, {FACETTES.index(name) + 1}, 1) IN ({', '.join(['%s'] * len(chars))})"
        params += sorted(chars)
    return clauses, params


@contextmanager
def known_values() -> Iterator[None]:
    """The values of the facets are read once in the block, however many questions it asks."""
    token = _VALUES.set([])
    try:
        yield
    finally:
        _VALUES.reset(token)


def valeurs() -> dict[tuple[str, str], str]:
    """The character of each value of each facet."""
    held = _VALUES.get()
    if held is None:
        return _read_values()
    if not held:
        held.append(_read_values())
    return held[0]


def _read_values() -> dict[tuple[str, str], str]:
    return {(name, value): char_of(key) for key, name, value in rows("SELECT id, facette, valeur FROM search_valeur")}


def kept_chars(demande: Demande, values: dict[tuple[str, str], str]) -> Kept:
    """The characters that each filter keeps; a value that no entry has keeps none."""
    return {
        name: frozenset(values.get((name, value), "") for value in demande.filtres[name])
        for name in FACETTES
        if demande.filtres.get(name)
    }


def codes_of(textes: list[Texte]) -> dict[int, str]:
    """The characters of the facets of each entry; a value seen for the first time gets its own."""
    known = valeurs()
    wanted = {(name, texte.facettes[name]) for texte in textes for name in FACETTES}
    if new := sorted(wanted - known.keys()):
        places = ", ".join(["(%s, %s)"] * len(new))
        insert = f"INSERT INTO search_valeur (facette, valeur) VALUES {places} ON CONFLICT DO NOTHING"  # noqa: S608
        run(insert, [part for pair in new for part in pair])
        known = valeurs()
    return {texte.pk: "".join(known[name, texte.facettes[name]] for name in FACETTES) for texte in textes}


def lots(things: Iterable[T]) -> Iterator[list[T]]:
    remaining = iter(things)
    while lot := list(islice(remaining, LOT)):
        yield lot


def ints(numbers: Iterable[int]) -> str:
    return ", ".join(str(int(number)) for number in numbers)


def rows(query: str, params: Collection = ()) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return cursor.fetchall()


def run(statement: str, params: Collection = ()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
