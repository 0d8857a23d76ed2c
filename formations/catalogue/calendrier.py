"""The month of the catalogue: each day with what takes place, and the same as a list."""

import calendar
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from extranet.lib.demi_journees import DemiJournee, Moment
from formations.adresses import CALENDRIER
from formations.catalogue.choix import Choix
from formations.catalogue.liste import Ligne, month_name, rows
from formations.models import Creneau

if TYPE_CHECKING:
    from collectivites.models import Agent

# Far enough for a plan of training, and no further: an address may ask for any year.
LOIN = 24


@dataclass(frozen=True)
class Jour:
    """A day of the month and the sessions that have a half-day on it. `classe` is that of the table."""

    date: date
    lignes: list[Ligne]
    passe: bool

    @property
    def cle(self) -> str:
        return f"jour-{self.date.day}"

    @property
    def url(self) -> str:
        return f"#{self.cle}" if self.lignes else ""

    @property
    def classe(self) -> str:
        if not self.lignes:
            return "is-past" if self.passe else ""
        if any(one.place for one in self.lignes):
            return "is-own"
        return "is-free" if any(not one.session.is_full and not one.ferme for one in self.lignes) else "is-taken"

    @property
    def mot(self) -> str:
        return f"{len(self.lignes)} session{'s' if len(self.lignes) > 1 else ''}" if self.lignes else ""

    @property
    def lu(self) -> str:
        """Read aloud after the number of the day."""
        if not self.lignes:
            return "rien"
        state = {"is-own": ", vous y êtes", "is-taken": ", complet"}.get(self.classe, "")
        return f"{self.mot}{state}"

    @property
    def choisi(self) -> bool:
        return self.date == timezone.localdate()


@dataclass(frozen=True)
class MoisDuCalendrier:
    """`semaines` are lists of seven days, None before the 1st and after the last."""

    titre: str
    semaines: list[list[Jour | None]]
    jours: list[Jour]
    precedent: tuple[str, str] | None
    suivant: tuple[str, str] | None

    @property
    def total(self) -> int:
        return len({one.session.pk for jour in self.jours for one in jour.lignes})


def calendar_of(choix: Choix, agent: "Agent", asked: str) -> MoisDuCalendrier:
    """The month « 2026-11 »; the current one when it means nothing or is out of reach."""
    first = _month(asked)
    days = calendar.monthrange(first.year, first.month)[1]
    last = first.replace(day=days)
    on_days = _on_days(choix, agent, first, last)
    today = timezone.localdate()
    found = [Jour(day, on_days.get(day, []), day < today) for day in (first + timedelta(days=n) for n in range(days))]
    blank: list[Jour | None] = [None] * first.weekday()
    cells = [*blank, *found]
    cells += [None] * (-len(cells) % 7)
    return MoisDuCalendrier(
        titre=month_name(first).capitalize(),
        semaines=[cells[n : n + 7] for n in range(0, len(cells), 7)],
        jours=[one for one in found if one.lignes],
        precedent=_link(choix, _shift(first, -1)),
        suivant=_link(choix, _shift(first, 1)),
    )


def _on_days(choix: Choix, agent: "Agent", first: date, last: date) -> dict[date, list[Ligne]]:
    between = DemiJournee(first, Moment.MATIN).index, DemiJournee(last, Moment.APRES_MIDI).index
    kept = choix.filtres.qs.filter(date_debut__lte=last, date_fin__gte=first)
    lines = {one.session.pk: one for one in rows(kept, agent)}
    halves = Creneau.objects.filter(session__in=lines, demi_journee__range=between).order_by("demi_journee")
    found: dict[date, dict[int, Ligne]] = defaultdict(dict)
    for pk, index in halves.values_list("session", "demi_journee"):
        found[DemiJournee.at(index).date][pk] = lines[pk]
    return {day: list(ones.values()) for day, ones in found.items()}


def _month(asked: str) -> date:
    current = timezone.localdate().replace(day=1)
    try:
        first = date.fromisoformat(f"{asked}-01")
    except ValueError:
        return current
    return first if _shift(current, -LOIN) <= first <= _shift(current, LOIN) else current


def _shift(first: date, months: int) -> date:
    years, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(years, month + 1, 1)


def _link(choix: Choix, first: date) -> tuple[str, str] | None:
    """Name and address of another month; None out of reach."""
    if _month(f"{first:%Y-%m}") != first:
        return None
    return month_name(first), choix.url(CALENDRIER, vue=None, mois=f"{first:%Y-%m}")
