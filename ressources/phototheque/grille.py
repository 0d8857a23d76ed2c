"""The grid of the photos that a reader may see: narrowed, counted, and the neighbours of each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING
from zlib import crc32

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce

from collectivites.models import Collectivite, Theme
from ressources.enums import LIBRES, Licence
from ressources.models import Photo, RessourcePage, VersionFichier
from ressources.models.ressource import GENRE
from ressources.phototheque.choix import FACETTES, LIBRE, ChoixPhotos
from ressources.phototheque.droits import credit_of, is_libre, usage_of
from ressources.presentation import TOUT
from ressources.selection import Fonds, Nommee, Selection, select
from search.chercher import Reponse, chercher
from search.lecteur import Lecteur
from search.models import SearchEntry
from search.presentation import Facette, Lien

if TYPE_CHECKING:
    from collectivites.models import Agent

PAR_PAGE = 48


@dataclass(frozen=True)
class Vue:
    """One photo, with the version of its picture that one would take today."""

    photo: Photo
    page: RessourcePage
    version: VersionFichier

    @property
    def commune(self) -> Collectivite:
        """Where it was taken, else who gave it."""
        return self.photo.collectivite or self.page.collectivite

    @property
    def credit(self) -> str:
        return credit_of(self.page)

    @property
    def usage(self) -> str:
        return usage_of(self.page)

    @property
    def libre(self) -> bool:
        return is_libre(self.page)


@dataclass(frozen=True)
class Valeur:
    valeur: str
    libelle: str
    n: int
    coche: bool

    @property
    def ancre(self) -> str:
        """A place is written as one wishes: it is no identifier."""
        return f"{crc32(self.valeur.encode()):08x}"


@dataclass(frozen=True)
class Grille:
    choix: ChoixPhotos
    pks: list[int]
    page: Page
    vues: list[Vue]
    facettes: list[Facette] = field(default_factory=list)
    puces: list[Lien] = field(default_factory=list)
    reponse: Reponse | None = None

    @property
    def total(self) -> int:
        return len(self.pks)

    @property
    def sans_filtre(self) -> str:
        return self.choix.url(filtres=())

    @property
    def url_exacte(self) -> str:
        return self.choix.url(q=self.reponse.corrigee_de, exact=True)

    @property
    def url_proposee(self) -> str:
        return self.choix.url(q=self.reponse.proposition)


def photos_for(agent: "Agent"):  # noqa: ANN201 - a queryset of photos
    """The gate: those whose sheet this reader may see, and whose picture is there to be taken."""
    pictures = VersionFichier.objects.current().photos().filter(fichier__page=OuterRef("page"))
    pages = RessourcePage.objects.visible_to(agent).order_by().values("pk")
    return Photo.objects.filter(Exists(pictures), page__in=pages)


def grid(choix: ChoixPhotos, agent: "Agent") -> Grille:
    fonds, found, reponse = _found(choix, agent)
    page = Paginator(found.pks, PAR_PAGE).get_page(choix.page)
    shown = views_of(list(page), agent)
    return Grille(
        choix=choix,
        pks=found.pks,
        page=page,
        vues=[shown[pk] for pk in page if pk in shown],
        facettes=_facettes(choix, fonds, found),
        puces=_puces(choix, fonds),
        reponse=reponse,
    )


def neighbours(choix: ChoixPhotos, agent: "Agent", pk: int) -> tuple[int | None, int | None, int, int]:
    """The photo before and the one after in the list that one came from, its rank from 1 and their number.

    Rank 0: it is not in that list, of which it has no neighbour.
    """
    pks = _found(choix, agent)[1].pks
    if pk not in pks:
        return None, None, 0, len(pks)
    rank = pks.index(pk)
    before = pks[rank - 1] if rank else None
    return before, pks[rank + 1] if rank + 1 < len(pks) else None, rank + 1, len(pks)


def place_in_grid(choix: ChoixPhotos, pk: int, rang: int) -> str:
    """The address of the page of the list where that photo is, and its place there: the browser puts the focus on it.

    Rank 0: the list, of which it is not.
    """
    adresse, page = choix.url(), (rang - 1) // PAR_PAGE + 1
    if rang and page > 1:
        adresse += f"{'&' if '?' in adresse else '?'}page={page}"
    return f"{adresse}#photo-{pk}" if rang else adresse


def views_of(pks: Sequence[int], agent: "Agent") -> dict[int, Vue]:
    """The photos of these pages that this reader may see, by page: two queries, whatever their number."""
    photos = photos_for(agent).filter(page__in=pks)
    photos = photos.select_related("collectivite", "page__theme", "page__collectivite").defer("page__corps")
    versions: dict[int, VersionFichier] = {}
    current = VersionFichier.objects.current().photos().filter(fichier__page__in=pks).defer("texte")
    for version in current.select_related("fichier").order_by("fichier__ordre", "fichier"):
        versions.setdefault(version.fichier.page_id, version)
    found = {photo.page_id: photo for photo in photos}
    return {pk: Vue(photo, photo.page, versions[pk]) for pk, photo in found.items() if pk in versions}


def _found(choix: ChoixPhotos, agent: "Agent") -> tuple[Fonds, Selection, Reponse | None]:
    """Three queries without words."""
    fonds = _fonds(agent)
    if not choix.q:
        return fonds, select(fonds, choix), None
    reponse = chercher(choix.q, Lecteur.of(agent), exact=choix.exact, genre=GENRE, limite=TOUT)
    pages = dict(zip(fonds.entrees, fonds.pks, strict=True))
    return fonds, select(fonds, choix, [pages[key] for key in reponse.rangs if key in pages]), reponse


def _fonds(agent: "Agent") -> Fonds:
    """The last published first, as columns."""
    entry = SearchEntry.objects.filter(kind=GENRE, objet=OuterRef("page")).order_by().values("pk")[:1]
    rows = list(
        photos_for(agent)
        .annotate(commune=Coalesce("collectivite", "page__collectivite"), entree=Subquery(entry))
        .order_by("-page__first_published_at", "-page")
        .values_list("page", "page__theme", "commune", "lieu", "prise_le", "page__licence", "entree")
    )
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(7)]
    pks, themes, communes, lieux, dates, licences, entrees = columns
    return Fonds(
        pks,
        {
            "theme": themes,
            "commune": communes,
            "lieu": lieux,
            "annee": [str(day.year) if day else "" for day in dates],
            "licence": licences,
            "libre": [LIBRE if licence in LIBRES else "" for licence in licences],
        },
        {"theme": _named(Theme, "ordre"), "commune": _named(Collectivite, "nom")},
        entrees,
    )


def _named(model: type[Theme] | type[Collectivite], order: str) -> dict[int, Nommee]:
    rows = model.objects.order_by(order).values_list("pk", "slug", "nom")
    return {pk: Nommee(pk, slug, nom, None) for pk, slug, nom in rows}


def _facettes(choix: ChoixPhotos, fonds: Fonds, found: Selection) -> list[Facette]:
    """Those that part the photos: a facet that all of them share is of no use, unless it is on."""
    made = []
    for cle, (titre, pluriel) in FACETTES.items():
        kept, counts = choix.kept.get(cle, frozenset()), found.comptes[cle]
        known = {value for value in kept if label(fonds, cle, value)}
        alone = len(counts) == 1 and next(iter(counts.values())) == len(found.pks)
        if (not counts or alone) and not known:
            continue
        values = [
            Valeur(value, label(fonds, cle, value), counts.get(value, 0), value in kept)
            for value in counts.keys() | known
        ]
        values.sort(key=attrgetter("libelle"), reverse=cle == "annee")
        if cle != "annee":
            values.sort(key=attrgetter("n"), reverse=True)
        values.sort(key=attrgetter("coche"), reverse=True)
        made.append(Facette.of(cle, (titre, pluriel), values, len(known)))
    return made


def _puces(choix: ChoixPhotos, fonds: Fonds) -> list[Lien]:
    pairs = [(name, value, label(fonds, name, value)) for name, values in choix.filtres for value in values]
    return [Lien(said, choix.without(name, value)) for name, value, said in pairs if said]


def label(fonds: Fonds, cle: str, value: str) -> str:
    """A value of a facet in words; empty for what names nothing."""
    if cle in fonds.nommes:
        return next((one.nom for one in fonds.nommes[cle].values() if one.slug == value), "")
    if cle == "lieu":
        return value if value in fonds.colonnes["lieu"] else ""
    if cle == "annee":
        return value if value.isascii() and value.isdigit() and len(value) == 4 else ""
    if cle == "libre":
        return "Droits libres" if value == LIBRE else ""
    said = Licence(value).label if value in Licence.values else ""
    return said[:1].upper() + said[1:]
