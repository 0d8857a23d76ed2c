"""On PostgreSQL: French words, and queries made safe."""

from typing import Any

from modelsearch.backends.database.postgres.postgres import PostgresSearchBackend

from extranet.lib.moteur_admin.requetes import RequetesSures


class SearchBackend(RequetesSures, PostgresSearchBackend):
    """PostgreSQL’s own dictionary makes « contrats » find « contrat », whatever the language of the server."""

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__({"SEARCH_CONFIG": "french", **params})
