"""SQLite FTS5: the engine of an installation that has nothing else to install.

`search_tout` holds the roots of titles and texts, `search_titre` the words and roots that a few letters find an entry
by (`Texte.amorces`: its title, and all that a card says), `search_facette` what a result is filtered and counted by.
All three live and die in the transaction of the entry.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from itertools import combinations

from django.db import connection

from search.engines.base import Demande, Groupe, Terme, Texte
from search.engines.tables import Kept, MoteurDeBase, Rangs, ints, readable, rows, run

TABLES = (
    "CREATE VIRTUAL TABLE search_tout USING fts5(titre, corps, tokenize='unicode61 remove_diacritics 0')",
    "CREATE VIRTUAL TABLE search_titre USING fts5(titre, prefix='1 2 3', tokenize='unicode61 remove_diacritics 0')",
    "CREATE TABLE search_facette (id INTEGER PRIMARY KEY, code TEXT NOT NULL, audience INTEGER NOT NULL,"
    " date INTEGER NOT NULL, version INTEGER NOT NULL, analyse INTEGER NOT NULL)",
    "CREATE TABLE search_valeur (id INTEGER PRIMARY KEY AUTOINCREMENT, facette TEXT NOT NULL, valeur TEXT NOT NULL,"
    " UNIQUE (facette, valeur))",
)
FTS = ("search_tout", "search_titre")
# Above, the text is scored on titles first: scoring tens of thousands of rows takes longer than a reader waits.
TOUT_PESER, TITRES = 3_000, 2_000
# While one types, an answer is due before the next letter: of a beginning that thousands have, the newest.
AMORCES = 200
# Pages of the index merged at a time after a rebuild; who saves meanwhile waits for one of them.
PAGES = 2_000


class SqliteMoteur(MoteurDeBase):
    """The port over FTS5."""

    nom = "SQLite"
    table = "search_facette"

    def create(self) -> None:
        for statement in TABLES:
            run(statement)

    def _write(self, textes: list[Texte], codes: dict[int, str]) -> None:
        self.remove([texte.pk for texte in textes])
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO search_tout (rowid, titre, corps) VALUES (%s, %s, %s)",
                [(texte.pk, texte.titre, texte.corps) for texte in textes],
            )
            cursor.executemany(
                "INSERT INTO search_titre (rowid, titre) VALUES (%s, %s)",
                [(texte.pk, texte.amorces) for texte in textes],
            )
            cursor.executemany(
                "INSERT INTO search_facette (id, code, audience, date, version, analyse)"
                " VALUES (%s, %s, %s, %s, %s, %s)",
                [(t.pk, codes[t.pk], t.audience, t.date, t.version, t.analyse) for t in textes],
            )

    def remove(self, keys: Collection[int]) -> None:
        super().remove(keys)
        for table in FTS if keys else ():
            run(f"DELETE FROM {table} WHERE rowid IN ({ints(keys)})")  # noqa: S608 - integers only

    def _matching(self, demande: Demande, *, titre: bool = False) -> tuple[str, list]:
        """CROSS JOIN keeps SQLite from walking the facets first."""
        table, may_be_read = FTS[titre], readable(demande)
        if not demande.groupes:
            without, params = _without(demande.exclus)
            return f"FROM search_facette x WHERE {may_be_read}{without}", params
        match = match_of(demande.groupes, demande.exclus, demande.minimum)
        joined = f"FROM {table} f CROSS JOIN search_facette x ON x.id = f.rowid"
        return f"{joined} WHERE {table} MATCH %s AND {may_be_read}", [match]

    def _pass(self, demande: Demande, kept: Kept) -> tuple[str, list[int]]:
        found, params = self._matching(demande)
        return rows(f"SELECT group_concat(x.code, '') {found}", params)[0][0] or "", []

    def _weighed(self, demande: Demande, kept: Kept, total: int, newest: list[int]) -> Rangs:
        found, params = self._narrowed(demande, kept)
        if total <= TOUT_PESER:
            scored = f"SELECT x.id, -bm25(search_tout, 10.0, 1.0) s {found} ORDER BY s DESC, x.id DESC LIMIT %s"
            return rows(scored, [*params, demande.limite])
        best = self._by_titles(demande, kept)
        if (lacking := demande.limite - len(best)) > 0:
            held = {key for key, _ in best}
            others = rows(f"SELECT x.id {found} ORDER BY f.rowid DESC LIMIT %s", [*params, demande.limite + len(best)])
            best += [(key, 0.1) for (key,) in others if key not in held][:lacking]
        return best

    def _by_titles(self, demande: Demande, kept: Kept, newest_only: int = TITRES) -> Rangs:
        titled, params = self._titled(demande, kept)
        newest = f"SELECT x.id id, -bm25(search_titre) s {titled} ORDER BY f.rowid DESC LIMIT {int(newest_only)}"
        best = f"SELECT id, s FROM ({newest}) ORDER BY s DESC, id DESC LIMIT %s"  # noqa: S608
        return rows(best, [*params, demande.limite])

    def _best_titles(self, demande: Demande, nombre: int) -> list[int]:
        return [key for key, _ in self._by_titles(replace(demande, limite=nombre), {}, AMORCES)]

    def _whole(self) -> set[int]:
        return {row[0] for row in rows("SELECT rowid FROM search_tout INTERSECT SELECT rowid FROM search_titre")}

    def tidy(self) -> None:
        for table in FTS:
            step = f"INSERT INTO {table}({table}, rank) VALUES ('merge', %s)"  # noqa: S608
            run(step, [-PAGES])
            merged = 2
            while merged > 1:  # FTS5 counts one change when there was nothing left to merge
                before = connection.connection.total_changes
                run(step, [PAGES])
                merged = connection.connection.total_changes - before
        run("ANALYZE search_facette")


def _term(terme: Terme) -> str:
    return f'"{" ".join(terme.racines)}"{" *" if terme.debut else ""}'


def _any(termes: Groupe) -> str:
    return "(" + " OR ".join(map(_term, termes)) + ")"


def match_of(groupes: Iterable[Groupe], exclus: Groupe = (), minimum: int = 0) -> str:
    """The language of FTS5. Roots hold letters and digits only, so that nothing in them is an operator."""
    clauses = list(map(_any, groupes))
    if minimum and minimum < len(clauses):
        asked = " OR ".join("(" + " AND ".join(some) + ")" for some in combinations(clauses, minimum))
    else:
        asked = " AND ".join(clauses)
    return f"({asked}) NOT {_any(exclus)}" if exclus else asked


def _without(exclus: Groupe) -> tuple[str, list[str]]:
    if not exclus:
        return "", []
    return " AND x.id NOT IN (SELECT rowid FROM search_tout WHERE search_tout MATCH %s)", [_any(exclus)]
