"""The half-days of a poste, read and written together."""

from datetime import time
from typing import NamedTuple

from collectivites.models import Poste, Presence
from extranet.lib.demi_journees import Moment


class Creneau(NamedTuple):
    """A half-day of the week as it is written: what a Presence holds, without its poste."""

    jour: int
    moment: str
    semaine: str
    debut: time | None
    fin: time | None


def slots_of(poste: Poste) -> list[Creneau]:
    """What is noted today, in the order of the week."""
    rows = [Creneau(p.jour, p.moment, p.semaine, p.heure_debut, p.heure_fin) for p in poste.presences.all()]
    return sorted(rows, key=lambda row: (row.jour, row.moment != Moment.MATIN, row.semaine))


def write(poste: Poste, cells: set[tuple[int, str]], wanted: list[Creneau]) -> bool:
    """Makes these half-days what is wanted; those that were not asked about stay. False: nothing new."""
    rows = {
        Creneau(p.jour, p.moment, p.semaine, p.heure_debut, p.heure_fin): p
        for p in poste.presences.all()
        if (p.jour, p.moment) in cells
    }
    if set(rows) == set(wanted):
        return False
    Presence.objects.filter(pk__in=[row.pk for slot, row in rows.items() if slot not in wanted]).delete()
    for slot in wanted:
        if slot not in rows:
            Presence.objects.create(
                poste=poste,
                jour=slot.jour,
                moment=slot.moment,
                semaine=slot.semaine,
                heure_debut=slot.debut,
                heure_fin=slot.fin,
            )
    return True
