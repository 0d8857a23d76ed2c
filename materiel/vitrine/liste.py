"""The board: from what the address asks for to what the page shows."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import CharField, Count, F, IntegerField, QuerySet, Value
from django.db.models.functions import Cast

from collectivites.models import Collectivite
from extranet.lib.francais import milliers
from materiel.enums import StatutPret
from materiel.models import Besoin, Materiel, Pret, ReglementPretPage
from materiel.parc.vignettes import first_photos
from materiel.registre.disponibilite import availability
from materiel.vitrine.filtres import DISTANCES, PAR_PAGE, Choix, Tri
from materiel.vitrine.presentation import Etat, counted_days, kilometres, line_of, state_of, without_dates
from materiel.vitrine.replis import Repli, fallbacks, first_free
from materiel.vitrine.selection import Rayon, Selection, distances_from, select
from search import suivi
from search.presentation import Lien

if TYPE_CHECKING:
    from wagtail.images.models import AbstractRendition

    from collectivites.models import Agent


@dataclass(frozen=True)
class Carte:
    """One thing on the board."""

    materiel: Materiel
    url: str
    etat: Etat
    km: str
    detail: str
    photo: "AbstractRendition | None" = None


@dataclass(frozen=True)
class Liste:
    """All that the board shows. `jeton` is what the page may tell of its search, for the statistics."""

    choix: Choix
    selection: Selection
    cartes: list[Carte]
    depuis: Collectivite | None
    entourage: "Entourage"
    jeton: str = ""

    @property
    def total(self) -> int:
        return self.selection.total

    @property
    def reponse(self) -> object:
        return self.selection.reponse

    @property
    def url_gardee(self) -> str:
        """The address to keep: of what was run, when what was typed gave nothing."""
        read = self.reponse is not None and self.reponse.corrigee_de
        return self.choix.url(quoi=self.reponse.requete.texte) if read else self.choix.url()

    @property
    def url_exacte(self) -> str:
        return self.choix.url(quoi=self.reponse.corrigee_de, exact=True)

    @property
    def url_proposee(self) -> str:
        return self.choix.url(quoi=self.reponse.proposition)

    @cached_property
    def titre(self) -> str:
        """« 38 matériels, dont 29 libres les 17 et 18 octobre » ; without days, what is withdrawn is not to borrow."""
        total = self.total
        said = f"{milliers(total)} matériel{'s' if total > 1 else ''}" if total else "Aucun matériel"
        if not self.choix.a_une_periode:
            gone = self.selection.retires
            return f"{said}, dont {milliers(gone)} retiré{'s' if gone > 1 else ''} du prêt" if gone else said
        when = counted_days(self.choix.debut, self.choix.fin)
        if self.choix.libres:
            return f"{said} libre{'s' if total > 1 else ''} {when}"
        free = self.selection.libres or 0
        if not total or total == 1:
            return said if not total else f"{said}, {'libre' if free else 'pas libre'} {when}"
        return f"{said}, dont {milliers(free) if free else 'aucun'} libre{'s' if free > 1 else ''} {when}"

    @property
    def mesure(self) -> bool:
        """Distances are known from where one acts."""
        return self.depuis is not None and self.depuis.latitude is not None

    @property
    def commune(self) -> str:
        """The name of the one that is asked for."""
        first = next((carte.materiel.collectivite.nom for carte in self.cartes), "")
        return first or self.choix.commune.replace("-", " ").capitalize()

    @property
    def url_sans_commune(self) -> str:
        return self.choix.url(commune="")

    @property
    def suite(self) -> int:
        """How many the next page adds."""
        return min(PAR_PAGE, self.selection.reste)

    @property
    def url_suite(self) -> str:
        return self.choix.url(page=self.selection.fin // PAR_PAGE + 1)

    @property
    def url_debut(self) -> str:
        """The first of them, when they are no longer on the page."""
        return self.choix.url() if self.selection.debut else ""

    @property
    def rayons(self) -> list[Lien]:
        here = [Lien("Tout", self.choix.url(categorie=""), actif=not self.choix.categorie)]
        return here + [self._rayon(one) for one in self.selection.rayons]

    def _rayon(self, one: Rayon) -> Lien:
        return Lien(one.libelle, self.choix.url(categorie=one.code), actif=self.choix.categorie == one.code)

    @property
    def bascules(self) -> list[Lien]:
        """What is on or off: the same link puts it on and takes it away."""
        choix = self.choix
        found = [Lien("Livraison possible", choix.url(livraison=not choix.livraison), actif=choix.livraison)]
        if choix.a_une_periode:
            found.append(Lien("Libres seulement", choix.url(libres=not choix.libres), actif=choix.libres))
        return found

    @property
    def tris(self) -> list[tuple[str, str, bool]]:
        known = [tri for tri in Tri if tri != Tri.PERTINENCE or self.choix.quoi]
        return [(tri.value, tri.label, tri == self.choix.tri) for tri in known]

    @property
    def rayons_km(self) -> list[tuple[int, bool]]:
        return [(km, km == self.choix.km) for km in DISTANCES] if self.mesure else []


def lister(choix: Choix, agent: "Agent", place: Collectivite | None, *, seule: bool = False) -> Liste:
    """Runs what the address asks for, as this person may see it and from where they act."""
    measured = choix.km or choix.tri == Tri.DISTANCE
    found = select(choix, agent, distances_from(place) if measured else {}, seule=seule)
    around = surroundings(agent, place)
    token = suivi.jeton(found.reponse, found.total, agent.pk) if found.reponse and not seule else ""
    shown = cards(found.materiels, choix, place, around.demandes)
    return Liste(choix, found, shown, place, around, token)


def cards(materiels: list[Materiel], choix: Choix, place: Collectivite | None, demandes: dict[int, str]) -> list[Carte]:
    """Six queries at most, whatever their number. Of one's own things, who asks for them is told first."""
    states = _states(materiels, choix, place)
    photos = first_photos([one.page for one in materiels])
    query = choix.sheet_query()
    return [
        Carte(
            materiel=one,
            url=one.page.adresse + query,
            etat=states[one.pk],
            km=kilometres(one.collectivite, place),
            detail=f"Demandé par {demandes[one.pk]}" if one.pk in demandes else line_of(one, one.habilitation),
            photo=photos.get(one.page_id),
        )
        for one in materiels
    ]


def _states(materiels: list[Materiel], choix: Choix, place: Collectivite | None) -> dict[int, Etat]:
    if not choix.a_une_periode:
        free = first_free([one for one in materiels if one.is_lendable()])
        return {one.pk: without_dates(one, free.get(one.pk)) for one in materiels}
    known = availability(materiels, choix.debut, choix.fin, choix.combien)
    lacking = [one for one in materiels if not known[one.pk].suffit(choix.combien)]
    ends = {pk: one.dernier for pk, one in known.items()}
    left = fallbacks(lacking, choix.debut, choix.fin, choix.combien, ends)
    return {
        one.pk: state_of(one, known[one.pk], choix.combien, left.get(one.pk, Repli()), chez_nous=_is_ours(one, place))
        for one in materiels
    }


def _is_ours(materiel: Materiel, place: Collectivite | None) -> bool:
    return place is not None and materiel.collectivite_id == place.pk


@dataclass(frozen=True)
class Entourage:
    """What stands around the list: figures of the tabs, who asks for one's own things, the rules of the loans."""

    materiels: int = 0
    besoins: int = 0
    prets: int = 0
    demandes: dict[int, str] = field(default_factory=dict)
    reglement: str = ""


MATERIELS, BESOINS, PRETS, DEMANDES, REGLEMENT = range(5)


def surroundings(agent: "Agent", place: Collectivite | None) -> Entourage:
    """One query: each of them alone would be one more on every page of the board."""
    own = Pret.objects.visible_to(agent).of([place]) if place else Pret.objects.none()
    asked = own.filter(preteur=place, statut=StatutPret.DEMANDE)
    parts = [
        _counted(MATERIELS, Materiel.objects.visible_to(agent).lendable()),
        _counted(BESOINS, Besoin.objects.visible_to(agent).open()),
        _counted(PRETS, own.open()),
        _row(DEMANDES, asked, F("materiel"), F("emprunteur__nom")),
        _row(REGLEMENT, ReglementPretPage.objects.visible_to(agent), F("pk"), F("slug")),
    ]
    found: dict[int, dict[int, str]] = {kind: {} for kind in range(5)}
    for kind, n, word in parts[0].union(*parts[1:], all=True):
        found[kind][n] = word
    tabs = (next(iter(found[kind]), 0) for kind in (MATERIELS, BESOINS, PRETS))
    return Entourage(*tabs, demandes=found[DEMANDES], reglement=next(iter(found[REGLEMENT].values()), ""))


def _counted(kind: int, rows: QuerySet) -> QuerySet:
    return _row(kind, rows.order_by(), Count("pk"), Value(""))


def _row(kind: int, rows: QuerySet, number: object, word: object) -> QuerySet:
    """A kind, a number and a word, as the other rows of the union."""
    rows = rows.order_by().annotate(sorte=Value(kind, IntegerField())).values("sorte")
    return rows.annotate(n=number, mot=Cast(word, CharField())).values_list("sorte", "n", "mot")
