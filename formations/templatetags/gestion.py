"""The head of the pages of a session, drawn by any of them from the session alone."""

from django import template

from formations.models import SessionFormation
from formations.organiser.entete import Entete

register = template.Library()


@register.simple_tag
def entete_de(session: SessionFormation) -> Entete:
    return Entete(session)
