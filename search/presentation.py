"""The page of results: from an answer and what the address asks for, to what is shown."""

from dataclasses import dataclass, field, replace
from operator import attrgetter
from zlib import crc32

from django.core.paginator import Page, Paginator

from extranet.lib.apports import Genre
from search.chercher import Reponse, chercher
from search.choix import FACETTES, PAR_GENRE, TRIS, Choix
from search.engines import moteur
from search.engines.base import PROFONDEUR
from search.enums import Tri
from search.genres import all_genres, genre_of
from search.lecteur import Lecteur
from search.models import SearchEntry
from search.resultats import Resultat, resultats
from search.surlignage import Surligneur

PAR_PAGE, PAR_GROUPE = 20, 3
# Values of a facet shown before « Voir les autres ».
VALEURS = 6


@dataclass(frozen=True)
class Lien:
    """Words and where they lead; `n` results there, `actif` for where one is."""

    libelle: str
    url: str
    n: int | None = None
    actif: bool = False
    area: str = "accueil"
    icone: str = ""


@dataclass(frozen=True)
class Valeur:
    valeur: str
    n: int
    coche: bool

    @property
    def ancre(self) -> str:
        """The same for the same value, and for no other: « CCAS » and « C.C.A.S. » have one slug."""
        return f"{crc32(self.valeur.encode()):08x}"


@dataclass(frozen=True)
class Facette:
    """A facet with its values, as many as are shown at first; `suite` are those shown on demand.

    A value has `valeur`, `n` and `coche`; an area may add its own words to it.
    """

    cle: str
    titre: str
    pluriel: str
    valeurs: list
    suite: list

    @classmethod
    def of(cls, cle: str, titres: tuple[str, str], values: list, kept: int) -> "Facette":
        """The first values, those kept by the reader among them; one more is shown rather than hidden alone."""
        cut = max(VALEURS, kept)
        cut = cut if len(values) > cut + 1 else len(values)
        return cls(cle, *titres, values[:cut], values[cut:])

    @property
    def nombre(self) -> int:
        return len(self.valeurs) + len(self.suite)


@dataclass(frozen=True)
class Groupe:
    """The best results of one tab, and where all of them are."""

    genre: Genre
    n: int
    url: str
    resultats: list[Resultat]


@dataclass(frozen=True)
class Recherche:
    """All that the page shows of a search. `en_avant` are pinned entries that the words do not find: shown before the
    results, and counted nowhere.
    """

    choix: Choix
    reponse: Reponse
    total: int
    onglets: list[Lien] = field(default_factory=list)
    facettes: list[Facette] = field(default_factory=list)
    puces: list[Lien] = field(default_factory=list)
    tris: list[Lien] = field(default_factory=list)
    page: Page | None = None
    resultats: list[Resultat] = field(default_factory=list)
    en_avant: list[Resultat] = field(default_factory=list)
    groupes: list[Groupe] = field(default_factory=list)

    @property
    def is_filtered(self) -> bool:
        return bool(self.choix.filtres or self.choix.onglet)

    @property
    def sans_filtre(self) -> str:
        return self.choix.url(filtres=(), onglet="")

    @property
    def url_gardee(self) -> str:
        """The address to keep: of what was run, when what was typed gave nothing."""
        return self.choix.url(q=self.reponse.requete.texte) if self.reponse.corrigee_de else self.choix.url()

    @property
    def url_exacte(self) -> str:
        return self.choix.url(q=self.reponse.corrigee_de, exact=True)

    @property
    def url_proposee(self) -> str:
        return self.choix.url(q=self.reponse.proposition)

    @property
    def trop_profond(self) -> bool:
        """On the last page that can be reached, while there are more results."""
        return bool(self.total > PROFONDEUR and self.page and not self.page.has_next() and not self.groupes)


def rechercher(choix: Choix, lecteur: Lecteur) -> Recherche:
    """Runs what the address asks for. Pinned results that words find come first, but keep their place by date."""
    known = all_genres()
    filtres = dict(choix.kept)
    if choix.onglet:
        filtres["kind"] = kinds_of(choix.onglet, known)
    reponse = chercher(choix.q, lecteur, filtres=filtres, tri=choix.ordre, exact=choix.exact)
    found = set(reponse.rangs)
    first = [key for key in reponse.epingles if key in found and choix.ordre == Tri.PERTINENCE]
    keys = [*first, *(key for key in reponse.rangs if key not in set(first))]
    others = [key for key in reponse.epingles if key not in found]
    shown = {
        "choix": choix,
        "reponse": reponse,
        "total": reponse.total,
        "onglets": _onglets(choix, reponse, known),
        "facettes": _facettes(choix, reponse),
        "puces": _puces(choix),
        "tris": _tris(choix, reponse.total),
    }
    surligneur = Surligneur(*reponse.marques)
    page = Paginator(keys, PAR_PAGE).get_page(choix.page)
    shown["en_avant"] = resultats(others, lecteur, surligneur, others) if page.number == 1 else []
    if choix.tri == PAR_GENRE and not choix.onglet:
        return Recherche(**shown, groupes=_groupes(keys, choix, reponse, lecteur, surligneur))
    return Recherche(**shown, page=page, resultats=resultats(page, lecteur, surligneur, reponse.epingles))


def kinds_of(onglet: str, known: dict[str, Genre]) -> frozenset[str]:
    """The kinds of a tab; an unknown word is the name of a kind that nobody declares, or of nothing."""
    return frozenset(kind for kind, genre in known.items() if genre.onglet == onglet) or frozenset([onglet])


def _onglets(choix: Choix, reponse: Reponse, known: dict[str, Genre]) -> list[Lien]:
    """« Tout », then a tab for each kind that an app declares or that was found, with what it would show."""
    counts = reponse.facettes.get("kind", {})
    tabs: dict[str, tuple[Genre, int]] = {}
    for kind in [*known, *sorted(counts.keys() - known.keys())]:
        genre = genre_of(kind, known)
        first, n = tabs.get(genre.onglet, (genre, 0))
        tabs[genre.onglet] = (first, n + counts.get(kind, 0))
    links = [Lien("Tout", choix.url(onglet=""), sum(counts.values()), actif=not choix.onglet)]
    return links + [
        Lien(genre.titre, choix.url(onglet=onglet, tri=_without_groups(choix)), n, choix.onglet == onglet, genre.area)
        for onglet, (genre, n) in tabs.items()
    ]


def _without_groups(choix: Choix) -> str:
    return Choix.tri if choix.tri == PAR_GENRE else choix.tri


def _facettes(choix: Choix, reponse: Reponse) -> list[Facette]:
    """Those that part the results: a facet of one value is of no use, unless it is on."""
    made = []
    for cle, (titre, pluriel) in FACETTES.items():
        kept = choix.kept.get(cle, frozenset())
        counts = reponse.facettes.get(cle, {}) | {value: reponse.facettes.get(cle, {}).get(value, 0) for value in kept}
        if len(counts) > 1 or kept:
            values = [Valeur(value, n, value in kept) for value, n in counts.items()]
            values.sort(key=attrgetter("valeur"), reverse=cle == "annee")
            if cle != "annee":
                values.sort(key=attrgetter("n"), reverse=True)
            values.sort(key=attrgetter("coche"), reverse=True)
            made.append(Facette.of(cle, (titre, pluriel), values, len(kept)))
    return made


def _puces(choix: Choix) -> list[Lien]:
    return [Lien(value, choix.without(name, value)) for name, values in choix.filtres for value in values]


def _tris(choix: Choix, total: int) -> list[Lien]:
    """Without words there is no pertinence: the newest come first."""
    if total < 2 or not choix.q:
        return []
    tris = {cle: libelle for cle, libelle in TRIS.items() if cle != PAR_GENRE or not choix.onglet}
    return [Lien(libelle, choix.url(tri=cle), actif=choix.tri == cle) for cle, libelle in tris.items()]


def _groupes(keys: list[int], choix: Choix, reponse: Reponse, lecteur: Lecteur, surligneur: Surligneur) -> list[Groupe]:
    """The tabs in the order of their best result, each with its first ones."""
    known, counts = all_genres(), reponse.facettes.get("kind", {})
    by_tab = _by_tab(keys, reponse, known)
    first = [key for found in by_tab.values() for key in found[:PAR_GROUPE]]
    shown = {one.pk: one for one in resultats(first, lecteur, surligneur, reponse.epingles)}
    groupes = []
    for onglet, found in by_tab.items():
        lines = [shown[key] for key in found[:PAR_GROUPE] if key in shown]
        if lines:
            n = max(len(found), sum(counts.get(kind, 0) for kind in kinds_of(onglet, known)))
            groupes.append(Groupe(lines[0].genre, n, choix.url(onglet=onglet, tri=Choix.tri), lines))
    return groupes


def _by_tab(keys: list[int], reponse: Reponse, known: dict[str, Genre]) -> dict[str, list[int]]:
    """The keys of each tab; those of a tab that nothing of what was ranked belongs to are asked for."""
    kinds = dict(SearchEntry.objects.filter(pk__in=keys).order_by().values_list("pk", "kind"))
    by_tab: dict[str, list[int]] = {}
    for key in keys:
        if key in kinds:
            by_tab.setdefault(genre_of(kinds[key], known).onglet, []).append(key)
    lacking = dict.fromkeys(genre_of(kind, known).onglet for kind in reponse.facettes.get("kind", {}))
    for onglet in lacking:
        if onglet not in by_tab and reponse.demande:
            kept = {**reponse.demande.filtres, "kind": kinds_of(onglet, known)}
            asked = replace(reponse.demande, filtres=kept, limite=PAR_GROUPE)
            by_tab[onglet] = [key for key, _ in moteur().search(asked).rangs]
    return by_tab
