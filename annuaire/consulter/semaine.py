"""The week of a poste and the opening hours of a mairie, as `<c-semaine>` and `<c-horaires>` draw them."""

from collections.abc import Iterable
from datetime import date

from collectivites.models import PlageOuverture, Presence
from extranet.lib.demi_journees import Jour, Moment, Semaine, parity
from extranet.lib.horaires import plage

WORDS = {Moment.MATIN: "matin", Moment.APRES_MIDI: "apr.-m."}
PARITY = {Semaine.TOUTES: "", Semaine.PAIRES: "paires", Semaine.IMPAIRES: "impaires"}
WORKING_DAYS = list(Jour)[:5]


def week_of(presences: Iterable[Presence]) -> list[dict[str, str]]:
    """Monday to Friday, and the week-end when someone works then; each cell says when, or nothing."""
    cells: dict[tuple[int, str], str] = {}
    for presence in presences:
        word = PARITY[presence.semaine] or WORDS[presence.moment]
        both = (presence.jour, presence.moment) in cells  # even weeks and odd weeks, noted apart
        cells[presence.jour, presence.moment] = WORDS[presence.moment] if both else word
    days = [day for day in Jour if day in WORKING_DAYS or any(cell[0] == day for cell in cells)]
    return [
        {
            "nom": day.label.capitalize(),
            "matin": cells.get((day, Moment.MATIN), ""),
            "apres_midi": cells.get((day, Moment.APRES_MIDI), ""),
        }
        for day in days
    ]


def parity_note(presences: Iterable[Presence], today: date) -> str:
    """What « paires » and « impaires » mean this week; nothing when every week is alike."""
    if all(presence.semaine == Semaine.TOUTES for presence in presences):
        return ""
    return f"Cette semaine, n°\u00a0{today.isocalendar().week}, est {parity(today).removesuffix('s')}."


def hours_note(presences: Iterable[Presence]) -> list[str]:
    """« Lundi\u00a0: 8 h 30 à 12 h, 13 h 30 à 17 h »: the days whose hours are known, days alike together."""
    by_day: dict[int, list[str]] = {}
    for presence in sorted(presences, key=lambda p: (p.jour, p.heure_debut is None, p.heure_debut)):
        if presence.heure_debut and presence.semaine == Semaine.TOUTES:
            by_day.setdefault(presence.jour, []).append(plage(presence.heure_debut, presence.heure_fin))
    alike: dict[str, list[str]] = {}
    for day, stretches in by_day.items():
        alike.setdefault(", ".join(stretches), []).append(Jour(day).label)
    return [f"{_listed(days).capitalize()}\u00a0: {stretches}" for stretches, days in alike.items()]


def opening_days(plages: Iterable[PlageOuverture], today: date) -> list[dict[str, object]]:
    """Monday to Saturday, Sunday when it opens."""
    by_day: dict[int, list[str]] = {}
    for stretch in plages:
        by_day.setdefault(stretch.jour, []).append(plage(stretch.ouverture, stretch.fermeture))
    return [
        {"nom": day.label.capitalize(), "plages": by_day.get(day, []), "aujourdhui": day == today.isoweekday()}
        for day in Jour
        if day <= Jour.SAMEDI or day in by_day
    ]


def _listed(words: list[str]) -> str:
    """« lundi », « lundi et mardi », « lundi, mardi et jeudi »."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} et {words[-1]}"
