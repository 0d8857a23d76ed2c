"""The inbox of a collectivité: what awaits its answer, what leaves and returns today, what is late, which papers end.

A bounded number of queries, whatever the number of requests.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Avg, Count, F, Q
from django.utils import timezone

from collectivites.models import Poste
from extranet.lib.francais import en_lettres, heure, jour
from materiel.enums import Cote, StatutPret, StatutProposition
from materiel.models import Convention, Engagement, Materiel, Papier, Pret, Proposition
from materiel.mots import chose, chose_du, periode_longue
from materiel.passages import stamp
from materiel.prets.alternatives import Proche, kilometres, least_free, nearest_days, promised, substitutes
from materiel.prets.demandes import Rival
from materiel.prets.retards import threatened_by
from materiel.registre.disponibilite import last_days, ledger
from materiel.registre.regles import blocked, first_papers, obstacle_of_first
from materiel.suivi.etapes import late_words
from materiel.suivi.page_pret import AReponse, promised_words

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite

PAR_PAGE, DETAILLES = 20, 3


@dataclass
class Demande:
    """A request in the inbox."""

    pret: Pret
    chose: str
    periode: str
    km: int | None
    vu: str
    reponse: AReponse


@dataclass
class Passage:
    """What leaves or comes back today; `depuis` when it should have before."""

    pret: Pret
    chose: str
    heure: str
    remise: bool
    chez_nous: bool
    avec: "Collectivite"
    depuis: str = ""


@dataclass
class EnRetard:
    pret: Pret
    chose: str
    retard: str
    chez_nous: bool
    telephone: str
    suivant: Pret | None = None
    proches: list[Proche] = field(default_factory=list)


@dataclass
class Habitudes:
    """How a collectivité answers; `delai` is empty when it never has."""

    delai: str
    accords: list[Materiel]
    donnes: int
    recus: int


def requests_of(place: "Collectivite") -> list[Demande]:
    """Those that await its answer, the oldest first. Seven queries."""
    asked = Pret.objects.filter(preteur=place, statut__in=[StatutPret.DEMANDE, StatutPret.ATTENTE]).for_list()
    asked = list(asked.select_related("demandeur").order_by("created_at", "pk"))
    taken = ledger({one.materiel_id: one.materiel for one in asked}.values())
    engaged = _engaged(asked)
    ends, papers = last_days(taken), first_papers(taken)
    found = []
    for pret in asked:
        pk = pret.materiel_id
        reponse = _answer(pret, asked, taken[pk], engaged.get(pk, []), ends.get(pk))
        reponse.papier = getattr(obstacle_of_first(papers.get(pk), pret.date_fin), "bref", "")
        km = kilometres(place, pret.emprunteur)
        found.append(Demande(pret, chose_du(pret), periode_longue(pret.debut, pret.fin), km, stamp(pret), reponse))
    return found


def _engaged(asked: list[Pret]) -> dict[int, list[Engagement]]:
    if not asked:
        return {}
    spans = [blocked(one.materiel, one.debut, one.fin) for one in asked]
    held = Engagement.objects.held().filter(materiel__in={one.materiel_id for one in asked})
    held = held.between(min(a for a, _ in spans), max(b for _, b in spans)).select_related("pret__emprunteur", "papier")
    found: dict[int, list[Engagement]] = {}
    for one in held:
        found.setdefault(one.materiel_id, []).append(one)
    return found


def _answer(
    pret: Pret, asked: list[Pret], taken: dict[int, int], engaged: list[Engagement], dernier: date | None
) -> AReponse:
    """As `page_pret.to_answer`, from what was read for all of them."""
    first, last = blocked(pret.materiel, pret.debut, pret.fin)
    around = [one for one in engaged if one.debut <= last and one.fin >= first]
    own = sum(one.quantite for one in around if one.pret_id == pret.pk)
    libre = min(pret.materiel.stock, least_free(pret.materiel, taken, first, last) + own)
    before = [one for one in asked if one.materiel_id == pret.materiel_id and _older(one, pret)]
    pending = [(one, *blocked(one.materiel, one.debut, one.fin)) for one in before]
    spans = [(one, a, b) for one, a, b in pending if a <= last and b >= first]
    if libre - sum(one.quantite for one, _, _ in spans) >= pret.quantite:
        spans = []
    found = AReponse(pret, libre, [Rival(one.emprunteur, one.fin, one.quantite, False, a, b) for one, a, b in spans])
    others = [one for one in around if one.pret_id != pret.pk]
    found.promis = promised_words(pret, others)
    if not found.suffit or spans:
        units = promised((a, b, one.quantite) for one, a, b in pending)
        most = min(pret.quantite, pret.materiel.stock)
        known = {"promised": units, "taken": taken, "dernier": dernier}
        found.jours = nearest_days(pret.materiel, pret.debut, pret.fin, most, **known)
    return found


def _older(one: Pret, pret: Pret) -> bool:
    return (one.created_at, one.pk) < (pret.created_at, pret.pk)


def changes_of(place: "Collectivite") -> list[Proposition]:
    """Changes of granted loans, or other proposals, that the other side awaits an answer to."""
    lender = Q(cote=Cote.EMPRUNTEUR, pret__preteur=place)
    borrower = Q(cote=Cote.PRETEUR, pret__emprunteur=place)
    found = Proposition.objects.filter(lender | borrower, statut=StatutProposition.EN_ATTENTE)
    beside = "pret__materiel__page", "pret__materiel__categorie", "pret__preteur", "pret__emprunteur", "materiel__page"
    changes = list(found.select_related(*beside, "auteur").order_by("repondre_avant", "pk"))
    for one in changes:
        one.chose = chose(one.materiel, one.quantite)
    return changes


def copies_at(place: "Collectivite") -> list[Convention]:
    """Copies filed by borrowers, of which it has to say whether they are its conventions."""
    found = Convention.objects.with_copy([place.pk]).select_related("emprunteur", "preteur", "pret__materiel__page")
    return list(found.order_by("valable_du", "pk"))


def today_at(place: "Collectivite") -> list[Passage]:
    """Hand-overs and returns of the day, either side; those that should have been done before come first."""
    today = timezone.localdate()
    leaves = Q(statut=StatutPret.ACCEPTE, date_debut__lte=today)
    returns = Q(statut=StatutPret.REMIS, date_fin=today)
    found = Pret.objects.of([place.pk]).filter(leaves | returns).for_list()
    lines = []
    for pret in found.order_by("date_debut", "pk"):
        remise, ours = pret.statut == StatutPret.ACCEPTE, pret.preteur_id == place.pk
        hour = heure(pret.heure_remise if remise else pret.heure_retour)
        other = pret.emprunteur if ours else pret.preteur
        since = jour(pret.date_debut) if remise and pret.date_debut < today else ""
        lines.append(Passage(pret, chose_du(pret), hour, remise, ours, other, since))
    return sorted(lines, key=lambda one: (not one.depuis, not one.remise, one.heure.zfill(7), one.pret.pk))


def late_at(place: "Collectivite", lecteur: "Agent") -> list[EnRetard]:
    """Not back in time, lent or borrowed; the first ones with whoever expects them and what else is free."""
    found = []
    for pret in Pret.objects.late().of([place.pk]).for_list().order_by("date_fin", "pk"):
        ours = pret.preteur_id == place.pk
        other = pret.emprunteur if ours else pret.preteur
        one = EnRetard(pret, chose_du(pret), late_words(pret), ours, other.telephone)
        if ours and len(found) < DETAILLES:
            one.suivant = next(iter(threatened_by(pret)), None)
            if one.suivant:
                after = one.suivant
                one.proches = substitutes(
                    pret.materiel, after.emprunteur, lecteur, after.debut, after.fin, after.quantite
                )
        found.append(one)
    return found


def things_of(place: "Collectivite") -> list[Materiel]:
    """All that it may propose."""
    found = Materiel.objects.lendable().filter(collectivite=place).select_related("page")
    return list(found.order_by("page__title", "pk"))


def papers_of(place: "Collectivite") -> list[Papier]:
    """With `reste`, the days left, below zero once it has ended."""
    mine = Q(materiel__collectivite=place) & ~Q(materiel__statut="archive") | Q(collectivite=place)
    found = Papier.objects.ending().filter(mine).select_related("materiel__page")
    papers, today = list(found.order_by("valable_jusqu_au", "pk")), timezone.localdate()
    for one in papers:
        one.reste = (one.valable_jusqu_au - today).days
    return papers


def habits_of(place: "Collectivite") -> Habitudes:
    """Of the last twelve months; loans of the year under way. Three queries."""
    today = timezone.localdate()
    answered = Pret.objects.filter(
        preteur=place, reponse_par__isnull=False, created_at__date__gt=today - timedelta(366)
    )
    delay = answered.filter(accepte_le__isnull=False).aggregate(moyenne=Avg(F("accepte_le") - F("created_at")))
    year = Pret.objects.filter(accepte_le__year=today.year).aggregate(
        donnes=Count("pk", filter=Q(preteur=place)), recus=Count("pk", filter=Q(emprunteur=place))
    )
    direct = Materiel.objects.lendable().filter(collectivite=place, accord_direct__isnull=False).select_related("page")
    return Habitudes(delay_words(delay["moyenne"]), list(direct.order_by("page__title")), year["donnes"], year["recus"])


def delay_words(delay: timedelta | None) -> str:
    """« Quelques heures », « Un jour et demi », « Trois jours »: to the half-day."""
    if delay is None:
        return ""
    halves = round(delay / timedelta(hours=12))
    if not halves:
        return "Quelques heures"
    days, half = divmod(halves, 2)
    if not days:
        return "Une demi-journée"
    return f"{en_lettres(days).capitalize()} jour{'s' if days > 1 else ''}{' et demi' if half else ''}"


def others_at(place: "Collectivite", agent: "Agent") -> list[Poste]:
    """Who else may answer there, or hand over and take back."""
    postes = Poste.objects.in_force().filter(Q(gestionnaire=True) | Q(constats=True), collectivite=place)
    postes = postes.filter(agent__is_active=True, agent__efface_le=None).exclude(agent=agent)
    return list(postes.for_list().order_by("-gestionnaire", "agent__nom", "pk")[:8])
