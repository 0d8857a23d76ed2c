"""Sessions and seats in words, for the screens of those who book."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from django.utils import dateformat

from extranet.lib.francais import NBSP, date_longue, date_relative, heure, jour
from extranet.lib.typographie import space
from formations.enums import PayePar, StatutInscription, Visa
from formations.models import Creneau, FormationPage, Inscription, SessionFormation
from formations.places.promotion import Attente

S = StatutInscription
RANGS = ("", "En tête", "Deuxième", "Troisième", "Quatrième", "Cinquième", "Sixième", "Septième", "Huitième")
SANS_DATE = "Dates à fixer"


def dates_words(days: Iterable[date]) -> str:
    """« jeudi 5 novembre », « jeudi 5 et vendredi 6 novembre », « du lundi 2 au jeudi 5 novembre »; all of a few."""
    days = sorted(set(days))
    if not days:
        return SANS_DATE
    if len(days) == 1:
        return date_longue(days[0])
    if len(days) > 2 and all((after - before).days == 1 for before, after in pairwise(days)):
        return f"du {_short(days[0], days[-1])} au {date_longue(days[-1])}"
    if len(days) > 4:
        return f"{len(days)}{NBSP}jours, du {_short(days[0], days[-1])} au {date_longue(days[-1])}"
    words = [_short(one, days[-1]) for one in days[:-1]]
    return f"{', '.join(words)} et {date_longue(days[-1])}"


def _short(day: date, last: date) -> str:
    """Without the month that the last day is about to say."""
    if (day.year, day.month) != (last.year, last.month):
        return date_longue(day)
    number = "1er" if day.day == 1 else str(day.day)
    return f"{dateformat.format(day, 'l')}{NBSP}{number}"


def hours_words(creneaux: Sequence[Creneau]) -> str:
    """« 8 h 30 à 16 h 30 » when it is so each day, else those of each day; "" without half-days."""
    days: dict[date, list[Creneau]] = {}
    for one in creneaux:
        days.setdefault(one.date, []).append(one)
    spans = {day: f"{heure(ones[0].heure_debut)} à {heure(ones[-1].heure_fin)}" for day, ones in days.items()}
    if len(set(spans.values())) == 1:
        return next(iter(spans.values()))
    return ", ".join(f"{span} le {jour(day)}" for day, span in spans.items())


def cost_for(session: SessionFormation, count: int, formation: FormationPage | None = None) -> float | None:
    """What `count` seats cost the mairie, in euros; None when it is not known yet."""
    page = formation or session.formation
    if page.paye_par in (PayePar.EPCI, PayePar.COTISATION):
        return 0
    price = session.cout if session.cout is not None else page.cout
    return None if price is None else price * count


@dataclass(frozen=True)
class Etat:
    """Where a seat stands, as a badge."""

    ton: str
    icone: str
    mots: str


def state_of(one: Inscription, place: int | None = None) -> Etat:
    """`place`: its position among those who wait, from 1."""
    match one.statut:
        case S.CONFIRMEE:
            return Etat("ok", "check-circle-fill", "Place confirmée")
        case S.TENUE:
            return Etat("wait", "clock-history", f"Place tenue jusqu’au {jour(one.tenue_jusqua)}")
        case S.OFFERTE:
            return Etat("wait", "bell-fill", f"Place proposée, réponse avant {before_words(one.tenue_jusqua)}")
        case S.ATTENTE if not one.session.is_dated:
            return Etat("info", "bell", "Intérêt noté, dates à venir")
        case S.ATTENTE:
            return Etat(
                "wait", "hourglass-split", f"{rank_words(place)} sur liste d’attente" if place else "En attente"
            )
        case S.PRESENTE:
            return Etat("ok", "check2-all", "Formation suivie")
        case S.PARTIELLE:
            return Etat("info", "pie-chart", "Formation suivie en partie")
        case S.EXCUSEE | S.ABSENTE:
            return Etat("neutral", "dash-circle", "Absence excusée" if one.statut == S.EXCUSEE else "Absence")
        case S.REFUSEE | S.ANNULEE:
            return Etat("alert", "x-circle", "Refusée par la mairie" if one.statut == S.REFUSEE else "Session annulée")
    return Etat("neutral", "dash-circle", one.get_statut_display().capitalize())


def before_words(when: datetime) -> str:
    """« 11 h aujourd’hui », « 11 h le jeudi 5 novembre »."""
    day = date_relative(when)
    return f"{heure(when)} {day if ' ' not in day else f'le {day}'}"


def rank_words(place: int) -> str:
    return RANGS[place] if place < len(RANGS) else f"{place}e"


def why_waiting(waits: Attente, session: SessionFormation) -> str:
    """Why this person waits, in a sentence."""
    one = waits.inscription
    if waits.partie:
        return space(f"La demande vient de la mairie {one.collectivite.de_nom}, quittée depuis. Les suivants passent.")
    if not session.is_dated:
        return "Les dates ne sont pas fixées. Dès qu’elles le sont, chacun est placé dans l’ordre des demandes."
    if waits.ailleurs is not None:
        return space("Une autre formation, suivie au même moment, empêche de passer. Les suivants passent d’abord.")
    if waits.quota:
        lifted = ""
        if session.quota_leve_le:
            lifted = f" Cette limite est levée le {date_longue(session.quota_leve_le)}."
        return space(f"Les places {one.collectivite.de_nom} sont toutes prises.{lifted}")
    return "La session est complète."


def outcome(one: Inscription, place: int | None = None, waits: Attente | None = None) -> str:
    """What has just been decided of a request, in a sentence to whoever made it."""
    match one.statut:
        case S.CONFIRMEE:
            return "Place confirmée. La convocation arrive avant la session."
        case S.TENUE:
            end = date_longue(one.tenue_jusqua)
            return f"Place tenue jusqu’au {end}, le temps que la mairie {one.collectivite.de_nom} donne son visa."
        case S.ATTENTE:
            why = why_waiting(waits, one.session) if waits else ""
            visa = " Le visa de la mairie est demandé." if one.visa == Visa.ATTENDU else ""
            return f"{state_of(one, place).mots}. {why}{visa}".strip()
    return state_of(one).mots
