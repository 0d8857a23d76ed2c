"""Where people are today, and whether the town hall is open, in words."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from collectivites.models import Absence, PlageOuverture, Poste, Presence
from extranet.lib.demi_journees import DemiJournee, Moment, Semaine, moment_at, parity
from extranet.lib.francais import date_longue, heure, jour
from extranet.lib.jours_ouvres import holidays

# Bounds of a half-day whose hours are not known.
USUAL = {Moment.MATIN: (time(8), time(12, 30)), Moment.APRES_MIDI: (time(13, 30), time(17, 30))}
HORIZON = 28  # days: two even and two odd weeks


@dataclass(frozen=True)
class Situation:
    """Someone in a poste today. `la`: they can be met, now or later today; `ici`: they are there right now.

    `absence`: they announced that they are away.
    """

    la: bool
    texte: str
    ici: bool = False
    absence: bool = field(default=False, compare=False)


def situations(postes: Iterable[Poste], at: datetime | None = None) -> dict[int, Situation]:
    """Situation of each poste whose days are known, by its id. Two queries, whatever the number of postes."""
    postes, now = list(postes), timezone.localtime(at)
    presences: dict[int, list[Presence]] = {}
    for presence in Presence.objects.filter(poste__in=[p.pk for p in postes]):
        presences.setdefault(presence.poste_id, []).append(presence)
    absences: dict[int, list[Absence]] = {}
    until = now.date() + timedelta(days=HORIZON)
    away = Absence.objects.filter(agent__in={p.agent_id for p in postes})
    for absence in away.filter(date_fin__gte=now.date(), date_debut__lte=until):
        absences.setdefault(absence.agent_id, []).append(absence)
    found = {p.pk: situation(presences.get(p.pk, []), absences.get(p.agent_id, []), now) for p in postes}
    return {pk: one for pk, one in found.items() if one is not None}


def situation(presences: list[Presence], absences: list[Absence], now: datetime) -> Situation | None:
    """None when nothing is known: neither days nor an absence under way."""
    today = now.date()
    half = DemiJournee(today, moment_at(now.time()))
    away = next((a for a in absences if a.covers(half)), None)
    if away is not None:
        return Situation(False, _until(away, today), absence=True)
    if not presences:
        return None
    slots = creneaux(presences, absences, today)
    left = [slot for slot in slots if slot.fin > now.time()]
    if left:
        return _to_be_met(left, now.time())
    if slots:
        return Situation(False, "le matin seulement" if slots[-1].moment == Moment.MATIN else "journée finie")
    return Situation(False, _back(presences, absences, today))


@dataclass(frozen=True)
class Creneau:
    """A half-day worked on a date; `precis` when its hours were given."""

    moment: Moment
    debut: time
    fin: time
    precis: bool


def creneaux(presences: list[Presence], absences: list[Absence], day: date) -> list[Creneau]:
    """The half-days worked on that date, in order; none on a public holiday."""
    if day in holidays(day.year):
        return []
    slots = []
    for presence in presences:
        moment = Moment(presence.moment)
        on = presence.jour == day.isoweekday() and presence.semaine in (Semaine.TOUTES, parity(day))
        if on and not any(a.covers(DemiJournee(day, moment)) for a in absences):
            precis = presence.heure_debut is not None
            hours = (presence.heure_debut, presence.heure_fin) if precis else USUAL[moment]
            slots.append(Creneau(moment, *hours, precis))
    return sorted(slots, key=lambda slot: slot.debut)


def _to_be_met(left: list[Creneau], now: time) -> Situation:
    first, last = left[0], left[-1]
    ici = first.debut <= now
    if first.precis and not ici:
        return Situation(True, f"à partir de {heure(first.debut)}")
    if last.precis:
        return Situation(True, f"jusqu’à {heure(last.fin)}", ici)
    if first.moment != last.moment:
        return Situation(True, "toute la journée", ici)
    return Situation(True, "ce matin" if first.moment == Moment.MATIN else "cet après-midi", ici)


def _until(absence: Absence, today: date) -> str:
    if absence.date_fin != today:
        return f"absence jusqu’au {jour(absence.date_fin)}"
    return "absence ce matin" if absence.moment_fin == Moment.MATIN else "absence aujourd’hui"


def _back(presences: list[Presence], absences: list[Absence], today: date) -> str:
    """« de retour demain », « de retour jeudi », « de retour lundi 7 décembre »."""
    for n in range(1, HORIZON + 1):
        day = today + timedelta(days=n)
        if creneaux(presences, absences, day):
            words = f"de retour {_day_word(day, n)}".strip()
            return f"férié, {words}" if today in holidays(today.year) else words
    return "pas de présence prévue"


@dataclass(frozen=True)
class Ouverture:
    """Whether the doors are open, in words that follow « Mairie », or « Accueil »."""

    ouverte: bool
    texte: str


def ouverture(
    plages: Iterable[PlageOuverture], *, feminin: bool = True, at: datetime | None = None
) -> Ouverture | None:
    """« ouverte jusqu’à 18 h 30 », « fermée, ouvre lundi à 8 h 30 »; None without opening hours."""
    now, e = timezone.localtime(at), "e" if feminin else ""
    by_day: dict[int, list[PlageOuverture]] = {}
    for plage in plages:
        by_day.setdefault(plage.jour, []).append(plage)
    if not by_day:
        return None
    for n in range(HORIZON):
        day = now.date() + timedelta(days=n)
        stretches = (
            [] if day in holidays(day.year) else sorted(by_day.get(day.isoweekday(), []), key=lambda p: p.ouverture)
        )
        for plage in stretches:
            if n or now.time() < plage.ouverture:
                return Ouverture(False, f"fermé{e}, ouvre {_day_word(day, n)}à {heure(plage.ouverture)}")
            if now.time() < plage.fermeture:
                return Ouverture(True, f"ouvert{e} jusqu’à {heure(plage.fermeture)}")
    return Ouverture(False, f"fermé{e}")


def _day_word(day: date, n: int) -> str:
    """With its space: "", "demain ", "jeudi ", "lundi 7 décembre "."""
    if n < 2:
        return ("", "demain ")[n]
    return f"{date_longue(day) if n > 6 else date_longue(day).split()[0]} "
