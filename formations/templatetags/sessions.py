"""How a session is told in templates: its seats, how long it lasts."""

from dataclasses import dataclass
from decimal import Decimal

from django import template

from extranet.lib.francais import NBSP, milliers
from formations.models import SessionFormation

register = template.Library()

HEURES_PAR_JOUR = 7
DEMI_JOURNEE = 4


@dataclass(frozen=True)
class Sieges:
    """Seats as they are drawn: taken for good, held for somebody who has not answered, free; who waits beside them."""

    capacite: int
    prises: int
    tenues: int
    attendent: int

    @property
    def occupees(self) -> int:
        return self.prises + self.tenues

    @property
    def libres(self) -> int:
        return max(0, self.capacite - self.occupees)


@register.filter
def sieges(session: SessionFormation) -> Sieges:
    """From the session as it was read; `tenues` and `attendent` are shown when the list has counted them."""
    held = min(getattr(session, "tenues", 0), session.occupees)
    return Sieges(session.capacite, session.occupees - held, held, getattr(session, "attendent", 0))


@register.filter
def duree(heures: Decimal | None) -> str:
    """« 1 heure », « 1 h 30 », « Demi-journée », « 2 jours »: seven hours make a day."""
    if heures is None:
        return ""
    hours = Decimal(heures)
    if hours < 3:
        whole, minutes = int(hours), round(hours % 1 * 60)
        if minutes:
            return f"{whole}{NBSP}h{NBSP}{minutes:02}" if whole else f"{minutes}{NBSP}minutes"
        return f"{whole}{NBSP}heure{'s' if whole > 1 else ''}"
    if hours <= DEMI_JOURNEE:
        return "Demi-journée"
    days = max(Decimal(1), round(hours / HEURES_PAR_JOUR * 2) / Decimal(2))
    return f"{milliers(days.normalize() if days % 1 else int(days))}{NBSP}jour{'s' if days >= 2 else ''}"
