"""What an engine is asked, what it answers, and the one interface of the three."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from search.enums import Tri

# No page goes deeper: beyond, the reader is asked to be more precise.
PROFONDEUR = 500


@dataclass(frozen=True)
class Terme:
    """A word or a phrase, as roots that follow one another. With `debut` the last one is only how a root begins."""

    racines: tuple[str, ...]
    debut: bool = False


# Any of them will do.
Groupe = tuple[Terme, ...]


@dataclass(frozen=True)
class Demande:
    """All the groups, none of the exclusions, for these audiences; without group, all that may be read.

    `audiences` are ids of SearchAudience. An empty set answers nothing: it is never « no filter ». `filtres` gives, for
    a facet, the values kept. `sans` are entries to leave out, whatever the engine holds of them. With `minimum`, that
    many groups are enough.
    """

    groupes: tuple[Groupe, ...]
    audiences: frozenset[int]
    exclus: Groupe = ()
    filtres: Mapping[str, frozenset[str]] = field(default_factory=dict)
    sans: frozenset[int] = frozenset()
    minimum: int = 0
    tri: Tri = Tri.PERTINENCE
    limite: int = PROFONDEUR


@dataclass(frozen=True)
class Trouvailles:
    """Keys of entries with the score of their text, best first (the greater, the better), `limite` at most.

    `total` is exact. `facettes` counts, for each facet, what each value would give with all filters but its own.
    `simplifiee` says that another engine answered in the place of the one that was chosen.
    """

    rangs: list[tuple[int, float]]
    total: int
    facettes: dict[str, dict[str, int]]
    simplifiee: bool = False


@dataclass(frozen=True)
class Texte:
    """An entry as engines store it: roots, what it is filtered by, and `amorces`, the words that a few letters find
    it by while one types, with their roots.
    """

    pk: int
    version: int
    titre: str
    corps: str
    amorces: str
    audience: int
    facettes: dict[str, str]
    analyse: int
    date: int = 0  # days since 0001-01-01, 0 when unknown


@dataclass(frozen=True)
class Ecarts:
    """Keys on which an engine and the table disagree."""

    manquantes: list[int]
    perimees: list[int]
    fantomes: list[int]

    def __bool__(self) -> bool:
        return bool(self.manquantes or self.perimees or self.fantomes)

    @property
    def total(self) -> int:
        return len(self.manquantes) + len(self.perimees) + len(self.fantomes)


@dataclass(frozen=True)
class Etat:
    """How an engine is: `ok`, what to say of it, and its figures."""

    nom: str
    ok: bool
    detail: str = ""
    entrees: int = 0


class MoteurInjoignable(Exception):
    """The engine did not answer in time; the database one takes its place."""


class Moteur(Protocol):
    """What every engine does. It holds no rule of French nor of ranking: roots come in, keys come out."""

    nom: str

    def index(self, textes: Iterable[Texte]) -> None:
        """Writes or replaces, inside the caller's transaction for the engines of the database."""

    def remove(self, keys: Collection[int]) -> None:
        """Forgets; an unknown key is no error."""

    def search(self, demande: Demande) -> Trouvailles: ...

    def suggest(
        self, debuts: tuple[Groupe, ...], audiences: frozenset[int], sans: frozenset[int], nombre: int
    ) -> list[int]:
        """Entries whose `amorces` hold all these beginnings of words, best first: titles, and what cards say.

        Who shows them reads their rows and asks `Lecteur.may_find`: a cluster may lag behind the table.
        """

    def count(self, demande: Demande, au_plus: int) -> int:
        """How many, counted up to `au_plus`: enough to know whether a correction gives something."""

    def counts(self, demandes: list[Demande], au_plus: int) -> list[int]:
        """`count` of each, in one exchange with a cluster."""

    def check(self) -> Ecarts:
        """What differs from the table of entries."""

    def rebuild(self, textes: Callable[..., Iterable[Texte]], avance: Callable[[int], None]) -> None:
        """Makes the index anew without missing an entry meanwhile; `avance` is told how many are done.

        `textes` gives all the entries, or those of the rows it is given.
        """

    def health(self) -> Etat: ...
