"""The documents that a reader may see, narrowed and counted.

All of them are read at once as columns: a facet counts what the others leave, which a database would have to walk once
a facet. Each column comes as one string, since twenty thousand rows cost more to make in Python than to find.
"""

import json
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from heapq import nlargest
from itertools import chain, compress
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Substr
from django.utils import timezone

from collectivites.enums import Strate
from collectivites.models import Collectivite, Theme
from ressources.enums import Source
from ressources.filtres import A_JOUR, A_REMPLIR, SE_REMPLIT, Choix, Tri
from ressources.models import (
    ModeleARemplir,
    PublicVise,
    Reprise,
    RessourcePage,
    Telechargement,
    TypeRessource,
    VersionFichier,
)
from ressources.models.ressource import GENRE
from ressources.models.usage import Avis
from search.models import SearchEntry

if TYPE_CHECKING:
    from collectivites.models import Agent


class Nommee(NamedTuple):
    """What an address names by a word: a theme, a type, a métier, a commune with its population."""

    pk: int
    slug: str
    nom: str
    population: int | None


# What a document was worth to others: a commune that uses it, one that took it, a reader who found it useful.
UTILISE, PRIS, UTILE, INUTILE = 5, 1, 2, -1
MULTIPLES = ("public",)
# How each database makes a list of a column.
LISTE = {"sqlite": "json_group_array({})", "postgresql": "json_agg({})::text"}
LIBELLES: dict[str, dict[str, str]] = {
    "strate": dict(Strate.choices),
    "source": dict(Source.choices),
    "fiabilite": {A_JOUR: "à jour seulement"},
    "modele": {SE_REMPLIT: "se remplit pour votre commune", A_REMPLIR: "à compléter à la main"},
}


@dataclass(frozen=True)
class Fonds:
    """The documents of a reader, the newest first: `colonnes` give, for each facet, the value of each of them.

    Themes, types, métiers and communes are keys in the columns (that of « public » holds tuples), words in addresses:
    `nommes` gives both, by facet.
    """

    pks: Sequence[int]
    colonnes: dict[str, Sequence[Hashable]]
    nommes: dict[str, dict[int, Nommee]]
    entrees: Sequence[int | None] = ()
    parutions: Sequence[str] = ()

    def nouveaux(self, nombre: int) -> list[int]:
        """The last published, which are not the last checked."""
        return [pk for _, pk in nlargest(nombre, zip(self.parutions, self.pks, strict=True))]

    def keys_of(self, name: str, values: frozenset[str]) -> frozenset:
        """The values of an address, as they stand in a column."""
        if name not in self.nommes:
            return values
        return frozenset(pk for pk, one in self.nommes[name].items() if one.slug in values)

    def value_of(self, name: str, key: Hashable) -> str:
        return self.nommes[name][key].slug if name in self.nommes else str(key)


@dataclass(frozen=True)
class Selection:
    """`pks` in the order asked for; `comptes` gives, for each facet, what each value would leave."""

    pks: list[int]
    comptes: dict[str, Counter] = field(default_factory=dict)


def read_fonds(agent: "Agent", *, entrees: bool = False) -> Fonds:
    """Two queries, whatever the number of documents; with `entrees`, the keys of their entries in the search."""
    nommes = named()
    found, pairs = _columns(_rows(agent, entrees=entrees), _publics())
    pks, commune = found["pk"], found["collectivite_id"]
    strates = {pk: Collectivite(population_totale=one.population).strate or "" for pk, one in nommes["commune"].items()}
    held = _by_page(pairs)
    colonnes = {
        "theme": found["theme_id"],
        "type": found["type_id"],
        "strate": [said or strates[pk] for said, pk in zip(found["strate"], commune, strict=True)],
        "fiabilite": found["a_jour"],
        "modele": found["modele"],
        "public": [held.get(pk, ()) for pk in pks],
        "source": found["source"],
        "commune": commune,
        "annee": [day[:4] if day else _year(hour) for day, hour in zip(found["effet"], found["publie"], strict=True)],
    }
    return Fonds(pks, colonnes, nommes, found["entree"], found["publie"])


def _columns(*parts: QuerySet) -> list[dict[str, list]]:
    """Each column of each `values()` whole, by its name, in the order of its rows. One query for all of them.

    The lists of a part are made side by side from the same rows: a value stands at the same place in all of them.
    """
    names = [[*rows.query.values_select, *rows.query.annotation_select] for rows in parts]
    try:
        asked = [rows.query.sql_with_params() for rows in parts]
    except EmptyResultSet:  # who reads nothing
        return [{name: [] for name in own} for own in names]
    made = [_lists(own, sql, f"x{rank}") for rank, (own, (sql, _)) in enumerate(zip(names, asked, strict=True))]
    with connection.cursor() as cursor:
        # A row of each: side by side, they are one.
        cursor.execute(f"SELECT * FROM {', '.join(made)}", [one for _, params in asked for one in params])  # noqa: S608
        found = iter(cursor.fetchone())
    return [{name: json.loads(next(found) or "[]") for name in own} for own in names]


def _lists(names: list[str], sql: str, alias: str) -> str:
    lists = [LISTE[connection.vendor].format(f"x.{connection.ops.quote_name(name)}") for name in names]
    named = ", ".join(f"{one} AS c{rank}" for rank, one in enumerate(lists))
    return f"(SELECT {named} FROM ({sql}) x) {alias}"  # noqa: S608 - our own names


def named() -> dict[str, dict[int, Nommee]]:
    """Those of each facet, in the order of the territory. One query."""
    none = Value(None, IntegerField())
    parts = [
        model.objects.order_by().values_list("pk", "slug", "nom", none, Value(name, CharField()), rank)
        for name, model, rank in [
            ("theme", Theme, F("ordre")),
            ("type", TypeRessource, F("ordre")),
            ("public", PublicVise, F("ordre")),
        ]
    ]
    communes = Collectivite.objects.order_by().values_list(
        "pk", "slug", "nom", "population_totale", Value("commune", CharField()), Value(0, IntegerField())
    )
    found: dict[str, dict[int, Nommee]] = {"theme": {}, "type": {}, "public": {}, "commune": {}}
    for *named, name, _ in sorted(communes.union(*parts, all=True), key=itemgetter(5, 2)):
        found[name][named[0]] = Nommee(*named)
    return found


def _rows(agent: "Agent", *, entrees: bool) -> QuerySet:
    """What comes as the database holds it: making dates and booleans of each row costs more than reading them."""
    today = timezone.localdate()
    doubtful = Q(remplacee_par__isnull=False) | Q(perime_le__lte=today) | Q(a_verifier_avant__lte=today)
    published = Cast("first_published_at", CharField())
    entry = SearchEntry.objects.filter(kind=GENRE, objet=OuterRef("pk")).order_by().values("pk")[:1]
    return (
        RessourcePage.objects.visible_to(agent)
        .alias(recence=Coalesce(Cast("verifie_le", CharField()), published))
        .annotate(
            effet=Cast("date_effet", CharField()),
            publie=Coalesce(Substr(published, 1, 19), Value("")),
            a_jour=Case(When(doubtful, then=Value("")), default=Value(A_JOUR), output_field=CharField()),
            modele=_modele(),
            entree=Subquery(entry) if entrees else Value(None, IntegerField()),
        )
        .order_by("-recence", "-pk")
        .values(
            *("pk", "theme_id", "type_id", "strate", "source", "collectivite_id"),
            *("effet", "publie", "a_jour", "modele", "entree"),
        )
    )


def _modele() -> Case:
    """How a document is completed: by the extranet when a file in use of its sheet is marked so, else by hand."""
    # From the models, which are few: the table of versions holds all the texts.
    current = VersionFichier.objects.current().filter(pk=OuterRef("version"))
    marked = ModeleARemplir.objects.filter(Exists(current)).order_by().values("version__fichier__page")
    return Case(
        When(pk__in=marked, then=Value(SE_REMPLIT)),
        When(a_remplir=True, then=Value(A_REMPLIR)),
        default=Value(""),
        output_field=CharField(),
    )


def _year(hour: str) -> str:
    """Of « 2025-12-31 23:30:00 », in UTC: in Paris that last hour is the first of the next year."""
    return str(int(hour[:4]) + 1) if hour[5:13] >= "12-31 23" else hour[:4]


def _publics() -> QuerySet:
    """Of all pages: the caller knows which of them may be read."""
    return RessourcePage.publics.through.objects.values("ressourcepage_id", "publicvise_id")


def _by_page(pairs: dict[str, list]) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    for page, public in zip(*pairs.values(), strict=True):
        found[page] = (*found[page], public) if page in found else (public,)
    return found


def select(fonds: Fonds, choix: Choix, trouves: Sequence[int] | None = None) -> Selection:
    """What the filters leave, among `trouves` when words were asked for (keys of pages, best first)."""
    among = set(trouves) if trouves is not None else None
    base = [[pk in among for pk in fonds.pks]] if among is not None else []
    kept = {name: fonds.keys_of(name, values) for name, values in choix.kept.items()}
    passing = {name: _kept(fonds.colonnes[name], name, keys) for name, keys in kept.items()}
    comptes = {}
    for name, column in fonds.colonnes.items():
        others = base + [flags for other, flags in passing.items() if other != name]
        values = compress(column, _all(others)) if others else column
        counted = Counter(chain.from_iterable(values) if name in MULTIPLES else values)
        comptes[name] = Counter({fonds.value_of(name, key): n for key, n in counted.items() if key != ""})
    narrowed = base + list(passing.values())
    pks = list(compress(fonds.pks, _all(narrowed)) if narrowed else fonds.pks)
    return Selection(sort(pks, choix.tri, trouves), comptes)


def _kept(column: Sequence, name: str, keys: frozenset) -> list[bool]:
    if name in MULTIPLES:
        return [not keys.isdisjoint(one) for one in column]
    return [one in keys for one in column]


def _all(flags: list[list[bool]]) -> list[bool]:
    return flags[0] if len(flags) == 1 else [all(one) for one in zip(*flags, strict=True)]


def sort(pks: list[int], tri: Tri, trouves: Sequence[int] | None) -> list[int]:
    """`pks` come the newest first; an equal worth keeps that order."""
    if tri == Tri.PERTINENCE and trouves is not None:
        left = set(pks)
        return [pk for pk in trouves if pk in left]
    if tri == Tri.UTILITE:
        worth = worths()
        return sorted(pks, key=lambda pk: -worth.get(pk, 0))
    return pks


def worths() -> Counter:
    """What each document was worth to others, by page; of all pages. One query."""
    taken = Telechargement.objects.order_by().values_list("version__fichier__page")
    used = Reprise.objects.order_by().values_list("page")
    opinions = Avis.objects.order_by().values_list("page")
    parts = [
        used.annotate(n=Count("pk") * UTILISE),
        opinions.filter(utile=True).annotate(n=Count("pk") * UTILE),
        opinions.filter(utile=False).annotate(n=Count("pk") * INUTILE),
    ]
    found: Counter = Counter()
    for page, n in taken.annotate(n=Count("collectivite", distinct=True) * PRIS).union(*parts, all=True):
        found[page] += n
    return found


def libelle(fonds: Fonds, name: str, value: str) -> str:
    """A value of a facet in words; empty for what names nothing."""
    if name in fonds.nommes:
        return next((one.nom for one in fonds.nommes[name].values() if one.slug == value), "")
    if name == "annee":
        return value if value.isascii() and value.isdigit() and len(value) == 4 else ""
    said = LIBELLES[name].get(value, "")
    return said[:1].upper() + said[1:]
