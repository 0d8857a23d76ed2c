"""The ledger: the only place where a thing is taken, given back, or counted anew.

Every path locks the engagement then the row of the thing, so that what it reads is what it writes on: on PostgreSQL by
FOR NO KEY UPDATE, on SQLite by the IMMEDIATE transaction. Whoever acts on several things in one transaction first calls
`lock` with all of them. The CHECK of `Occupation` stands behind, whoever writes.
"""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from extranet.lib.demi_journees import DemiJournee, Moment
from materiel.enums import Nature
from materiel.models import Engagement, Materiel, Occupation, Papier
from materiel.refus import PlusAssez, PlusRetenu, StockPromis
from materiel.registre.ecritures import (
    RESERVABLE,
    add,
    clear_late,
    hold,
    horizon_index,
    lock,
    now_index,
    subtract,
    write,
    write_late,
)
from materiel.registre.fermetures import close_expired, open_expired

log = logging.getLogger(__name__)
# A closing that reaches less far than this is written again up to the horizon: not all of them, each night.
PROLONGE = RESERVABLE + timedelta(days=15)
# Those that a closed day refuses; what the owner takes for itself may be there.
PRETES = {Nature.PRET, Nature.OPTION, Nature.PAPIER}


@transaction.atomic
def take(engagement: Engagement) -> Engagement:
    """Writes an engagement and its units on the ledger, or neither. Raises PlusAssez, naming the first lack, and
    TropLoin beyond the horizon.
    """
    materiel = lock(engagement.materiel_id)[engagement.materiel_id]
    own = engagement.nature not in PRETES
    if own:
        open_expired(materiel)
    engagement.tenu = True
    engagement.save()
    add(materiel, engagement.debut, engagement.fin, engagement.quantite)
    if own:
        close_expired(materiel)
    return engagement


@transaction.atomic
def release(engagement: Engagement) -> None:
    """Gives back its units from now to its end; what was used before stays written."""
    materiel = hold(engagement)[engagement.materiel_id]
    if not engagement.tenu:
        return
    clear_late(engagement)
    subtract(materiel, engagement.debut, engagement.fin, engagement.quantite)
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
    materiel = hold(engagement)[engagement.materiel_id]
    if not engagement.tenu:
        return None
    now = now_index()
    depuis = max(depuis or 0, now, engagement.debut)
    if quantite == 0 and depuis == max(engagement.debut, now):
        release(engagement)
        return None
    if depuis > engagement.fin:
        _fear_less(engagement, quantite)
        return engagement
    if quantite >= engagement.quantite:
        return engagement
    clear_late(engagement)
    subtract(materiel, depuis, engagement.fin, engagement.quantite - quantite)
    rest = _split(engagement, quantite, depuis)
    close_expired(materiel)
    return rest


def _fear_less(engagement: Engagement, quantite: int) -> None:
    """Some of the units of an overdue loan are back: the others alone are feared."""
    if quantite < engagement.retard_quantite:
        debut, fin = engagement.retard_debut, engagement.retard_fin
        clear_late(engagement)
        _fear(engagement, quantite, debut, fin)


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
    """Other half-days, another quantity or another thing, in one act.

    Raises PlusAssez, TropLoin, and PlusRetenu when it was given back meanwhile: the ledger stays as it was, and
    `engagement` is to be read again.
    """
    things = hold(engagement, *([materiel.pk] if materiel else []))
    if not engagement.tenu:
        raise PlusRetenu
    before = things[engagement.materiel_id]
    after = things[materiel.pk] if materiel else before
    own = engagement.nature not in PRETES
    clear_late(engagement)
    subtract(before, engagement.debut, engagement.fin, engagement.quantite)
    if own:
        open_expired(after)
    engagement.materiel, engagement.debut, engagement.fin = after, debut, fin
    engagement.quantite = quantite
    engagement.save()
    add(after, debut, fin, quantite)
    close_expired(before)
    if own and after != before:
        close_expired(after)
    return engagement


@transaction.atomic
def confirm(engagement: Engagement) -> None:
    """What was held while somebody answered is lent: the same units, without an end to the answer.

    Raises PlusRetenu when it was given back meanwhile.
    """
    hold(engagement)
    if not engagement.tenu:
        raise PlusRetenu
    engagement.nature, engagement.expire_le = Nature.PRET, None
    engagement.save(update_fields=["nature", "expire_le"])


@transaction.atomic
def change_stock(materiel: Materiel, stock: int) -> None:
    """Counts the thing anew, first in its row then in its future. Raises StockPromis when more is promised."""
    found = lock(materiel.pk)[materiel.pk]
    open_expired(found)
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
    hold(engagement)
    if not engagement.tenu:
        return
    clear_late(engagement)
    _fear(engagement, quantite, debut, fin)


def _fear(engagement: Engagement, quantite: int, debut: int, fin: int) -> None:
    debut = max(debut, now_index())
    if quantite and debut <= fin:
        write(engagement.materiel_id, debut, fin, pris=0, retard=quantite)
        write_late(engagement, quantite, debut, fin)


def extend() -> None:
    """Each night: what has no end, and what an overdue paper closes, keep ahead of what may be asked."""
    for engagement in Engagement.objects.held().filter(sans_fin=True, fin__lt=horizon_index()):
        _extend(engagement)
    soon = DemiJournee(timezone.localdate() + PROLONGE, Moment.APRES_MIDI).index
    done = Engagement.objects.held().filter(nature=Nature.PAPIER, fin__gte=soon).values("materiel")
    blocked = Papier.objects.blocking().exclude(materiel__in=done).values("materiel")
    for materiel in Materiel.objects.filter(pk__in=blocked):
        close_expired(materiel)


def _extend(engagement: Engagement) -> None:
    """As far as the horizon; when `veille` was stopped for weeks and something was promised there, as it was."""
    try:
        change(engagement, debut=engagement.debut, fin=horizon_index(), quantite=engagement.quantite)
    except PlusAssez as lack:
        log.warning("Engagement %s non prolongé : %s", engagement.pk, lack)
    except PlusRetenu:
        return


def purge() -> int:
    """Forgets the past: the ledger only says what may still be promised."""
    today = DemiJournee(timezone.localdate(), Moment.MATIN).index
    return Occupation.objects.filter(creneau__lt=today).delete()[0]
