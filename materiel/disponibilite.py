"""What is free on a period, and why the rest is not: for the lists, the sheet and the matching of needs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from extranet.lib.demi_journees import DemiJournee
from materiel.ecritures import free_within, now_index
from materiel.enums import Nature, StatutMateriel
from materiel.models import Engagement, Materiel, Papier
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


# Formulation « J » of the notes, one list of what cannot be had: on SQLite a NOT IN is read once, where a join would be
# walked again for each thing. Written by hand: the ORM takes longer to compose it than the database to answer.
SHORT = """SELECT o.materiel_id FROM materiel_occupation o
    WHERE o.creneau BETWEEN %s AND %s AND o.stock - o.pris - o.retard < %s"""
KEEPS_BEFORE = " AND +o.materiel_id IN (SELECT id FROM materiel_materiel WHERE tampon_avant >= %s)"
KEEPS_AFTER = " AND +o.materiel_id IN (SELECT id FROM materiel_materiel WHERE tampon_apres >= %s)"
ENDED = """SELECT p.materiel_id FROM materiel_papier p
    WHERE p.bloquant AND p.remplace_par_id IS NULL AND p.materiel_id IS NOT NULL AND p.valable_jusqu_au < %s"""
MOST = "SELECT (SELECT max(tampon_avant) FROM materiel_materiel), (SELECT max(tampon_apres) FROM materiel_materiel)"


def only_free(materiels: QuerySet[Materiel], debut: DemiJournee, fin: DemiJournee, quantite: int) -> QuerySet[Materiel]:
    """Of these published things, those that may be asked for the whole period: conditions, papers and ledger, buffers
    included, in SQL. Whether a sheet is published and for whom is for `visible_to` to say.
    """
    today = timezone.localdate()
    if obstacle_of_dates(debut, fin, today):
        return materiels.none()
    days = (fin.date - debut.date).days + 1
    asked = materiels.filter(
        statut=StatutMateriel.EN_SERVICE,
        stock__gte=quantite,
        duree_max_jours__gte=days,
        preavis_jours__lte=notice(today, debut.date),
    )
    if quantite > 1:
        asked = asked.alias(part=F("stock") * F("part_max")).filter(part__gte=100 * quantite)
    selects, params = [ENDED], [connection.ops.adapt_datefield_value(fin.date)]
    for select, values in [(SHORT, [*_ahead(debut.index, fin.index), quantite]), *_around(debut, fin, quantite)]:
        selects.append(select)
        params += values
    return asked.exclude(pk__in=RawSQL(" UNION ALL ".join(selects), params))  # noqa: S611 - no word of a reader in it


def _ahead(first: int, last: int) -> tuple[int, int]:
    """The half-days gone are not looked at, as the ledger."""
    return max(first, now_index()), last


def _around(debut: DemiJournee, fin: DemiJournee, quantite: int) -> Iterator[tuple[str, list[int]]]:
    """The half-days kept before and after, day by day, by those that keep some."""
    with connection.cursor() as cursor:
        cursor.execute(MOST)
        avant, apres = cursor.fetchone()
    first, last = debut.index, fin.index
    for kept in range(1, (avant or 0) + 1):
        start, _ = span(debut, fin, kept, 0)
        yield SHORT + KEEPS_BEFORE, [*_ahead(start, first - 1), quantite, kept]
        first = start
    for kept in range(1, (apres or 0) + 1):
        _, end = span(debut, fin, 0, kept)
        yield SHORT + KEEPS_AFTER, [*_ahead(last + 1, end), quantite, kept]
        last = end
