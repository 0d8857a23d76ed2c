"""What is free on a period, and why the rest is not: for the lists, the sheet and the matching of needs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db import connection
from django.db.models import F, Min, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from extranet.lib.demi_journees import DemiJournee
from materiel.enums import Nature, StatutMateriel
from materiel.models import Engagement, Materiel, Occupation, Papier
from materiel.registre.ecritures import free_within, now_index
from materiel.registre.regles import (
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
    """How a thing stands on a period: `libre` units of `stock` on every half-day, and why not all of what is asked.

    `dernier` is the last day that its papers allow; None when none ends.
    """

    stock: int
    libre: int
    obstacles: tuple[Obstacle, ...] = ()
    dernier: date | None = None

    def suffit(self, quantite: int) -> bool:
        return not self.obstacles and self.libre >= quantite


@dataclass
class _Prises:
    """What was read of a thing: the first engagement of each nature on its days, and its first paper to end."""

    engagements: dict[str, Engagement] = field(default_factory=dict)
    papier: Papier | None = None

    @property
    def dernier(self) -> date | None:
        return self.papier.valable_jusqu_au if self.papier else None


@dataclass(frozen=True)
class Lecture:
    """All that is written of one thing from now on, read once for its calendar, its nearest days and what asking meets.

    `pris` are the units taken half-day by half-day (indexes), what is late included; a half-day that is not there is
    free in whole. `papier` is its first blocking paper to end.
    """

    materiel: Materiel
    pris: dict[int, int]
    engagements: list[Engagement]
    papier: Papier | None

    def libre(self, debut: int, fin: int) -> int:
        """Units free on every one of these half-days; those gone are not looked at."""
        most = max((self.pris.get(one, 0) for one in range(max(debut, now_index()), fin + 1)), default=0)
        return max(0, self.materiel.stock - most)

    @property
    def dernier(self) -> date | None:
        """The last day that its papers allow."""
        return self.papier.valable_jusqu_au if self.papier else None

    def is_closed(self, fin: date) -> bool:
        return self.dernier is not None and self.dernier < fin

    def demandable(self, creneau: int) -> int:
        """Units that a loan of that half-day alone may ask for, buffers and papers included."""
        one = DemiJournee.at(creneau)
        return 0 if self.is_closed(one.date) else self.libre(*blocked(self.materiel, one, one))

    def natures(self, debut: int, fin: int) -> set[str]:
        """Of what is held on these half-days."""
        return {one.nature for one in self.engagements if one.debut <= fin and one.fin >= debut}

    def dispo(self, debut: DemiJournee, fin: DemiJournee, quantite: int) -> Disponibilite:
        """As `availability`, without a query."""
        wrong = obstacle_of_dates(debut, fin, timezone.localdate())
        if wrong:
            return Disponibilite(self.materiel.stock, self.materiel.stock, (wrong,))
        first, last = blocked(self.materiel, debut, fin)
        first, taken = max(first, now_index()), _Prises(papier=self.papier)
        for one in self.engagements:
            if one.debut <= last and one.fin >= first:
                taken.engagements.setdefault(one.nature, one)
        return _found(self.materiel, debut, fin, quantite, taken, self.libre(first, last))


def read(materiel: Materiel) -> Lecture:
    """Three queries."""
    now = now_index()
    held = Engagement.objects.held().filter(materiel=materiel, fin__gte=now).select_related("papier")
    papers = Papier.objects.blocking().filter(materiel=materiel).order_by("valable_jusqu_au", "pk")
    return Lecture(materiel, ledger([materiel])[materiel.pk], list(held.order_by("debut", "pk")), papers.first())


def ledger(materiels: Iterable[Materiel]) -> dict[int, dict[int, int]]:
    """What is taken of each thing from now on, half-day by half-day, what is late included. One query."""
    found: dict[int, dict[int, int]] = {one.pk: {} for one in materiels}
    rows = Occupation.objects.filter(materiel__in=found, creneau__gte=now_index()).order_by()
    for pk, creneau, pris, retard in rows.values_list("materiel", "creneau", "pris", "retard"):
        found[pk][creneau] = pris + retard
    return found


def last_days(materiels: Iterable[Materiel | int]) -> dict[int, date]:
    """Of those whose loans must end by a day: the end of their first blocking paper. One query.

    The ledger is closed after it, the days that the thing keeps for itself excepted: a loan may end that day.
    """
    ends = Papier.objects.blocking().filter(materiel__in=materiels).order_by().values_list("materiel")
    return dict(ends.annotate(fin=Min("valable_jusqu_au")))


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
    taken = _taken_on(spans)
    found = {}
    for one in materiels:
        units = min(left.get(one.pk, one.stock), one.stock)
        found[one.pk] = _found(one, debut, fin, quantite, taken[one.pk], units)
    return found


def _found(
    materiel: Materiel, debut: DemiJournee, fin: DemiJournee, quantite: int, taken: _Prises, libre: int
) -> Disponibilite:
    """As `regles.obstacles`, without a query, and what the ledger adds."""
    over = taken.papier if taken.dernier and taken.dernier < fin.date else None
    found = [] if materiel.is_lendable() else [RETIRE_DU_PRET]
    found.append(obstacle_of_conditions(materiel, debut, fin, quantite, timezone.localdate()))
    found.append(obstacle_of_paper(over))
    if libre < quantite <= materiel.stock and not over:
        found.append(_why(taken.engagements))
    return Disponibilite(materiel.stock, libre, tuple(one for one in found if one), taken.dernier)


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


def _taken_on(spans: dict[int, tuple[int, int]]) -> dict[int, _Prises]:
    found = {pk: _Prises() for pk in spans}
    if not spans:
        return found
    first, last = min(a for a, _ in spans.values()), max(b for _, b in spans.values())
    held = Engagement.objects.held().filter(materiel__in=spans).between(first, last).select_related("papier")
    for one in held.order_by("debut", "pk"):
        start, end = spans[one.materiel_id]
        if one.debut <= end and one.fin >= start:
            found[one.materiel_id].engagements.setdefault(one.nature, one)
    papers = Papier.objects.blocking().filter(materiel__in=spans)
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
