"""Words of the papers of a session: days, hours, durations, with the year wherever a paper is kept."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from django.utils import dateformat

from extranet.lib.francais import NBSP, heure
from extranet.lib.noms import de_nom
from formations.enums import Acte, Presence, StatutInscription
from formations.models import Creneau, Mouvement, SessionFormation

# Of a person, whoever they are: the labels of the states agree with « inscription ».
PRESENCES = {
    **dict.fromkeys((Presence.PRESENT, StatutInscription.PRESENTE), "présence"),
    **dict.fromkeys((Presence.PARTIEL, StatutInscription.PARTIELLE), "présence en partie"),
    **dict.fromkeys((Presence.EXCUSE, StatutInscription.EXCUSEE), "absence excusée"),
    **dict.fromkeys((Presence.ABSENT, StatutInscription.ABSENTE), "absence"),
}


def duree(minutes: int) -> str:
    """« 3 h 30 », « 14 h », « 45 min », « 0 h »."""
    hours, rest = divmod(minutes, 60)
    if not hours and rest:
        return f"{rest}{NBSP}min"
    return f"{hours}{NBSP}h{NBSP}{rest:02d}" if rest else f"{hours}{NBSP}h"


def complete(day: date) -> str:
    """« 1er mars 2027 »."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number}{NBSP}{dateformat.format(day, 'F Y')}"


def jour_complet(day: date) -> str:
    """« Jeudi 5 novembre 2026 »."""
    return f"{dateformat.format(day, 'l').capitalize()} {complete(day)}"


def jours_de(creneaux: Iterable[Creneau]) -> str:
    """« 5 et 6 novembre 2026 », « 30 novembre et 1er décembre 2026 »: each month and the year once."""
    days = sorted({one.date for one in creneaux})
    months = [list(group) for _, group in groupby(days, key=lambda day: (day.year, day.month))]
    words = []
    for rank, month in enumerate(months):
        numbers = ["1er" if day.day == 1 else str(day.day) for day in month]
        last = rank == len(months) - 1 or months[rank + 1][0].year != month[0].year
        words.append(f"{_listed(numbers)}{NBSP}{dateformat.format(month[0], 'F Y' if last else 'F')}")
    return _listed(words)


def _listed(words: Sequence[str]) -> str:
    return " et ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else ""


def animateurs(session: SessionFormation, creneaux: Iterable[Creneau]) -> str:
    """Who leads it, each named once, in the order of the half-days; "" when nobody is known."""
    names = [one.formateur or session.formateur for one in creneaux] or [session.formateur]
    return _listed(list(dict.fromkeys(filter(None, names))))


def salles(creneaux: Iterable[Creneau]) -> str:
    """« Salle Doubs », « Salle Doubs le 5 novembre 2026, atelier le 6 novembre 2026 »; "" when no room is told."""
    days: dict[str, list[Creneau]] = {}
    for one in creneaux:
        days.setdefault(one.salle, []).append(one)
    if len(days) == 1:
        return next(iter(days))
    return ", ".join(f"{room} le {jours_de(those)}" for room, those in days.items() if room)


def horaires(creneau: Creneau) -> str:
    """« 8 h 30 – 12 h »."""
    return f"{heure(creneau.heure_debut)} – {heure(creneau.heure_fin)}"


def etendue(creneaux: Sequence[Creneau]) -> str:
    """« 2 jours, 14 heures », « 3 heures 30 »."""
    days, minutes = len({one.date for one in creneaux}), sum(one.minutes for one in creneaux)
    hours, rest = divmod(minutes, 60)
    hours_words = f"{hours}{NBSP}heure{'s' if hours > 1 else ''}" + (f"{NBSP}{rest:02d}" if rest else "")
    return f"{days}{NBSP}jours, {hours_words}" if days > 1 else hours_words


def replacing(line: Mouvement) -> str:
    """« , à la place de Fatima Diallo », « , par Jean Prost »: the other one of a replacement; "" for any other line.

    Read with `inscription.remplace.agent` and `inscription.remplacee_par.agent`.
    """
    seat = line.inscription
    if line.acte == Acte.INSCRITE and line.donnees.get("remplace") and seat.remplace:
        return f", à la place {de_nom(seat.remplace.agent.nom_complet)}"
    if line.acte == Acte.REMPLACEE and (new := getattr(seat, "remplacee_par", None)):
        return f", par {new.agent.nom_complet}"
    return ""
