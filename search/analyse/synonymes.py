"""The table of synonyms as the reading of a query uses it: roots to roots, the longest expression first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from search.analyse.mots import mots, racine

Racines = tuple[str, ...]


@dataclass(frozen=True)
class Synonymes:
    """For the roots of an expression, those of the expressions that stand for it; `ecrites` are all their roots."""

    table: dict[Racines, tuple[Racines, ...]] = field(default_factory=dict)
    longueur: int = 1
    ecrites: frozenset[str] = frozenset()

    @classmethod
    def of_lists(cls, lists: Iterable[tuple[Sequence[str], bool]]) -> "Synonymes":
        """From lists of expressions, each with whether only its first one stands for the others."""
        table: dict[Racines, dict[Racines, None]] = {}
        written: set[str] = set()
        for expressions, one_way in lists:
            roots = list(dict.fromkeys(tuple(map(racine, mots(one))) for one in expressions))
            written.update(root for expression in roots for root in expression)
            for source in roots[:1] if one_way else roots:
                table.setdefault(source, {}).update(dict.fromkeys(other for other in roots if other != source))
        table.pop((), None)
        return cls(
            {source: tuple(others) for source, others in table.items()},
            max([1, *(len(source) for source in table)]),
            frozenset(written),
        )

    def of(self, words: Sequence[str]) -> tuple[Racines, ...]:
        return self.table.get(tuple(map(racine, words)), ())

    def longest(self, words: Sequence[str]) -> tuple[int, tuple[Racines, ...]]:
        """How many of the first words make an expression of the table, with its others; (1, ()) for none."""
        for length in range(min(self.longueur, len(words)), 0, -1):
            if others := self.of(words[:length]):
                return length, others
        return 1, ()
