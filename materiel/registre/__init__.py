"""The ledger of half-days: what takes a thing, under which rules, and what is left free.

The only place where a thing is taken, given back, or counted anew.
"""

from materiel.registre.actes import change, change_stock, confirm, extend, mark_late, purge, reduce, release, take
from materiel.registre.ecritures import (
    HORIZON,
    RESERVABLE,
    clear_late,
    free,
    half_day_of,
    hold,
    horizon_index,
    lock,
    now_index,
)
from materiel.registre.fermetures import close_expired

__all__ = [
    "HORIZON",
    "RESERVABLE",
    "change",
    "change_stock",
    "clear_late",
    "close_expired",
    "confirm",
    "extend",
    "free",
    "half_day_of",
    "hold",
    "horizon_index",
    "lock",
    "mark_late",
    "now_index",
    "purge",
    "reduce",
    "release",
    "take",
]
