"""The writings of the ledger: locks, half-days taken and given back. `registre` alone, and its closings, write by it.

Half-days are indexes (`DemiJournee.index`), both ends included; the past is never written.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F, Min, Q, QuerySet
from django.utils import timezone

from extranet.lib.contraintes import refuse_on
from extranet.lib.demi_journees import DemiJournee, Moment, moment_at
from materiel.models import Engagement, Materiel, Occupation
from materiel.refus import PlusAssez, TropLoin

# How far ahead one may ask, and how far what has no end is written: the month between them is the margin of `veille`.
RESERVABLE, HORIZON = timedelta(days=540), timedelta(days=570)
GARDE = "occupation_jamais_au_dela_du_stock"

TAKE = """
    WITH RECURSIVE jours(creneau) AS (
        SELECT CAST(%s AS INTEGER) UNION ALL SELECT creneau + 1 FROM jours WHERE creneau < CAST(%s AS INTEGER)
    )
    INSERT INTO materiel_occupation (materiel_id, creneau, pris, retard, stock)
    SELECT m.id, jours.creneau, CAST(%s AS INTEGER), CAST(%s AS INTEGER), m.stock
    FROM materiel_materiel m, jours WHERE m.id = %s ORDER BY jours.creneau
    ON CONFLICT (materiel_id, creneau) DO UPDATE SET
        pris = materiel_occupation.pris + excluded.pris, retard = materiel_occupation.retard + excluded.retard
"""


class _Plein(Exception):
    """The guard of the ledger has refused."""


def now_index() -> int:
    return half_day_of(timezone.now()).index


def half_day_of(instant: datetime) -> DemiJournee:
    """In Paris."""
    here = timezone.localtime(instant)
    return DemiJournee(here.date(), moment_at(here.time()))


def horizon_index() -> int:
    return DemiJournee(timezone.localdate() + HORIZON, Moment.APRES_MIDI).index


def lock(*ids: int) -> dict[int, Materiel]:
    """The things, locked in the order of their keys until the end of the transaction, as they stand now."""
    locked = Materiel.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=ids).order_by("pk")
    return {one.pk: one for one in locked.select_related("page")}


def hold(engagement: Engagement, *others: int) -> dict[int, Materiel]:
    """Locks the engagement then its thing, and reads it again: another act may have moved, reduced or released it.

    Always in that order, so that two acts on one engagement never wait for one another.
    """
    engagement.refresh_from_db(from_queryset=Engagement.objects.select_for_update(no_key=True))
    return lock(engagement.materiel_id, *others)


def free(ids: Iterable[int], debut: int, fin: int) -> dict[int, int]:
    """Units free on every half-day of the period; a thing that is not in the answer is free in whole."""
    return free_within(dict.fromkeys(ids, (debut, fin)))


def free_within(spans: Mapping[int, tuple[int, int]]) -> dict[int, int]:
    """The same for things that each have their own period, in one query."""
    if not spans:
        return {}
    things = defaultdict(list)
    for pk, span in spans.items():
        things[span].append(pk)
    asked = Q()
    for span, ids in things.items():
        asked |= Q(materiel__in=ids, creneau__range=span)
    rows = Occupation.objects.filter(asked).order_by().values_list("materiel")
    return {pk: max(0, libre) for pk, libre in rows.annotate(libre=Min(F("stock") - F("pris") - F("retard")))}


def rows_of(materiel_id: int, debut: int, fin: int) -> QuerySet[Occupation]:
    return Occupation.objects.filter(materiel=materiel_id, creneau__range=(debut, fin))


def add(materiel: Materiel, debut: int, fin: int, quantite: int) -> None:
    """Raises PlusAssez or TropLoin, and leaves the ledger as it was."""
    debut = max(debut, now_index())
    if debut > fin:
        return
    if fin > horizon_index():
        raise TropLoin(timezone.localdate() + RESERVABLE)
    try:
        with refuse_on({GARDE: GARDE}, _Plein):
            write(materiel.pk, debut, fin, pris=quantite, retard=0)
    except _Plein:
        raise _lack(materiel, debut, fin, quantite) from None


def _lack(materiel: Materiel, debut: int, fin: int, quantite: int) -> PlusAssez:
    full = rows_of(materiel.pk, debut, fin).filter(pris__gt=F("stock") - quantite).order_by("creneau").first()
    if full is None or (quantite > materiel.stock and full.creneau > debut):
        return PlusAssez(materiel, DemiJournee.at(debut), materiel.stock)  # more is asked than there is
    return PlusAssez(materiel, DemiJournee.at(full.creneau), max(0, full.stock - full.pris))


def write(materiel_id: int, debut: int, fin: int, *, pris: int, retard: int) -> None:
    """One upsert, in the order of the half-days: two acceptances of one thing cannot wait for one another."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [debut, fin, pris, retard, materiel_id])


def subtract(materiel: Materiel, debut: int, fin: int, quantite: int) -> None:
    """By UPDATE: an upsert of a negative number breaks the CHECK before it meets the row."""
    rows = rows_of(materiel.pk, max(debut, now_index()), fin)
    rows.update(pris=F("pris") - quantite)
    forget_empty(rows)


def forget_empty(rows: QuerySet[Occupation]) -> None:
    """A half-day of which nothing is taken has no row."""
    rows.filter(pris=0, retard=0).delete()


def clear_late(engagement: Engagement) -> None:
    """Inside a transaction that holds the engagement and its thing."""
    if not engagement.retard_quantite:
        return
    rows = rows_of(engagement.materiel_id, engagement.retard_debut, engagement.retard_fin)
    rows.update(retard=F("retard") - engagement.retard_quantite)
    forget_empty(rows)
    write_late(engagement, 0, None, None)


def write_late(engagement: Engagement, quantite: int, debut: int | None, fin: int | None) -> None:
    engagement.retard_quantite, engagement.retard_debut, engagement.retard_fin = quantite, debut, fin
    engagement.save(update_fields=["retard_quantite", "retard_debut", "retard_fin"])
