"""The accounts of mutual help: what each collectivité gave and received in a year, counted on closed loans.

A loan enters the accounts of the year in which it was closed, for the value written on it then. Amounts are in euros;
databases add up cents, which are whole: nothing is lost, on either engine.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import BigIntegerField, Count, DurationField, F, QuerySet, Sum
from django.db.models.functions import Cast, Round
from django.utils import timezone

from collectivites.models import Collectivite
from extranet.lib.francais import euros
from extranet.lib.noms import place_sort_key
from materiel.enums import StatutPret
from materiel.models import Categorie, Pret

if TYPE_CHECKING:
    from collectivites.models import Agent

DEMANDEES = 6
CENTS = Cast(Round(F("valeur") * 100), BigIntegerField())
SPAN = F("date_fin") - F("date_debut")


@dataclass
class Sens:
    """Loans one way: how many, worth how much, over how many days."""

    prets: int = 0
    montant: Decimal = Decimal(0)
    jours: int = 0

    def add(self, other: "Sens") -> None:
        self.prets += other.prets
        self.montant += other.montant
        self.jours += other.jours


@dataclass
class Solde:
    """What a collectivité gave and received; `total` above zero, it gave more."""

    collectivite: Collectivite
    donne: Sens = field(default_factory=Sens)
    recu: Sens = field(default_factory=Sens)

    @property
    def total(self) -> Decimal:
        return self.donne.montant - self.recu.montant

    @property
    def ecart(self) -> str:
        """« +70,35 € », « −40,30 € », « 0 € »."""
        sign = "+" if self.total > 0 else "\u2212" if self.total < 0 else ""
        return f"{sign}{euros(abs(self.total))}"


@dataclass(frozen=True)
class Activite:
    """The year of all the loans. Requests are those of the year, whatever became of them; `clos` those of its accounts.

    `refusees` were refused by the owner, `sans_reponse` waited too long.
    """

    clos: Sens
    demandes: int
    accordees: int
    refusees: int
    sans_reponse: int
    categories: list[tuple[Categorie, int]]

    @property
    def plus_demandee(self) -> int:
        return max((number for _, number in self.categories), default=1)


def closed(annee: int, prets: QuerySet[Pret] | None = None) -> QuerySet[Pret]:
    prets = Pret.objects.all() if prets is None else prets
    return prets.filter(statut=StatutPret.CLOS, clos_le__year=annee)


def years() -> list[int]:
    """From this year back to that of the first loan. Two queries."""
    last = timezone.localdate().year
    first = Pret.objects.order_by("pk").values_list("created_at", flat=True).first()
    ended = Pret.objects.filter(statut=StatutPret.CLOS).order_by("clos_le").values_list("clos_le", flat=True).first()
    oldest = min((timezone.localdate(day).year for day in (first, ended) if day), default=last)
    return list(range(last, min(oldest, last) - 1, -1))


def _pairs(prets: QuerySet[Pret]) -> list[tuple[int, int, Sens]]:
    """Lender, borrower, and what passed between them. One query."""
    rows = prets.order_by().values_list("preteur", "emprunteur")
    rows = rows.annotate(n=Count("pk"), cents=Sum(CENTS), span=Sum(SPAN, output_field=DurationField()))
    return [
        (lender, borrower, Sens(n, Decimal(cents or 0).scaleb(-2), (span or timedelta()).days + n))
        for lender, borrower, n, cents, span in rows
    ]


def balances(annee: int, mienne: Collectivite | None) -> list[Solde]:
    """Those that lent or borrowed, by name; one's own first, even when it did neither. Two queries."""
    pairs = _pairs(closed(annee))
    places = Collectivite.objects.in_bulk({pk for lender, borrower, _ in pairs for pk in (lender, borrower)})
    found = {pk: Solde(place) for pk, place in places.items()}
    if mienne is not None:
        found.setdefault(mienne.pk, Solde(mienne))
    for lender, borrower, sens in pairs:
        found[lender].donne.add(sens)
        found[borrower].recu.add(sens)
    own = mienne.pk if mienne else None
    return sorted(found.values(), key=lambda one: (one.collectivite.pk != own, place_sort_key(one.collectivite.nom)))


def apart(soldes: Iterable[Solde]) -> list[Collectivite]:
    """The members that are not among these: they neither lent nor borrowed. One query."""
    known = [one.collectivite.pk for one in soldes]
    return sorted(Collectivite.objects.members().exclude(pk__in=known), key=lambda one: place_sort_key(one.nom))


def partners(annee: int, place: Collectivite, agent: "Agent") -> list[Solde]:
    """With whom a collectivité lends and borrows, seen from it: `donne` is what it lent them. Two queries.

    Only from the loans that the agent may read: between two communes, one loan is soon told.
    """
    pairs = _pairs(closed(annee, Pret.objects.visible_to(agent).of([place])))
    others = {borrower if lender == place.pk else lender for lender, borrower, _ in pairs}
    found = {pk: Solde(one) for pk, one in Collectivite.objects.in_bulk(others).items()}
    for lender, borrower, sens in pairs:
        if lender == place.pk:
            found[borrower].donne.add(sens)
        else:
            found[lender].recu.add(sens)
    return sorted(found.values(), key=lambda one: place_sort_key(one.collectivite.nom))


def loans(annee: int, place: Collectivite, agent: "Agent") -> QuerySet[Pret]:
    """The closed loans of a collectivité, among those that the agent may read."""
    return closed(annee, Pret.objects.visible_to(agent).of([place])).for_list().order_by("clos_le", "pk")


def activity(annee: int, soldes: Iterable[Solde]) -> Activite:
    """The figures of the territory; `soldes` are all those of the year. Three queries."""
    closed_ones = Sens()
    for solde in soldes:
        closed_ones.add(solde.donne)
    asked = Pret.objects.filter(created_at__year=annee).order_by()
    by_state = dict(asked.values_list("statut").annotate(n=Count("pk")))
    granted = asked.filter(accepte_le__isnull=False).count()
    wanted = asked.values_list("materiel__categorie").annotate(n=Count("pk"))
    wanted = sorted(wanted.order_by("-n", "materiel__categorie__libelle")[:DEMANDEES], key=lambda row: -row[1])
    kinds = Categorie.objects.in_bulk([pk for pk, _ in wanted]) if wanted else {}
    return Activite(
        clos=closed_ones,
        demandes=sum(by_state.values()),
        accordees=granted,
        refusees=by_state.get(StatutPret.REFUSE, 0),
        sans_reponse=by_state.get(StatutPret.EXPIRE, 0),
        categories=[(kinds[pk], number) for pk, number in wanted],
    )
