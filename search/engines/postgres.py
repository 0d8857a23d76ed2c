"""PostgreSQL full text: for a territory, with nothing to install beside the database.

One row per entry in `search_vecteur`, what it is filtered and counted by first: counting reads short rows, vectors lie
apart. One in `search_titre`, where titles, and what cards say, stand in the row: thousands are read while one types.
Both live and die in the transaction of the entry.
"""

from collections.abc import Collection
from dataclasses import replace

from django.db import connection

from search.engines.base import Demande, Texte
from search.engines.tables import Kept, MoteurDeBase, Rangs, ints, narrowing, readable, rows, run
from search.engines.vecteurs import demande_like, demande_ts, exclus_ts, has_phrase, vecteur
from search.enums import Tri

TABLES = (
    "CREATE TABLE search_valeur (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, facette text NOT NULL,"
    " valeur text NOT NULL, UNIQUE (facette, valeur))",
    "CREATE TABLE search_vecteur (id bigint PRIMARY KEY, audience integer NOT NULL, date integer NOT NULL,"
    ' "analyse" integer NOT NULL, version bigint NOT NULL, code text NOT NULL, tsv tsvector NOT NULL,'
    " suite text) WITH (toast_tuple_target = 128)",
    # Read again for each phrase: taking them as they are is faster than unpacking them.
    "ALTER TABLE search_vecteur ALTER tsv SET STORAGE EXTERNAL",
    "CREATE INDEX search_vecteur_suite ON search_vecteur (id) WHERE suite IS NOT NULL",
    "CREATE TABLE search_titre (id bigint PRIMARY KEY, audience integer NOT NULL, code text NOT NULL,"
    " tsv tsvector NOT NULL)",
    # Without a list of what waits to be sorted: searches would read all of it.
    "CREATE INDEX search_vecteur_tsv ON search_vecteur USING gin (tsv) WITH (fastupdate = off)",
    "CREATE INDEX search_titre_tsv ON search_titre USING gin (tsv) WITH (fastupdate = off)",
)
COLUMNS = {
    "search_vecteur": ("id", "audience", "date", '"analyse"', "version", "code", "tsv", "suite"),
    "search_titre": ("id", "audience", "code", "tsv"),
}
# Above, titles are scored first: reading the vectors of tens of thousands of rows takes longer than a reader waits.
TOUT_PESER, TITRES = 500, 1_000
# While one types, an answer is due before the next letter: of a beginning that thousands have, the newest. They are
# looked for among the last entries first: the index would give the tens of thousands of titles that begin so.
AMORCES, RECENTES = 200, 4_000
# Words are found by their indexes, by one process, without compiling what runs for a few milliseconds.
SETTINGS = {"enable_seqscan": "off", "jit": "off", "max_parallel_workers_per_gather": "0"}
BY_INDEX = "; ".join(f"SET LOCAL {name} = {value}" for name, value in SETTINGS.items())
AS_BEFORE = "; ".join(f"SET LOCAL {name} TO DEFAULT" for name in SETTINGS)
WEIGHTS = "'{0.05, 0.1, 0.2, 1}'"


class PostgresMoteur(MoteurDeBase):
    """The port over tsvector and GIN."""

    nom = "PostgreSQL"
    table = "search_vecteur"

    def create(self) -> None:
        for statement in TABLES:
            run(statement)

    def _write(self, textes: list[Texte], codes: dict[int, str]) -> None:
        one_each = list({texte.pk: texte for texte in textes}.values())
        vectors = [vecteur(one.titre, one.corps) for one in one_each]
        self._upsert(
            "search_vecteur",
            [
                (one.pk, one.audience, one.date, one.analyse, one.version, codes[one.pk], words.litteral, words.suite)
                for one, words in zip(one_each, vectors, strict=True)
            ],
        )
        titles = [(one.pk, one.audience, codes[one.pk], vecteur("", one.amorces).litteral) for one in one_each]
        self._upsert("search_titre", titles)

    def _upsert(self, table: str, values: list[tuple]) -> None:
        columns = COLUMNS[table]
        row = "(" + ", ".join("%s::tsvector" if name == "tsv" else "%s" for name in columns) + ")"
        fresh = ", ".join(f"{name} = EXCLUDED.{name}" for name in columns[1:])
        run(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * len(values))}"  # noqa: S608
            f" ON CONFLICT (id) DO UPDATE SET {fresh}",
            [value for one in values for value in one],
        )

    def remove(self, keys: Collection[int]) -> None:
        super().remove(keys)
        if keys:
            run(f"DELETE FROM search_titre WHERE id IN ({ints(keys)})")  # noqa: S608 - integers only

    def _rows(self, query: str, params: Collection) -> list[tuple]:
        """By the indexes, in one exchange: PostgreSQL takes reading all the vectors, which lie apart, for cheap."""
        with connection.cursor() as cursor:
            cursor.execute(f"{BY_INDEX}; {query}; {AS_BEFORE}", params)
            for _ in SETTINGS:
                cursor.nextset()
            return cursor.fetchall()

    def _matching(self, demande: Demande, *, titre: bool = False) -> tuple[str, list]:
        may_be_read = readable(demande)
        if not demande.groupes and not demande.exclus:
            return f"FROM search_vecteur x WHERE {may_be_read}", []
        asked = demande_ts(demande) if demande.groupes else exclus_ts(demande.exclus)
        if titre:
            return f"FROM search_titre x WHERE x.tsv @@ %s::tsquery AND {may_be_read}", [asked]
        if not has_phrase(demande):
            return f"FROM search_vecteur x WHERE x.tsv @@ %s::tsquery AND {may_be_read}", [asked]
        return self._with_long_texts(demande, asked, may_be_read)

    def _with_long_texts(self, demande: Demande, asked: str, may_be_read: str) -> tuple[str, list]:
        """Vectors do not hold all the phrases of long texts, hence a second reading for those."""
        like, params = demande_like(demande)
        words = [demande_ts(demande, phrases=False)] if demande.groupes else []
        probable = "x.tsv @@ %s::tsquery AND " if words else ""
        rows_of = "SELECT x.id, x.date, x.code FROM search_vecteur x WHERE"
        held = f"{rows_of} x.tsv @@ %s::tsquery AND x.suite IS NULL AND {may_be_read}"
        long = f"{rows_of} {probable}x.suite IS NOT NULL AND {may_be_read} AND {like}"
        return f"FROM ({held} UNION ALL {long}) x WHERE TRUE", [asked, *words, *params]

    def _pass(self, demande: Demande, kept: Kept) -> tuple[str, list[int]]:
        found, params = self._matching(demande)
        narrowed, values = narrowing(kept)
        order = "x.date DESC, x.id DESC" if demande.tri == Tri.DATE or not demande.groupes else "x.id DESC"
        codes, newest = self._rows(
            f"WITH m AS MATERIALIZED (SELECT x.id, x.date, x.code {found})"  # noqa: S608
            " SELECT (SELECT string_agg(code, '') FROM m), ARRAY("
            f"SELECT x.id FROM m x WHERE TRUE{narrowed} ORDER BY {order} LIMIT %s)",
            [*params, *values, max(demande.limite, TOUT_PESER)],
        )[0]
        return codes or "", newest

    def _ranked(self, demande: Demande, kept: Kept, total: int, newest: list[int]) -> Rangs:
        if demande.groupes and demande.tri != Tri.DATE:
            return self._weighed(demande, kept, total, newest)
        return [(key, 0.0) for key in newest[: demande.limite]]

    def _weighed(self, demande: Demande, kept: Kept, total: int, newest: list[int]) -> Rangs:
        asked = demande_ts(replace(demande, exclus=()))
        if total <= TOUT_PESER:
            scored = (
                f"SELECT x.id, ts_rank({WEIGHTS}, x.tsv, %s::tsquery, 1)::float8 s FROM search_vecteur x"  # noqa: S608
                " WHERE x.id = ANY(%s) ORDER BY s DESC, x.id DESC LIMIT %s"
            )
            return self._rows(scored, [asked, newest, demande.limite])
        best = self._by_titles(demande, kept)
        held = {key for key, _ in best}
        lacking = demande.limite - len(best)
        return best + [(key, 0.1 * best[-1][1] if best else 0.1) for key in newest if key not in held][:lacking]

    def _by_titles(self, demande: Demande, kept: Kept, newest_only: int = TITRES, among: int = 0) -> Rangs:
        """Of the newest that match, the best; `among` bounds how many entries are looked at."""
        titled, params = self._titled(demande, kept)
        if among:
            latest = f"(SELECT * FROM search_titre ORDER BY id DESC LIMIT {int(among)}) x"  # noqa: S608 - an integer
            titled = titled.replace("search_titre x", latest, 1)
        newest = f"SELECT x.id, x.tsv {titled} ORDER BY x.id + 0 DESC LIMIT {int(newest_only)}"
        best = (
            "SELECT id, ts_rank('{1, 1, 1, 1}', tsv, %s::tsquery, 1)::float8 s"  # noqa: S608
            f" FROM ({newest}) x ORDER BY s DESC, id DESC LIMIT %s"
        )
        return self._rows(best, [demande_ts(replace(demande, exclus=())), *params, demande.limite])

    def _best_titles(self, demande: Demande, nombre: int) -> list[int]:
        asked = replace(demande, limite=nombre)
        best = self._by_titles(asked, {}, AMORCES, RECENTES)
        if len(best) < min(nombre, AMORCES):
            best = self._by_titles(asked, {}, AMORCES)
        return [key for key, _ in best]

    def _whole(self) -> set[int]:
        return {row[0] for row in rows("SELECT id FROM search_vecteur INTERSECT SELECT id FROM search_titre")}

    def tidy(self) -> None:
        if not connection.in_atomic_block:
            run("VACUUM (ANALYZE) search_vecteur, search_titre")
