"""What is free on a period, and why the rest is not: for the lists, the sheet and the matching of needs."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone

from extranet.lib.demi_journees import DemiJournee
from materiel.ecritures import free_within, now_index
from materiel.enums import Nature
from materiel.models import Engagement, Materiel, Occupation, Papier
from materiel.regles import (
    ENTRETIEN,
    MAIRIE,
    PAPIER,
    PRIS,
    RETARD,
    RETIRE_DU_PRET,
    Obstacle,
    blocked,
    notice,
    obstacle_of_conditions,
    obstacle_of_dates,
    obstacle_of_paper,
    span,
)


@dataclass(frozen=True)
class Disponibilite:
    """How a thing stands on a period: `libre` units of `stock` on every half-day, and why not all of what is asked."""

    stock: int
    libre: int
    obstacles: tuple[Obstacle, ...] = ()

    def suffit(self, quantite: int) -> bool:
        return not self.obstacles and self.libre >= quantite


@dataclass
class _Prises:
    """What was read of a thing: the first engagement of each nature on its days, and its first paper to end."""

    engagements: dict[str, Engagement] = field(default_factory=dict)
    papier: Papier | None = None


def availability(
    materiels: Iterable[Materiel], debut: DemiJournee, fin: DemiJournee, quantite: int
) -> dict[int, Disponibilite]:
    """Each thing on this period: three queries, whatever their number. The ledger says how many, the rest why.

    As the ledger, the half-days gone are not looked at.
    """
    materiels = list(materiels)
    wrong = obstacle_of_dates(debut, fin, timezone.localdate())
    if wrong:
        return {one.pk: Disponibilite(one.stock, one.stock, (wrong,)) for one in materiels}
    now = now_index()
    spans = {pk: (max(now, first), last) for pk, (first, last) in ((m.pk, blocked(m, debut, fin)) for m in materiels)}
    left = free_within(spans)
    taken = _taken_on(spans, fin)
    found = {}
    for one in materiels:
        units = min(left.get(one.pk, one.stock), one.stock)
        against = _obstacles(one, debut, fin, quantite, taken[one.pk], units)
        found[one.pk] = Disponibilite(one.stock, units, against)
    return found


def _obstacles(
    materiel: Materiel, debut: DemiJournee, fin: DemiJournee, quantite: int, taken: _Prises, libre: int
) -> tuple[Obstacle, ...]:
    """As `regles.obstacles`, without a query, and what the ledger adds."""
    found = [] if materiel.is_lendable() else [RETIRE_DU_PRET]
    found.append(obstacle_of_conditions(materiel, debut, fin, quantite, timezone.localdate()))
    found.append(obstacle_of_paper(taken.papier))
    if libre < quantite <= materiel.stock and not taken.papier:
        found.append(_why(taken.engagements))
    return tuple(one for one in found if one)


def _why(taken: dict[str, Engagement]) -> Obstacle:
    """Who has it: a paper first, then the owner, a repair, another loan, one that is not back."""
    if Nature.PAPIER in taken:
        return Obstacle(PAPIER, f"{taken[Nature.PAPIER].papier} à renouveler.")
    if Nature.USAGE in taken:
        return Obstacle(MAIRIE, f"Gardé par sa commune {taken[Nature.USAGE].periode}.")
    for nature in (Nature.ENTRETIEN, Nature.HORS_SERVICE):
        if nature in taken:
            return Obstacle(ENTRETIEN, f"{nature.label.capitalize()} {taken[nature].periode}.")
    if not taken:
        return Obstacle(RETARD, "Pas encore rendu : le retour est en retard.")
    return Obstacle(PRIS, "Déjà pris à ces dates.")


def _taken_on(spans: dict[int, tuple[int, int]], fin: DemiJournee) -> dict[int, _Prises]:
    found = {pk: _Prises() for pk in spans}
    if not spans:
        return found
    first, last = min(a for a, _ in spans.values()), max(b for _, b in spans.values())
    held = Engagement.objects.held().filter(materiel__in=spans).between(first, last).select_related("papier")
    for one in held.order_by("debut", "pk"):
        start, end = spans[one.materiel_id]
        if one.debut <= end and one.fin >= start:
            found[one.materiel_id].engagements.setdefault(one.nature, one)
    papers = Papier.objects.blocking().filter(materiel__in=spans, valable_jusqu_au__lt=fin.date)
    for one in papers.order_by("-valable_jusqu_au", "-pk"):
        found[one.materiel_id].papier = one
    return found


def only_free(materiels: QuerySet[Materiel], debut: DemiJournee, fin: DemiJournee, quantite: int) -> QuerySet[Materiel]:
    """Those that may be asked for the whole period: conditions, papers and ledger, buffers included, in SQL."""
    today = timezone.localdate()
    if obstacle_of_dates(debut, fin, today):
        return materiels.none()
    days = (fin.date - debut.date).days + 1
    asked = materiels.lendable().filter(
        stock__gte=quantite, duree_max_jours__gte=days, preavis_jours__lte=notice(today, debut.date)
    )
    if quantite > 1:
        asked = asked.alias(part=F("stock") * F("part_max")).filter(part__gte=100 * quantite)
    ended = Papier.objects.blocking().filter(materiel__isnull=False, valable_jusqu_au__lt=fin.date)
    asked = asked.exclude(pk__in=ended.order_by().values("materiel"))
    short = Occupation.objects.short_of(quantite).order_by()
    asked = asked.exclude(pk__in=short.between(max(now_index(), debut.index), fin.index).values("materiel"))
    around = _around(debut, fin)
    return asked.exclude(pk__in=short.filter(around).values("materiel")) if around else asked


def _around(debut: DemiJournee, fin: DemiJournee) -> Q:
    """The half-days kept before and after by those that keep some; empty when none does."""
    most = Materiel.objects.aggregate(avant=Max("tampon_avant"), apres=Max("tampon_apres"))
    around, first, last, now = Q(), debut.index, fin.index, now_index()
    for avant in range(1, (most["avant"] or 0) + 1):
        start, _ = span(debut, fin, avant, 0)
        around |= Q(creneau__range=(max(now, start), first - 1), materiel__tampon_avant__gte=avant)
        first = start
    for apres in range(1, (most["apres"] or 0) + 1):
        _, end = span(debut, fin, 0, apres)
        around |= Q(creneau__range=(last + 1, end), materiel__tampon_apres__gte=apres)
        last = end
    return around
