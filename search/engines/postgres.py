"""PostgreSQL full text: for a territory."""


class PostgresMoteur:
    nom = "PostgreSQL"
