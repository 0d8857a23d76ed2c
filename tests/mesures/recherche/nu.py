"""Bare FTS5, in a scratch file: the probe that the complete answers are compared with."""

import sqlite3
import time
from pathlib import Path

from search.analyse.mots import racines
from search.analyse.requete import lire
from search.analyse.synonymes import Synonymes
from search.engines.sqlite import match_of
from tests.mesures.recherche.corpus import Corpus

QUERY = "SELECT rowid FROM nu WHERE nu MATCH ? ORDER BY rank LIMIT 20"


class Nu:
    def __init__(self, path: Path) -> None:
        self.base = sqlite3.connect(path, isolation_level=None)
        self.base.execute("PRAGMA journal_mode = WAL")
        self.base.execute("PRAGMA cache_size = -16000")  # as the project's own connections

    def prepare(self, size: int) -> dict[str, float]:
        self.base.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS nu"
            " USING fts5(titre, corps, content='', tokenize='unicode61 remove_diacritics 0')"
        )
        if self.base.execute("SELECT 1 FROM nu WHERE rowid = ?", [size]).fetchone():
            return {"secondes": 0, "octets": 0}
        start = time.perf_counter()
        self.base.execute("BEGIN")
        texts = ((one.pk, racines(one.titre), racines(one.texte)) for one in Corpus(size).entrees())
        self.base.executemany("INSERT INTO nu (rowid, titre, corps) VALUES (?, ?, ?)", texts)
        self.base.execute("INSERT INTO nu (nu) VALUES ('optimize')")
        self.base.execute("COMMIT")
        return {"secondes": time.perf_counter() - start, "octets": 0}

    def search(self, queries: list[str]) -> list[tuple[float, float]]:
        """Milliseconds, then of processor, of what was typed as roots: no rights, no count, no text."""
        durations = []
        for query in queries:
            match = match_of(lire(query, Synonymes()).groupes)
            start, work = time.perf_counter(), time.process_time()
            self.base.execute(QUERY, [match]).fetchall()
            durations.append(((time.perf_counter() - start) * 1000, (time.process_time() - work) * 1000))
        return durations
