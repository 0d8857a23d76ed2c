"""The things that the board shows: found by words, narrowed, counted and put in order, all of it in the database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When

from collectivites.models import Collectivite, TypeHabilitation
from materiel.enums import StatutMateriel, Transport
from materiel.models import Materiel
from materiel.models.page import GENRE
from materiel.registre.disponibilite import only_free
from materiel.vitrine.filtres import PAGES_TENUES, PAR_PAGE, Choix, Tri
from search.chercher import Reponse, chercher
from search.lecteur import Lecteur
from search.models import SearchEntry

if TYPE_CHECKING:
    from collectivites.models import Agent

# Of the entries that words find: all of them, since the filters come afterwards.
TOUT = 100_000
LIVRES = (Transport.LIVRAISON, Transport.LIVRE)
LOIN = 10_000


@dataclass(frozen=True)
class Rayon:
    """A category that holds something for this reader; `retires` of them are withdrawn from the lending."""

    code: str
    libelle: str
    n: int
    retires: int


@dataclass(frozen=True)
class Selection:
    """`materiels` from `debut` on, in the order asked for; `libres` is None without a period."""

    materiels: list[Materiel]
    total: int
    libres: int | None
    debut: int
    fin: int
    retires: int = 0
    rayons: list[Rayon] = field(default_factory=list)
    reponse: Reponse | None = None

    @property
    def reste(self) -> int:
        return self.total - self.fin


def select(choix: Choix, agent: "Agent", distances: Mapping[int, float], *, seule: bool = False) -> Selection:
    """Runs what the address asks for; `seule` reads the last page alone, for who has those before on the screen."""
    reponse = search(choix, agent)
    everything = narrowed(Materiel.objects.visible_to(agent), choix, reponse, distances)
    kept = everything.filter(categorie__code=choix.categorie) if choix.categorie else everything
    rayons = _rayons(everything)
    chosen = [one for one in rayons if choix.categorie in ("", one.code)]
    total = sum(one.n for one in chosen)
    free = None
    if choix.a_une_periode:
        lendable = only_free(kept, choix.debut, choix.fin, choix.combien)
        free = lendable.count()
        kept, total = (lendable, free) if choix.libres else (kept, total)
    last = min(choix.page, max(1, -(-total // PAR_PAGE)))
    start = (last - 1) * PAR_PAGE if seule else max(0, last - PAGES_TENUES) * PAR_PAGE
    shown = _page(kept, choix, reponse, distances, slice(start, last * PAR_PAGE))
    return Selection(
        materiels=shown,
        total=total,
        libres=free,
        debut=start,
        fin=start + len(shown),
        retires=sum(one.retires for one in chosen),
        rayons=rayons,
        reponse=reponse,
    )


def search(choix: Choix, agent: "Agent") -> Reponse | None:
    """What the search finds for the words; None when none were typed."""
    if not choix.quoi:
        return None
    return chercher(choix.quoi, Lecteur.of(agent), exact=choix.exact, genre=GENRE, limite=TOUT)


def distances_from(place: Collectivite | None) -> dict[int, float]:
    """Kilometres « à vol d’oiseau » from `place` to each collectivité whose position is known; one query, or none."""
    if place is None or place.latitude is None:
        return {}
    others = Collectivite.objects.exclude(latitude=None).order_by().only("latitude", "longitude")
    return {one.pk: place.distance_to(one) for one in others} | {place.pk: 0.0}


def narrowed(
    materiels: QuerySet[Materiel], choix: Choix, reponse: Reponse | None, distances: Mapping[int, float]
) -> QuerySet[Materiel]:
    """All filters but the category, whose chips show what each of them would leave."""
    if reponse is not None:
        found = SearchEntry.objects.filter(pk__in=reponse.rangs, kind=GENRE)
        materiels = materiels.filter(page__in=found.order_by().values("objet"))
    if choix.commune:
        materiels = materiels.filter(collectivite__slug=choix.commune)
    if choix.livraison:
        materiels = materiels.filter(transport__in=LIVRES)
    if choix.km:
        near = [pk for pk, km in distances.items() if km <= choix.km]
        materiels = materiels.filter(collectivite__in=near)
    return materiels


def _page(
    kept: QuerySet[Materiel],
    choix: Choix,
    reponse: Reponse | None,
    distances: Mapping[int, float],
    asked: slice,
) -> list[Materiel]:
    """What is withdrawn comes last, whatever the order. Each with the first `habilitation` that it asks for."""
    asks = TypeHabilitation.objects.filter(materiels=OuterRef("pk")).order_by("ordre", "libelle").values("libelle")[:1]
    shown = kept.for_list().defer("page__corps").annotate(habilitation=Subquery(asks))
    if choix.tri == Tri.PERTINENCE and reponse is not None:
        keys = _best_first(kept, reponse)[asked]
        known = shown.in_bulk(keys)
        return [known[pk] for pk in keys if pk in known]
    withdrawn = Case(When(statut=StatutMateriel.RETIRE, then=1), default=0, output_field=IntegerField())
    return list(shown.order_by(withdrawn, *_order(choix.tri, distances), "pk")[asked])


def _best_first(kept: QuerySet[Materiel], reponse: Reponse) -> list[int]:
    rank = {entry: n for n, entry in enumerate(reponse.rangs)}
    entry = SearchEntry.objects.filter(kind=GENRE, objet=OuterRef("page")).order_by().values("pk")[:1]
    rows = kept.order_by().annotate(entree=Subquery(entry)).values_list("statut", "entree", "pk")
    ordered = sorted((statut == StatutMateriel.RETIRE, rank.get(one, len(rank)), pk) for statut, one, pk in rows)
    return [pk for *_, pk in ordered]


def _order(tri: Tri, distances: Mapping[int, float]) -> list[object]:
    """Names in the order of their addresses, which have neither accents nor capitals."""
    if tri == Tri.NOUVEAUTES:
        return [F("page__first_published_at").desc(nulls_last=True)]
    if tri == Tri.NOM or not distances:
        return ["page__slug"]
    metres = [When(collectivite=pk, then=Value(round(1000 * km))) for pk, km in distances.items()]
    return [Case(*metres, default=Value(LOIN * 1000), output_field=IntegerField()), "page__slug"]


def _rayons(everything: QuerySet[Materiel]) -> list[Rayon]:
    withdrawn = Q(statut=StatutMateriel.RETIRE)
    rows = everything.order_by("categorie__ordre", "categorie__libelle").values_list(
        "categorie__code", "categorie__libelle"
    )
    return [Rayon(*row) for row in rows.annotate(n=Count("pk"), retires=Count("pk", filter=withdrawn))]
