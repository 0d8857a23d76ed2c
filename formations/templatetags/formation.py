"""Words of the training in templates."""

from django import template

from formations import mots

register = template.Library()


@register.filter
def presence(statut: str) -> str:
    """« absence excusée », of a session that is over."""
    return mots.PRESENCES.get(statut, "")


@register.filter
def duree(minutes: object) -> str:
    """« 3 h 30 »; empty for what is not a number of minutes."""
    return mots.duree(minutes) if isinstance(minutes, int) else ""
