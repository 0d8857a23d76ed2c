"""Facets as the databases hold them: a character per value, so that those of a whole result are one string."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import compress

# Code points that are no letter of a text; the surrogates cannot be stored and are stepped over.
_FIRST, _SURROGATES, _STEPPED = 256, 0xD800, 0x800
FEW = 40


def char_of(number: int) -> str:
    """The character that stands for a value; `number` is its key, from 1."""
    point = _FIRST + number
    return chr(point + _STEPPED if point >= _SURROGATES else point)


def counts(
    codes: str, names: Sequence[str], kept: Mapping[str, frozenset[str]], values: Mapping[str, Collection[str]]
) -> tuple[int, dict[str, dict[str, int]]]:
    """The total, and for each facet its characters counted under all filters but its own.

    `codes` holds len(names) characters per row, in the order of `names`; `kept` gives the characters a filter keeps,
    `values` all those of a facet.
    """
    columns = {name: codes[at :: len(names)] for at, name in enumerate(names)}
    passing = {name: [char in wanted for char in columns[name]] for name, wanted in kept.items()}
    counted = {}
    for name in names:
        others = [flags for other, flags in passing.items() if other != name]
        column = "".join(compress(columns[name], _all(others))) if others else columns[name]
        counted[name] = _counted(column, values.get(name, ()))
    rows = len(codes) // len(names)
    return (sum(_all(list(passing.values()))) if passing else rows), counted


def _counted(column: str, values: Collection[str]) -> dict[str, int]:
    """The most frequent first. A few characters are counted one by one: each costs a fiftieth of a reading of all."""
    if len(values) > FEW:
        return dict(Counter(column).most_common())
    found = ((char, column.count(char)) for char in values)
    return dict(sorted(((char, n) for char, n in found if n), key=lambda pair: -pair[1]))


def _all(flags: list[list[bool]]) -> list[bool]:
    return flags[0] if len(flags) == 1 else [all(one) for one in zip(*flags, strict=True)]
