"""The list of the documents: from what the address asks for to what the page shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Subquery
from django.utils.safestring import SafeString

from collectivites.models import Collectivite
from ressources.enums import Fiabilite
from ressources.filtres import FACETTES, Choix, Tri
from ressources.models import Reprise, RessourcePage, VersionFichier
from ressources.models.ressource import GENRE
from ressources.selection import Fonds, Nommee, Selection, libelle, read_fonds, select, worths
from search import suivi
from search.chercher import Reponse, chercher
from search.lecteur import Lecteur
from search.presentation import Facette, Lien
from search.resultats import Resultat, resultats
from search.surlignage import Surligneur

if TYPE_CHECKING:
    from collectivites.models import Agent

PAR_PAGE, EN_TETE = 20, 3
# Of the entries that words find: all of them, since the filters come afterwards.
TOUT = 100_000


@dataclass(frozen=True)
class Ligne:
    """One document of the list; `titre`, `passage` and `ou` are those of the search when there are words."""

    page: RessourcePage
    versions: list[VersionFichier]
    reprises: int
    titre: str | SafeString
    passage: str | SafeString
    ou: str = ""

    @property
    def extension(self) -> str:
        return self.versions[0].extension if self.versions else ""

    @property
    def pages(self) -> int | None:
        return self.versions[0].pages if len(self.versions) == 1 else None

    @property
    def poids(self) -> int:
        return sum(version.taille for version in self.versions)

    @property
    def is_doubtful(self) -> bool:
        return self.page.fiabilite != Fiabilite.A_JOUR


@dataclass(frozen=True)
class Valeur:
    valeur: str
    libelle: str
    n: int
    coche: bool


@dataclass(frozen=True)
class ThemeCompte:
    theme: Nommee
    n: int


@dataclass(frozen=True)
class Liste:
    """All that the page shows. `jeton` is what it may tell of its search, for the statistics."""

    choix: Choix
    total: int
    facettes: list[Facette]
    puces: list[Lien]
    tris: list[Lien]
    page: Page
    lignes: list[Ligne]
    reponse: Reponse | None = None
    jeton: str = ""
    themes: list[ThemeCompte] = field(default_factory=list)
    utiles: list[Ligne] = field(default_factory=list)
    nouveaux: list[Ligne] = field(default_factory=list)

    @property
    def sans_filtre(self) -> str:
        return self.choix.url(filtres=())

    @property
    def url_gardee(self) -> str:
        """The address to keep: of what was run, when what was typed gave nothing."""
        read = self.reponse is not None and self.reponse.corrigee_de
        return self.choix.url(q=self.reponse.requete.texte) if read else self.choix.url()

    @property
    def url_exacte(self) -> str:
        return self.choix.url(q=self.reponse.corrigee_de, exact=True)

    @property
    def url_proposee(self) -> str:
        return self.choix.url(q=self.reponse.proposition)


def lister(choix: Choix, agent: "Agent", collectivite: Collectivite | None) -> Liste:
    """Runs what the address asks for."""
    fonds, lecteur = read_fonds(agent, entrees=bool(choix.q)), Lecteur.of(agent) if choix.q else None
    reponse, entrees = _search(choix, fonds, lecteur) if lecteur else (None, {})
    found = select(fonds, choix, list(entrees) if reponse else None)
    page = Paginator(found.pks, PAR_PAGE).get_page(choix.page)
    first = choix.is_vide and page.number == 1
    utiles, nouveaux = (_most_useful(fonds), fonds.nouveaux(EN_TETE)) if first else ([], [])
    shown = lines([*page, *utiles, *nouveaux], agent)
    marked = _marked(page, reponse, entrees, lecteur)
    return Liste(
        choix=choix,
        total=len(found.pks),
        facettes=_facettes(choix, fonds, found, collectivite),
        puces=_puces(choix, fonds),
        tris=_tris(choix, len(found.pks)),
        page=page,
        lignes=[_with(shown[pk], marked.get(pk)) for pk in page if pk in shown],
        reponse=reponse,
        jeton=suivi.jeton(reponse, len(found.pks), agent.pk) if reponse else "",
        themes=_themes(fonds, found) if choix.is_vide else [],
        utiles=[shown[pk] for pk in utiles if pk in shown],
        nouveaux=[shown[pk] for pk in nouveaux if pk in shown],
    )


def found_by(choix: Choix, agent: "Agent") -> tuple[list[int], list[str]]:
    """All the documents of a list, in its order, and its filters in words."""
    fonds = read_fonds(agent, entrees=bool(choix.q))
    reponse, entrees = _search(choix, fonds, Lecteur.of(agent)) if choix.q else (None, {})
    return select(fonds, choix, list(entrees) if reponse else None).pks, [one.libelle for one in _puces(choix, fonds)]


def _search(choix: Choix, fonds: Fonds, lecteur: Lecteur) -> tuple[Reponse, dict[int, int]]:
    """The answer, and the entries found by the page they stand for, best first."""
    reponse = chercher(choix.q, lecteur, exact=choix.exact, genre=GENRE, limite=TOUT)
    pages = dict(zip(fonds.entrees, fonds.pks, strict=True))
    return reponse, {pages[key]: key for key in reponse.rangs if key in pages}


def _marked(
    pks: Iterable[int], reponse: Reponse | None, entrees: dict[int, int], lecteur: Lecteur | None
) -> dict[int, Resultat]:
    if reponse is None or not reponse.requete.demandees:
        return {}
    keys = {entrees[pk]: pk for pk in pks if pk in entrees}
    surligneur = Surligneur(*reponse.marques)
    return {keys[one.pk]: one for one in resultats(keys, lecteur, surligneur, plaques=False)}


def _with(ligne: Ligne, found: Resultat | None) -> Ligne:
    if found is None:
        return ligne
    return Ligne(ligne.page, ligne.versions, ligne.reprises, found.titre, found.passage, found.ou)


def lines(pks: Sequence[int], agent: "Agent") -> dict[int, Ligne]:
    """The documents of these keys that this reader may open, by key: two queries, whatever their number."""
    used = Reprise.objects.filter(page=OuterRef("pk")).order_by().values("page").annotate(n=Count("pk")).values("n")
    pages = RessourcePage.objects.visible_to(agent).filter(pk__in=pks).annotate(n=Subquery(used))
    pages = pages.select_related("theme", "type", "collectivite").defer_streamfields()
    versions: dict[int, list[VersionFichier]] = {}
    current = VersionFichier.objects.current().filter(fichier__page__in=pks).defer("texte").select_related("fichier")
    for version in current.order_by("fichier__ordre", "fichier"):
        versions.setdefault(version.fichier.page_id, []).append(version)
    return {page.pk: Ligne(page, versions.get(page.pk, []), page.n or 0, page.title, page.resume) for page in pages}


def _most_useful(fonds: Fonds) -> list[int]:
    worth = worths()
    useful = [pk for pk in fonds.pks if worth.get(pk, 0) > 0]
    return sorted(useful, key=lambda pk: -worth[pk])[:EN_TETE]


def _themes(fonds: Fonds, found: Selection) -> list[ThemeCompte]:
    """Those that hold something for this reader, in the order of the territory."""
    counts = found.comptes["theme"]
    return [ThemeCompte(one, counts[one.slug]) for one in fonds.nommes["theme"].values() if counts[one.slug]]


def _facettes(choix: Choix, fonds: Fonds, found: Selection, collectivite: Collectivite | None) -> list[Facette]:
    """Those that part the documents: a facet that all of them share is of no use, unless it is on."""
    made = []
    mine = {"strate": collectivite.strate or "" if collectivite else ""}
    for cle, (titre, pluriel) in FACETTES.items():
        kept, counts = choix.kept.get(cle, frozenset()), found.comptes[cle]
        known = {value for value in kept if libelle(fonds, cle, value)}
        alone = len(counts) == 1 and next(iter(counts.values())) == len(found.pks)
        if (not counts or alone) and not known:
            continue
        values = [
            Valeur(value, _words(fonds, cle, value, mine), counts.get(value, 0), value in kept)
            for value in counts.keys() | known
        ]
        values.sort(key=attrgetter("valeur"), reverse=cle == "annee")
        if cle != "annee":
            values.sort(key=attrgetter("n"), reverse=True)
        values.sort(key=lambda one: (not one.coche, one.valeur != mine.get(cle)))
        made.append(Facette.of(cle, (titre, pluriel), values, len(known)))
    return made


def _words(fonds: Fonds, cle: str, value: str, mine: dict[str, str]) -> str:
    said = libelle(fonds, cle, value)
    return f"De ma taille\u00a0: {said}" if value and value == mine.get(cle) else said


def _puces(choix: Choix, fonds: Fonds) -> list[Lien]:
    pairs = [(name, value, libelle(fonds, name, value)) for name, values in choix.filtres for value in values]
    return [Lien(said, choix.without(name, value)) for name, value, said in pairs if said]


def _tris(choix: Choix, total: int) -> list[Lien]:
    """Without words there is no pertinence."""
    if total < 2:
        return []
    tris = [tri for tri in Tri if tri != Tri.PERTINENCE or choix.q]
    return [Lien(tri.label, choix.url(demande_tri=tri.value), actif=choix.tri == tri) for tri in tris]
