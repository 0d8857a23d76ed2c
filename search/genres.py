"""The kinds of entries and the tabs of the page, as the other apps declare them."""

from functools import cache

from extranet.lib.apports import Genre, collect

LAST = 1000


@cache
def all_genres() -> dict[str, Genre]:
    """By kind, in the order of the tabs. Read once: looking for contributions costs more than a suggestion."""
    return {genre.kind: genre for genre in sorted(collect("genres"), key=lambda genre: genre.ordre)}


def undeclared(kind: str) -> Genre:
    """A kind whose app says nothing of it: shown by its own name, after the others."""
    return Genre(kind, kind, kind.replace("_", " ").capitalize(), "accueil", "file-earmark-text", LAST)


def genre_of(kind: str, known: dict[str, Genre]) -> Genre:
    return known.get(kind) or undeclared(kind)
