"""What the address of the list asks for, and the addresses that change one thing of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import ClassVar, Self
from urllib.parse import urlencode

from django.db.models import TextChoices
from django.http import QueryDict

from search.analyse.requete import clean

ADRESSE = "/ressources/"
# The facets, by their word in addresses and in the order of the column, with their name and its plural.
FACETTES = {
    "theme": ("Thème", "thèmes"),
    "type": ("Type de document", "types"),
    "strate": ("Taille de commune", "tailles"),
    "fiabilite": ("Fiabilité", ""),
    "modele": ("Modèles", ""),
    "public": ("Pour quel métier", "métiers"),
    "source": ("Qui l’a écrit", "sources"),
    "commune": ("Proposé par", "communes"),
    "annee": ("Année", "années"),
}
A_JOUR, A_REMPLIR, SE_REMPLIT = "a_jour", "1", "seul"
MAX_VALUES, MAX_LENGTH = 30, 120


class Tri(TextChoices):
    """`PERTINENCE` asks for words; without any, the newest come first."""

    PERTINENCE = "pertinence", "pertinence"
    RECENCE = "recence", "date de mise à jour"
    UTILITE = "utilite", "utilité"


Filtres = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Choix:
    """`q` is what was typed, `filtres` the values kept by facet, `exact` refuses another spelling."""

    q: str = ""
    filtres: Filtres = ()
    demande_tri: str = ""
    page: str = "1"
    exact: bool = False
    coupee: bool = field(default=False, compare=False)

    adresse: ClassVar[str] = ADRESSE
    facettes: ClassVar[dict[str, tuple[str, str]]] = FACETTES

    @classmethod
    def of(cls, params: QueryDict) -> Self:
        """Anything may be written in an address: what means nothing is left out."""
        text, cut = clean(params.get("q", ""))
        filtres = ((name, _values(params.getlist(name))) for name in cls.facettes)
        return cls(
            q=text,
            filtres=tuple((name, values) for name, values in filtres if values),
            demande_tri=tri if (tri := params.get("tri", "")) in Tri.values else "",
            page=params.get("page", "1")[:6],
            exact=params.get("exact") == "1",
            coupee=cut,
        )

    @property
    def kept(self) -> dict[str, frozenset[str]]:
        return {name: frozenset(values) for name, values in self.filtres}

    @property
    def is_vide(self) -> bool:
        return not (self.q or self.filtres)

    @property
    def tri(self) -> Tri:
        if self.demande_tri == Tri.PERTINENCE and not self.q:
            return Tri.RECENCE
        return Tri(self.demande_tri or (Tri.PERTINENCE if self.q else Tri.RECENCE))

    @property
    def tri_dit(self) -> str:
        """The order, when the address must say it."""
        return "" if self.tri == replace(self, demande_tri="").tri else self.tri

    def url(self, **changes: object) -> str:
        """The address of the first page of this list, with some things changed."""
        asked = replace(self, page="1", **changes)
        pairs: list[tuple[str, str]] = [("q", asked.q)] if asked.q else []
        pairs += [(name, value) for name, values in asked.filtres for value in values]
        pairs += [("tri", asked.tri_dit)] if asked.tri_dit else []
        pairs += [("exact", "1")] if asked.exact else []
        return self.adresse + (f"?{urlencode(pairs)}" if pairs else "")

    @property
    def suite(self) -> str:
        """What follows an address that reads the same list: « ?theme=finances », or nothing."""
        return self.url().removeprefix(ADRESSE)

    def without(self, name: str, value: str) -> str:
        """The address without one value of a facet."""
        kept = ((one, tuple(v for v in values if (one, v) != (name, value))) for one, values in self.filtres)
        return self.url(filtres=tuple((one, values) for one, values in kept if values))


def url_of(**filtres: str) -> str:
    """The address of the list narrowed by one value a facet: `url_of(theme="finances")`."""
    return Choix(filtres=tuple((name, (value,)) for name, value in filtres.items())).url()


def _values(given: Iterable[str]) -> tuple[str, ...]:
    cleaned = (value.replace("\x00", "").strip()[:MAX_LENGTH] for value in list(given)[:MAX_VALUES])
    return tuple(dict.fromkeys(value for value in cleaned if value))
