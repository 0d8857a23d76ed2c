"""Titles that a recyclage may still prolong: valid, or ended since less than the tolerance of their kind."""

from datetime import date

from collectivites.models import Habilitation, TypeHabilitation
from extranet.lib.mois import add_months


def is_renewable(kind: TypeHabilitation, held: Habilitation, day: date) -> bool:
    """On that day; the last day of the tolerance counts."""
    if held.obtenue_le > day:
        return False
    return held.valable_jusqu_au is None or day <= add_months(held.valable_jusqu_au, kind.tolerance_mois)


def renewable(kind: TypeHabilitation, agents: list[int], day: date) -> set[int]:
    """Keys of those who may take a recyclage that day. One query."""
    held = Habilitation.objects.filter(agent__in=agents, type=kind)
    return {one.agent_id for one in held if is_renewable(kind, one, day)}
