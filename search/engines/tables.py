"""What the two engines of a database share: they hold the same columns and answer the same questions in two languages.

`table` has a row per entry: `id`, `code` (one character per facet, see facettes.py), `audience`, `date`, `version` and
`analyse`. Each engine says how words are matched against it and how texts are weighed.
"""

VALEURS = "CREATE TABLE search_valeur (id {key}, facette TEXT NOT NULL, valeur TEXT NOT NULL, UNIQUE (facette, valeur))"
LOT = 200
Kept = dict[str, frozenset[str]]
