"""Words of the cards."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from annuaire.permissions import can_keep
from collectivites.models import Agent

register = template.Library()


@register.filter
def arobase(courriel: str) -> SafeString:
    """An address that may go to the next line before its « @ », rather than anywhere."""
    local, _, domain = courriel.partition("@")
    return format_html("{}<wbr>@{}", local, domain)


@register.simple_tag
def tient(agent: Agent, personne: Agent) -> bool:
    """Whether one keeps this card. One query for another’s."""
    return can_keep(agent, personne)
