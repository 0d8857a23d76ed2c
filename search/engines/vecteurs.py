"""Roots as PostgreSQL stores and asks for them, written here so that its parser never touches a word.

PostgreSQL keeps positions up to 16 383, and 255 of them per word: past that it would miss phrases. The roots of such a
long text are kept beside (`suite`), and its phrases are looked for in them as in a string.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

from search.engines.base import Demande, Groupe, Terme

LAST_POSITION, MOST_POSITIONS = 16_383, 255
# PostgreSQL refuses a vector past 1 MB: only hundreds of thousands of different words, which are no text, get there.
LARGEST = 1_000_000
# Between a title and its text, for phrases not to begin in the one and end in the other.
EDGE = " | "


@dataclass(frozen=True)
class Vecteur:
    """A tsvector literal; `suite` is None when it holds every position."""

    litteral: str
    suite: str | None = None


def vecteur(titre: str, corps: str) -> Vecteur:
    """The words of the title weigh A, those of the text D, the weight that is not written."""
    in_title, in_text = titre.split(), corps.split()
    positions: dict[str, list[str]] = {}
    for at, word in enumerate(in_title, 1):
        positions.setdefault(word, []).append(f"{at}A")
    first = len(in_title) + 2
    for at, word in enumerate(in_text[: LAST_POSITION - first + 1], first):
        positions.setdefault(word, []).append(str(at))
    many = len(in_title) + len(in_text) > MOST_POSITIONS
    if not many or (first + len(in_text) <= LAST_POSITION and max(map(len, positions.values())) <= MOST_POSITIONS):
        return Vecteur(_literal(positions))
    every = positions | {word: [] for word in in_text if word not in positions}
    return Vecteur(_literal(_within(LARGEST, every)), f" {titre}{EDGE}{corps} ")


def _within(size: int, positions: dict[str, list[str]]) -> dict[str, list[str]]:
    """As many words as a vector takes, in the order of the text."""
    kept = {}
    for word, found in positions.items():
        kept[word] = found[:MOST_POSITIONS]
        # Two octets a position and their number, on an even address.
        size -= len(word) + 2 * len(kept[word]) + 4
        if size < 0:
            break
    return kept


def _literal(positions: dict[str, list[str]]) -> str:
    return " ".join(f"'{word}':{','.join(found)}" if found else f"'{word}'" for word, found in positions.items())


def demande_ts(demande: Demande, *, phrases: bool = True) -> str:
    """The tsquery of a question; with `phrases` False, what their words alone must match, exclusions left aside."""
    term = _phrase if phrases else _words
    groups = [_any(groupe, term) for groupe in demande.groupes]
    if demande.minimum and demande.minimum < len(groups):
        some = (" & ".join(chosen) for chosen in combinations(groups, demande.minimum))
        asked = " | ".join(f"({one})" for one in some)
    else:
        asked = " & ".join(groups)
    return f"({asked}) & !{_any(demande.exclus, term)}" if demande.exclus and phrases else asked


def exclus_ts(exclus: Groupe) -> str:
    return f"!{_any(exclus, _phrase)}"


def has_phrase(demande: Demande) -> bool:
    return any(len(terme.racines) > 1 for groupe in (*demande.groupes, demande.exclus) for terme in groupe)


def demande_like(demande: Demande) -> tuple[str, list[str]]:
    """The same question to `suite`, as conditions on a string."""
    groups = [_like(groupe) for groupe in demande.groupes]
    if demande.minimum and demande.minimum < len(groups):
        held = " + ".join(f"({sql})::int" for sql, _ in groups)
        asked = f"{held} >= {int(demande.minimum)}"
    else:
        asked = " AND ".join(f"({sql})" for sql, _ in groups) or "TRUE"
    params = [pattern for _, patterns in groups for pattern in patterns]
    if demande.exclus:
        sql, patterns = _like(demande.exclus)
        return f"{asked} AND NOT ({sql})", params + patterns
    return asked, params


def _like(groupe: Groupe) -> tuple[str, list[str]]:
    patterns = [f"% {' '.join(terme.racines)}{'' if terme.debut else ' '}%" for terme in groupe]
    return " OR ".join(["x.suite LIKE %s"] * len(patterns)), patterns


def _any(groupe: Groupe, term: Callable[[Terme], str]) -> str:
    return "(" + " | ".join(map(term, groupe)) + ")"


def _phrase(terme: Terme) -> str:
    return "(" + " <-> ".join(_roots(terme)) + ")"


def _words(terme: Terme) -> str:
    return "(" + " & ".join(_roots(terme)) + ")"


def _roots(terme: Terme) -> list[str]:
    return [f"'{root}'" for root in terme.racines[:-1]] + [f"'{terme.racines[-1]}'{':*' if terme.debut else ''}"]
