"""The title that a training gives, or prolongs, counted to the day from its last one."""

from datetime import date
from typing import TYPE_CHECKING

from collectivites.models import Habilitation, TypeHabilitation
from extranet.lib.mois import add_months
from formations.enums import Nature
from formations.places.titres import is_renewable

if TYPE_CHECKING:
    from collectivites.models import Agent


def end_of(kind: TypeHabilitation, day: date) -> date | None:
    """None for a title without end."""
    return add_months(day, kind.duree_mois) if kind.duree_mois else None


def deliver(agent: "Agent", kind: TypeHabilitation, day: date, nature: str) -> Habilitation:
    """`day` is the last of the training. A recyclage prolongs the title held, and its reminders begin anew; a title
    too old, or none, is made anew. In the caller's transaction.
    """
    end = end_of(kind, day)
    held = last_of(agent, kind)
    same = held is not None and held.obtenue_le == day
    if held is not None and (same or (nature == Nature.RECYCLAGE and is_renewable(kind, held, day))):
        if held.valable_jusqu_au is not None and (end is None or held.valable_jusqu_au < end):
            held.valable_jusqu_au = end
            held.save(update_fields=["valable_jusqu_au"])
            held.rappels.all().delete()
        return held
    return Habilitation.objects.create(agent=agent, type=kind, obtenue_le=day, valable_jusqu_au=end)


def last_of(agent: "Agent", kind: TypeHabilitation) -> Habilitation | None:
    """The one that ends last; without end, before all others."""
    held = Habilitation.objects.filter(agent=agent, type=kind)
    return max(held, key=lambda one: (one.valable_jusqu_au or date.max, one.obtenue_le), default=None)
