"""SQLite FTS5: the engine of an installation that has nothing else to install.

`search_tout` holds the roots of titles and texts, `search_titre` words and roots of titles for the beginnings of words,
`search_facette` what a result is filtered and counted by. All three live and die in the transaction of the entry.
"""

from collections.abc import Callable, Collection, Iterable
from itertools import combinations

from django.db import connection, transaction

from search.engines.base import Demande, Ecarts, Etat, Groupe, Terme, Texte, Trouvailles
from search.engines.facettes import char_of, counts
from search.enums import FACETTES, Tri
from search.models import SearchEntry

TABLES = (
    "CREATE VIRTUAL TABLE search_tout USING fts5(titre, corps, tokenize='unicode61 remove_diacritics 0')",
    "CREATE VIRTUAL TABLE search_titre USING fts5(titre, prefix='1 2 3', tokenize='unicode61 remove_diacritics 0')",
    "CREATE TABLE search_facette (id INTEGER PRIMARY KEY, code TEXT NOT NULL, audience INTEGER NOT NULL,"
    " date INTEGER NOT NULL, version INTEGER NOT NULL, analyse INTEGER NOT NULL)",
    "CREATE TABLE search_valeur (id INTEGER PRIMARY KEY, facette TEXT NOT NULL, valeur TEXT NOT NULL,"
    " UNIQUE (facette, valeur))",
)
# Above, the text is scored on titles first: scoring tens of thousands of rows takes longer than a reader waits.
TOUT_PESER, TITRES, COMPLEMENT = 3_000, 2_000, 500


class SqliteMoteur:
    """The port over FTS5. Totals and facets are exact; they cost one pass over what matches."""

    nom = "SQLite"

    def create(self) -> None:
        with connection.cursor() as cursor:
            for statement in TABLES:
                cursor.execute(statement)

    def index(self, textes: Iterable[Texte]) -> None:
        for texte in textes:
            self.remove([texte.pk])
            self._insert(texte)

    def remove(self, keys: Collection[int]) -> None:
        if not keys:
            return
        listed = _ints(keys)
        with connection.cursor() as cursor:
            for table, column in (("search_tout", "rowid"), ("search_titre", "rowid"), ("search_facette", "id")):
                cursor.execute(f"DELETE FROM {table} WHERE {column} IN ({listed})")  # noqa: S608 - integers only

    def search(self, demande: Demande) -> Trouvailles:
        if not demande.audiences:
            return Trouvailles([], 0, {})
        values = _values()
        kept = {
            name: frozenset(values.get((name, value), "\x00") for value in wanted)
            for name, wanted in demande.filtres.items()
            if wanted
        }
        found, params = _matching(demande)
        codes = _one(f"SELECT group_concat(x.code, '') {found}", params) or ""
        total, counted = counts(codes, FACETTES, kept)
        facettes = _named(counted, {char: value for (_, value), char in values.items()})
        return Trouvailles(_ranked(demande, kept, total) if total else [], total, facettes)

    def suggest(
        self, debuts: tuple[Groupe, ...], audiences: frozenset[int], sans: frozenset[int], nombre: int
    ) -> list[int]:
        if not audiences or not debuts:
            return []
        found, params = _matching(Demande(debuts, audiences, sans=sans), "search_titre")
        best = f"SELECT x.id {found} ORDER BY bm25(search_titre), x.id DESC LIMIT %s"
        return [row[0] for row in _rows(best, [*params, nombre])]

    def count(self, demande: Demande, au_plus: int) -> int:
        if not demande.audiences:
            return 0
        found, params = _matching(demande)
        return _one(f"SELECT count(*) FROM (SELECT 1 {found} LIMIT %s)", [*params, au_plus])  # noqa: S608

    def check(self) -> Ecarts:
        table = dict(SearchEntry.objects.order_by().values_list("pk", "version"))
        held = dict(_rows("SELECT id, version FROM search_facette", []))
        indexed = {row[0] for row in _rows("SELECT rowid FROM search_tout", [])}
        return Ecarts(
            sorted(table.keys() - (held.keys() & indexed)),
            sorted(pk for pk, version in held.items() if pk in table and table[pk] != version),
            sorted((held.keys() | indexed) - table.keys()),
        )

    def rebuild(self, textes: Callable[[], Iterable[Texte]], avance: Callable[[int], None]) -> None:
        """In one transaction: readers keep the old index until it ends, which SQLite's log allows."""
        with transaction.atomic():
            with connection.cursor() as cursor:
                for table in ("search_tout", "search_titre", "search_facette"):
                    cursor.execute(f"DELETE FROM {table}")  # noqa: S608
            for done, texte in enumerate(textes(), 1):
                self._insert(texte)
                avance(done)
            with connection.cursor() as cursor:
                for table in ("search_tout", "search_titre"):
                    cursor.execute(f"INSERT INTO {table}({table}) VALUES ('optimize')")  # noqa: S608

    def health(self) -> Etat:
        return Etat(self.nom, True, entrees=_one("SELECT count(*) FROM search_facette", []))

    def _insert(self, texte: Texte) -> None:
        code = "".join(_value(name, texte.facettes[name]) for name in FACETTES)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO search_tout (rowid, titre, corps) VALUES (%s, %s, %s)",
                [texte.pk, texte.titre, texte.corps],
            )
            cursor.execute(
                "INSERT INTO search_titre (rowid, titre) VALUES (%s, %s)",
                [texte.pk, f"{texte.mots_titre} {texte.titre}"],
            )
            cursor.execute(
                "INSERT INTO search_facette (id, code, audience, date, version, analyse)"
                " VALUES (%s, %s, %s, %s, %s, %s)",
                [texte.pk, code, texte.audience, texte.date, texte.version, texte.analyse],
            )


def _term(terme: Terme) -> str:
    return f'"{" ".join(terme.racines)}"{" *" if terme.debut else ""}'


def _match(groupes: Iterable[Groupe], exclus: Groupe = (), minimum: int = 0) -> str:
    """The language of FTS5. Roots hold letters and digits only, so that nothing in them is an operator."""
    clauses = ["(" + " OR ".join(map(_term, groupe)) + ")" for groupe in groupes]
    if minimum and minimum < len(clauses):
        asked = " OR ".join("(" + " AND ".join(some) + ")" for some in combinations(clauses, minimum))
    else:
        asked = " AND ".join(clauses)
    return f"({asked}) NOT ({' OR '.join(map(_term, exclus))})" if exclus else asked


def _readable(audiences: frozenset[int], sans: frozenset[int]) -> str:
    left_out = f" AND x.id NOT IN ({_ints(sans)})" if sans else ""
    return f"x.audience IN ({_ints(audiences)}){left_out}"


def _matching(demande: Demande, table: str = "search_tout") -> tuple[str, list]:
    """FROM and WHERE of what matches and may be read. CROSS JOIN keeps SQLite from walking the facets first."""
    readable = _readable(demande.audiences, demande.sans)
    if not demande.groupes:
        return f"FROM search_facette x WHERE {readable}", []
    match = _match(demande.groupes, demande.exclus, demande.minimum)
    return f"FROM {table} f CROSS JOIN search_facette x ON x.id = f.rowid WHERE {table} MATCH %s AND {readable}", [
        match
    ]


def _kept(kept: dict[str, frozenset[str]]) -> tuple[str, list]:
    clauses, params = "", []
    for name, chars in kept.items():
        clauses += f" AND substr(x.code, {FACETTES.index(name) + 1}, 1) IN ({', '.join(['%s'] * len(chars))})"
        params += sorted(chars)
    return clauses, params


def _ranked(demande: Demande, kept: dict[str, frozenset[str]], total: int) -> list[tuple[int, float]]:
    narrowed, values = _kept(kept)
    found, params = _matching(demande)
    params += values
    if demande.tri == Tri.DATE or not demande.groupes:
        rows = _rows(
            f"SELECT x.id {found}{narrowed} ORDER BY x.date DESC, x.id DESC LIMIT %s", [*params, demande.limite]
        )
        return [(row[0], 0.0) for row in rows]
    if total <= TOUT_PESER:
        scored = f"SELECT x.id, -bm25(search_tout, 10.0, 1.0) s {found}{narrowed} ORDER BY s DESC, x.id DESC LIMIT %s"
        return _rows(scored, [*params, demande.limite])
    return _ranked_by_titles(demande, narrowed, values, f"{found}{narrowed}", params)


def _ranked_by_titles(
    demande: Demande, narrowed: str, values: list, found: str, params: list
) -> list[tuple[int, float]]:
    titled, titled_params = _matching(demande, "search_titre")
    newest = f"SELECT x.id id, -bm25(search_titre) s {titled}{narrowed} ORDER BY x.id DESC LIMIT {TITRES}"
    best = _rows(
        f"SELECT id, s FROM ({newest}) ORDER BY s DESC, id DESC LIMIT %s",  # noqa: S608
        [*titled_params, *values, demande.limite],
    )
    if len(best) < demande.limite:
        held = {row[0] for row in best}
        others = _rows(f"SELECT x.id {found} ORDER BY x.id DESC LIMIT {demande.limite + len(best)}", params)
        best += [(row[0], 0.1) for row in others if row[0] not in held][: demande.limite - len(best)]
    return best


def _named(counted: dict, values: dict[str, str]) -> dict[str, dict[str, int]]:
    return {name: {values[char]: n for char, n in one.most_common() if values[char]} for name, one in counted.items()}


def _values() -> dict[tuple[str, str], str]:
    """The character of each value of each facet."""
    return {
        (name, value): char_of(key) for key, name, value in _rows("SELECT id, facette, valeur FROM search_valeur", [])
    }


def _value(name: str, value: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("INSERT OR IGNORE INTO search_valeur (facette, valeur) VALUES (%s, %s)", [name, value])
    return char_of(_one("SELECT id FROM search_valeur WHERE facette = %s AND valeur = %s", [name, value]))


def _ints(numbers: Iterable[int]) -> str:
    return ", ".join(str(int(number)) for number in numbers)


def _rows(query: str, params: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return cursor.fetchall()


def _one(query: str, params: list) -> object:
    return _rows(query, params)[0][0]
