"""What is free on a period, and why the rest is not: for the lists, the sheet and the matching of needs."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from extranet.lib.demi_journees import DemiJournee
from materiel.enums import Nature
from materiel.models import Engagement, Materiel, Occupation
from materiel.registre import free
from materiel.regles import (
    ENTRETIEN,
    MAIRIE,
    PAPIER,
    PRIS,
    RETIRE,
    Obstacle,
    blocked,
    notice,
    obstacle_of_conditions,
    obstacle_of_dates,
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


def availability(
    materiels: Iterable[Materiel], debut: DemiJournee, fin: DemiJournee, quantite: int
) -> dict[int, Disponibilite]:
    """Each thing on this period: three queries, whatever their number. The ledger says how many, the rest why."""
    materiels = list(materiels)
    spans = {one.pk: blocked(one, debut, fin) for one in materiels}
    left: dict[int, int] = {}
    for one in set(spans.values()):
        left |= free([pk for pk, theirs in spans.items() if theirs == one], *one)
    reasons = _why_taken(spans)
    found = {}
    for one in materiels:
        units = min(left.get(one.pk, one.stock), one.stock)
        against = _obstacles(one, debut, fin, quantite, reasons.get(one.pk, {}), units)
        found[one.pk] = Disponibilite(one.stock, units, against)
    return found


def _obstacles(
    materiel: Materiel,
    debut: DemiJournee,
    fin: DemiJournee,
    quantite: int,
    taken: dict[str, Engagement],
    libre: int,
) -> tuple[Obstacle, ...]:
    """The obstacles of a thing whose engagements are already read."""
    today = timezone.localdate()
    found = [obstacle_of_dates(debut, fin, today), obstacle_of_conditions(materiel, debut, fin, quantite, today)]
    if not materiel.is_lendable():
        found.insert(0, Obstacle(RETIRE, "Retiré du prêt."))
    if libre < quantite:
        found.append(_taken(taken))
    return tuple(one for one in found if one)


def _taken(taken: dict[str, Engagement]) -> Obstacle:
    """Who has it: a paper first, then the owner, a repair, another loan."""
    if Nature.PAPIER in taken:
        return Obstacle(PAPIER, f"{taken[Nature.PAPIER].papier} à renouveler.")
    if Nature.USAGE in taken:
        return Obstacle(MAIRIE, f"Gardé par sa commune {taken[Nature.USAGE].periode}.")
    for nature in (Nature.ENTRETIEN, Nature.HORS_SERVICE):
        if nature in taken:
            return Obstacle(ENTRETIEN, f"{nature.label.capitalize()} {taken[nature].periode}.")
    return Obstacle(PRIS, "Déjà pris à ces dates.")


def _why_taken(spans: dict[int, tuple[int, int]]) -> dict[int, dict[str, Engagement]]:
    if not spans:
        return {}
    first, last = min(a for a, _ in spans.values()), max(b for _, b in spans.values())
    held = Engagement.objects.held().filter(materiel__in=spans).between(first, last).select_related("papier")
    reasons: dict[int, dict[str, Engagement]] = {}
    for one in held.order_by("debut"):
        debut, fin = spans[one.materiel_id]
        if one.debut <= fin and one.fin >= debut:
            reasons.setdefault(one.materiel_id, {}).setdefault(one.nature, one)
    return reasons


def only_free(materiels: QuerySet[Materiel], debut: DemiJournee, fin: DemiJournee, quantite: int) -> QuerySet[Materiel]:
    """Those that may be asked for the whole period: conditions, papers and ledger, buffers included, in SQL."""
    today = timezone.localdate()
    days = (fin.date - debut.date).days + 1
    asked = materiels.lendable().filter(
        stock__gte=quantite, duree_max_jours__gte=days, preavis_jours__lte=notice(today, debut.date)
    )
    if quantite > 1:
        asked = asked.alias(part=F("stock") * F("part_max")).filter(part__gte=100 * quantite)
    first, last = debut.index, fin.index
    asked = asked.exclude(pk__in=_short(quantite, first, last).values("materiel"))
    for avant, apres in _buffers():
        start, end = span(debut, fin, avant, apres)
        around = Q()
        if start < first:
            around |= Q(creneau__range=(start, first - 1))
        if end > last:
            around |= Q(creneau__range=(last + 1, end))
        short = Occupation.objects.short_of(quantite).filter(
            around, materiel__tampon_avant=avant, materiel__tampon_apres=apres
        )
        asked = asked.exclude(pk__in=short.order_by().values("materiel"))
    return asked


def _short(quantite: int, first: int, last: int) -> QuerySet[Occupation]:
    return Occupation.objects.short_of(quantite).between(first, last).order_by()


def _buffers() -> list[tuple[int, int]]:
    """The buffers in use, none excepted: a handful in a territory."""
    pairs = Materiel.objects.exclude(tampon_avant=0, tampon_apres=0).order_by()
    return list(pairs.values_list("tampon_avant", "tampon_apres").distinct())
