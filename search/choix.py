"""What the address of the search asks for, and the addresses that change one thing of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from search.analyse.requete import clean
from search.enums import Tri

# The facets of the column, by their word in addresses, with their name and its plural; the kind is chosen by the tabs.
FACETTES = {
    "theme": ("Thème", "thèmes"),
    "type": ("Type", "types"),
    "commune": ("Commune", "communes"),
    "annee": ("Année", "années"),
}
PAR_GENRE = "genre"
TRIS = {Tri.PERTINENCE.value: "pertinence", Tri.DATE.value: "date", PAR_GENRE: "genre"}
MAX_VALUES, MAX_LENGTH = 20, 120

Filtres = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Choix:
    """`q` is what was typed; `onglet` the word of a tab, or nothing; `filtres` the values kept, by facet."""

    q: str = ""
    onglet: str = ""
    filtres: Filtres = ()
    tri: str = Tri.PERTINENCE.value
    page: str = "1"
    exact: bool = False
    coupee: bool = field(default=False, compare=False)

    @classmethod
    def of(cls, params: QueryDict) -> "Choix":
        """Anything may be written in an address: words that name no choice are left out.

        A tab or a value that no entry has is kept, and finds nothing: to tell it from one that has entries which this
        reader may not see would say that they exist.
        """
        text, cut = clean(params.get("q", ""))
        filtres = ((name, _values(params.getlist(name))) for name in FACETTES)
        return cls(
            q=text,
            onglet=_value(params.get("genre", "")),
            filtres=tuple((name, values) for name, values in filtres if values),
            tri=tri if (tri := params.get("tri", "")) in TRIS else Tri.PERTINENCE.value,
            page=params.get("page", "1")[:6],
            exact=params.get("exact") == "1",
            coupee=cut,
        )

    @property
    def kept(self) -> dict[str, frozenset[str]]:
        return {name: frozenset(values) for name, values in self.filtres}

    @property
    def is_vide(self) -> bool:
        return not (self.q or self.onglet or self.filtres)

    @property
    def ordre(self) -> Tri:
        """What the engine is asked; results grouped by kind come by pertinence."""
        return Tri.DATE if self.tri == Tri.DATE else Tri.PERTINENCE

    def url(self, **changes: object) -> str:
        """The address of the first page of this search, with some things changed."""
        asked = replace(self, page="1", **changes)
        pairs: list[tuple[str, str]] = [("q", asked.q)] if asked.q else []
        pairs += [("genre", asked.onglet)] if asked.onglet else []
        pairs += [(name, value) for name, values in asked.filtres for value in values]
        pairs += [("tri", asked.tri)] if asked.tri != Tri.PERTINENCE else []
        pairs += [("exact", "1")] if asked.exact else []
        return reverse("search:recherche") + (f"?{urlencode(pairs)}" if pairs else "")

    def without(self, name: str, value: str) -> str:
        """The address without one value of a facet."""
        kept = ((one, tuple(v for v in values if (one, v) != (name, value))) for one, values in self.filtres)
        return self.url(filtres=tuple((one, values) for one, values in kept if values))

    def only(self, name: str, value: str) -> str:
        """The address of all that a facet holds for one of its values, whatever was typed."""
        return Choix(filtres=((name, (value,)),)).url()


def _values(given: Iterable[str]) -> tuple[str, ...]:
    cleaned = map(_value, list(given)[:MAX_VALUES])
    return tuple(dict.fromkeys(value for value in cleaned if value))


def _value(given: str) -> str:
    return given.replace("\x00", "").strip()[:MAX_LENGTH]
