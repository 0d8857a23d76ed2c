"""The dashboard of the home page: what awaits the agent, then the blocks of each app, side by side."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from extranet.lib.apports import AFaire, Encart, collect
from extranet.lib.francais import date_longue, date_relative, en_lettres, jour

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite

SHOWN_AT_ONCE = 6
FIRST_ROW = 20


@dataclass
class Rangee:
    """A row of the page: one block across, or one wide and some in the column beside it."""

    principale: Encart | None = None
    cote: list[Encart] = field(default_factory=list)


def dashboard(agent: "Agent", collectivite: "Collectivite | None") -> dict[str, object]:
    """Context of the home page. Reading follows the person; `collectivite` decides which « nos… » are shown."""
    todo = sorted(collect("a_faire", agent, collectivite), key=_urgency)
    encarts = sorted(collect("encarts_accueil", agent, collectivite), key=lambda encart: encart.ordre)
    today = timezone.localdate()
    return {
        "aujourdhui": today,
        "resume": summary(todo, today),
        "a_faire": [(item, deadline(item.avant, today)) for item in todo[:SHOWN_AT_ONCE]],
        "a_faire_suite": [(item, deadline(item.avant, today)) for item in todo[SHOWN_AT_ONCE:]],
        "actions": collect("actions_rapides", agent, collectivite)[:4],
        "cote": [encart for encart in encarts if _opens(encart)],
        "rangees": rows([encart for encart in encarts if not _opens(encart)]),
        "annee": today.year,
        "chiffres": collect("chiffres", collectivite, today.year)[:4] if collectivite else [],
    }


def _opens(encart: Encart) -> bool:
    """A block of the column beside « Ce qui vous attend »."""
    return encart.colonne == "cote" and encart.ordre <= FIRST_ROW


def _urgency(item: AFaire) -> tuple:
    return (not item.urgent, item.avant or date.max, item.titre)


def rows(encarts: list[Encart]) -> list[Rangee]:
    """In their order: a wide block opens a row, and the narrow ones that follow it stand in its column."""
    made: list[Rangee] = []
    for encart in encarts:
        if encart.colonne == "cote":
            made = made or [Rangee()]
            made[-1].cote.append(encart)
        else:
            made.append(Rangee(principale=encart))
    return made


def summary(todo: list[AFaire], today: date) -> str:
    """« Quatre choses vous attendent, dont une au plus tard lundi. »"""
    if not todo:
        return ""  # said below, in the place of what would await
    count = len(todo)
    words = "Une chose vous attend" if count == 1 else f"{en_lettres(count).capitalize()} choses vous attendent"
    days = [item.avant for item in todo if item.avant]
    if not days:
        return f"{words}."
    first = min(days)
    which = "" if count == 1 else f"dont {en_lettres(days.count(first), 'f')} "
    return f"{words}, {which}{_at_the_latest(first, today)}."


def _at_the_latest(day: date, today: date) -> str:
    if day < today:
        return "en retard"
    if day - today < timedelta(days=2):
        return f"au plus tard {date_relative(day)}"
    if day - today < timedelta(days=7):
        return f"au plus tard {date_longue(day).split(' ')[0]}"
    return f"au plus tard le {jour(day)}"


def deadline(day: date | None, today: date) -> str:
    """Words of the badge: « Avant le lundi 12 octobre », « Aujourd’hui », « En retard depuis le 3 octobre »."""
    if day is None:
        return ""
    if day < today:
        return f"En retard depuis le {jour(day)}"
    if day == today:
        return "Aujourd’hui"
    return f"Avant le {date_longue(day)}"
