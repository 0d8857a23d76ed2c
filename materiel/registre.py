"""The ledger: the only place where a thing is taken, given back, or counted anew.

Every path locks the row of the thing first, so that what it reads is what it writes on: on PostgreSQL by FOR NO KEY
UPDATE, on SQLite by the IMMEDIATE transaction. The CHECK of `Occupation` stands behind, whoever writes. Half-days are
indexes (`DemiJournee.index`), both ends included; the past is never written.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F, Min, QuerySet
from django.utils import timezone

from extranet.lib.contraintes import refuse_on
from extranet.lib.demi_journees import DemiJournee, Moment
from materiel.enums import Nature
from materiel.models import Engagement, Materiel, Occupation, Papier
from materiel.refus import PlusAssez, StockPromis

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


def now_index() -> int:
    """The half-day of now (Paris): the afternoon begins at 13 h."""
    now = timezone.localtime()
    return DemiJournee(now.date(), Moment.MATIN if now.hour < 13 else Moment.APRES_MIDI).index


def horizon_index() -> int:
    return DemiJournee(timezone.localdate() + HORIZON, Moment.APRES_MIDI).index


def lock(*ids: int) -> dict[int, Materiel]:
    """The things, locked in the order of their keys until the end of the transaction, as they stand now."""
    locked = Materiel.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=ids).order_by("pk")
    return {one.pk: one for one in locked.select_related("page")}


def free(ids: Iterable[int], debut: int, fin: int) -> dict[int, int]:
    """Units free on every half-day of the period; a thing that is not in the answer is free in whole."""
    rows = Occupation.objects.filter(materiel__in=list(ids), creneau__range=(debut, fin)).order_by()
    least = rows.values_list("materiel").annotate(libre=Min(F("stock") - F("pris") - F("retard")))
    return {pk: max(0, libre) for pk, libre in least}


@transaction.atomic
def take(engagement: Engagement) -> Engagement:
    """Writes an engagement and its units on the ledger, or neither. Raises PlusAssez, naming the first lack.

    What the owner takes for itself may be on days that an overdue paper closes to loans.
    """
    materiel = lock(engagement.materiel_id)[engagement.materiel_id]
    own = engagement.nature not in {Nature.PRET, Nature.OPTION, Nature.PAPIER}
    if own:
        _open_expired(materiel)
    engagement.tenu = True
    engagement.save()
    _add(materiel, engagement.debut, engagement.fin, engagement.quantite)
    if own:
        close_expired(materiel)
    return engagement


@transaction.atomic
def release(engagement: Engagement) -> None:
    """Gives back its units from now to its end; what was used before stays written."""
    materiel = lock(engagement.materiel_id)[engagement.materiel_id]
    engagement.refresh_from_db()
    if not engagement.tenu:
        return
    clear_late(engagement)
    _subtract(materiel, engagement.debut, engagement.fin, engagement.quantite)
    now = now_index()
    if engagement.debut < now <= engagement.fin:
        engagement.fin = now - 1
    engagement.tenu = False
    engagement.save(update_fields=["tenu", "fin"])
    close_expired(materiel)


@transaction.atomic
def reduce(engagement: Engagement, quantite: int, depuis: int | None = None) -> Engagement | None:
    """From `depuis` on (now by default) it takes only `quantite`; returns what goes on, None when nothing does.

    Always possible. What was held before stays written, in an engagement that ends there.
    """
    materiel = lock(engagement.materiel_id)[engagement.materiel_id]
    engagement.refresh_from_db()
    depuis = max(depuis or 0, now_index(), engagement.debut)
    if quantite == 0 and depuis == max(engagement.debut, now_index()):
        release(engagement)
        return None
    if not engagement.tenu or depuis > engagement.fin or quantite >= engagement.quantite:
        return engagement if engagement.tenu else None
    clear_late(engagement)
    _subtract(materiel, depuis, engagement.fin, engagement.quantite - quantite)
    rest = _split(engagement, quantite, depuis)
    close_expired(materiel)
    return rest


def _split(engagement: Engagement, quantite: int, depuis: int) -> Engagement | None:
    """The same engagement with fewer units from `depuis`; its units are already given back."""
    if depuis <= engagement.debut:
        engagement.quantite = quantite
        engagement.save(update_fields=["quantite"])
        return engagement
    fin, engagement.fin = engagement.fin, depuis - 1
    engagement.save(update_fields=["fin"])
    if quantite == 0:
        return None
    rest = Engagement.objects.get(pk=engagement.pk)
    rest.pk, rest.debut, rest.fin, rest.quantite = None, depuis, fin, quantite
    rest._state.adding = True
    rest.save()
    return rest


@transaction.atomic
def change(
    engagement: Engagement, *, debut: int, fin: int, quantite: int, materiel: Materiel | None = None
) -> Engagement:
    """Other half-days, another quantity or another thing, in one act. Raises PlusAssez: the ledger stays as it was,
    and `engagement` is to be read again.
    """
    target = materiel.pk if materiel else engagement.materiel_id
    things = lock(engagement.materiel_id, target)
    engagement.refresh_from_db()
    before = things[engagement.materiel_id]
    clear_late(engagement)
    _subtract(before, engagement.debut, engagement.fin, engagement.quantite)
    engagement.materiel, engagement.debut, engagement.fin = things[target], debut, fin
    engagement.quantite = quantite
    engagement.save()
    _add(things[target], debut, fin, quantite)
    close_expired(before)
    return engagement


@transaction.atomic
def confirm(engagement: Engagement) -> None:
    """What was held while somebody answered is lent: the same units, without an end to the answer."""
    lock(engagement.materiel_id)
    Engagement.objects.filter(pk=engagement.pk, nature=Nature.OPTION, tenu=True).update(
        nature=Nature.PRET, expire_le=None
    )


@transaction.atomic
def change_stock(materiel: Materiel, stock: int) -> None:
    """Counts the thing anew, first in its row then in its future. Raises PlusAssez when more is promised."""
    found = lock(materiel.pk)[materiel.pk]
    _open_expired(found)
    found.stock = stock
    found.save(update_fields=["stock"])
    rows = Occupation.objects.filter(materiel=found, creneau__gte=now_index())
    short = rows.filter(pris__gt=stock).order_by("creneau").first()
    if short is not None:
        raise StockPromis(found, DemiJournee.at(short.creneau), short.pris)
    rows.update(stock=stock)
    close_expired(found)
    materiel.stock = stock


@transaction.atomic
def mark_late(engagement: Engagement, quantite: int, debut: int, fin: int) -> None:
    """Says that so many unreturned units are feared to take these half-days; replaces what was said before."""
    materiel = lock(engagement.materiel_id)[engagement.materiel_id]
    engagement.refresh_from_db()
    if not engagement.tenu:
        return
    clear_late(engagement)
    _write(materiel.pk, debut, fin, pris=0, retard=quantite)
    engagement.retard_quantite, engagement.retard_debut, engagement.retard_fin = quantite, debut, fin
    engagement.save(update_fields=["retard_quantite", "retard_debut", "retard_fin"])


def clear_late(engagement: Engagement) -> None:
    """Inside a transaction that holds the thing."""
    if not engagement.retard_quantite:
        return
    rows = _rows(engagement.materiel_id, engagement.retard_debut, engagement.retard_fin)
    rows.update(retard=F("retard") - engagement.retard_quantite)
    _forget_empty(rows)
    engagement.retard_quantite, engagement.retard_debut, engagement.retard_fin = 0, None, None
    engagement.save(update_fields=["retard_quantite", "retard_debut", "retard_fin"])


@transaction.atomic
def close_expired(materiel: Materiel) -> None:
    """Takes what is left of the thing from the day after its first blocking paper ends: no new loan there.

    What was already lent there stays lent; when it is given back, that too is closed.
    """
    papier = (
        Papier.objects.filter(materiel=materiel, bloquant=True, remplace_par=None, valable_jusqu_au__isnull=False)
        .order_by("valable_jusqu_au", "pk")
        .first()
    )
    held = _held_for_papers(materiel)
    if papier is None and not held:
        return
    materiel = lock(materiel.pk)[materiel.pk]
    _open_expired(materiel)
    if papier is None:
        return
    debut = DemiJournee(papier.valable_jusqu_au + timedelta(days=1), Moment.MATIN).index
    for first, last, quantite in _left(materiel, max(debut, now_index()), horizon_index()):
        closing = Engagement(
            materiel=materiel, nature=Nature.PAPIER, papier=papier, debut=first, fin=last, quantite=quantite
        )
        closing.save()
        _add(materiel, first, last, quantite)


def _held_for_papers(materiel: Materiel) -> list[Engagement]:
    return list(Engagement.objects.held().filter(materiel=materiel, nature=Nature.PAPIER))


def _open_expired(materiel: Materiel) -> None:
    """Inside a transaction that holds the thing. A closing is not history: it says what a date of paper says."""
    for closing in _held_for_papers(materiel):
        _subtract(materiel, closing.debut, closing.fin, closing.quantite)
        closing.delete()


def _left(materiel: Materiel, debut: int, fin: int) -> list[tuple[int, int, int]]:
    """Runs of half-days with the same number of units left, those with none left out."""
    taken = dict(_rows(materiel.pk, debut, fin).values_list("creneau", "pris"))
    cuts = sorted({debut, *taken, *(creneau + 1 for creneau in taken if creneau < fin)})
    runs = []
    for first, after in zip(cuts, [*cuts[1:], fin + 1], strict=True):
        left = materiel.stock - taken.get(first, 0)
        if left <= 0:
            continue
        if runs and runs[-1][1] == first - 1 and runs[-1][2] == left:
            runs[-1] = (runs[-1][0], after - 1, left)
        else:
            runs.append((first, after - 1, left))
    return runs


def _rows(materiel_id: int, debut: int, fin: int) -> QuerySet[Occupation]:
    return Occupation.objects.filter(materiel=materiel_id, creneau__range=(debut, fin))


def _add(materiel: Materiel, debut: int, fin: int, quantite: int) -> None:
    """Raises PlusAssez, and leaves the ledger as it was."""
    debut = max(debut, now_index())
    if debut > fin:
        return
    try:
        with refuse_on({GARDE: GARDE}, _Plein):
            _write(materiel.pk, debut, fin, pris=quantite, retard=0)
    except _Plein:
        raise _lack(materiel, debut, fin, quantite) from None


class _Plein(Exception):
    """The guard of the ledger has refused."""


def _lack(materiel: Materiel, debut: int, fin: int, quantite: int) -> PlusAssez:
    full = _rows(materiel.pk, debut, fin).filter(pris__gt=F("stock") - quantite).order_by("creneau").first()
    if full is None:  # more is asked than there is
        return PlusAssez(materiel, DemiJournee.at(debut), materiel.stock)
    return PlusAssez(materiel, DemiJournee.at(full.creneau), max(0, full.stock - full.pris))


def _write(materiel_id: int, debut: int, fin: int, *, pris: int, retard: int) -> None:
    """One upsert, in the order of the half-days: two acceptances of one thing cannot wait for one another."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [debut, fin, pris, retard, materiel_id])


def _subtract(materiel: Materiel, debut: int, fin: int, quantite: int) -> None:
    """By UPDATE: an upsert of a negative number breaks the CHECK before it meets the row."""
    rows = _rows(materiel.pk, max(debut, now_index()), fin)
    rows.update(pris=F("pris") - quantite)
    _forget_empty(rows)


def _forget_empty(rows: QuerySet[Occupation]) -> None:
    """A half-day of which nothing is taken has no row."""
    rows.filter(pris=0, retard=0).delete()


def purge() -> int:
    """Forgets the past: the ledger only says what may still be promised."""
    today = DemiJournee(timezone.localdate(), Moment.MATIN).index
    return Occupation.objects.filter(creneau__lt=today).delete()[0]
