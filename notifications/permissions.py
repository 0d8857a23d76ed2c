"""Who may look after the outbox."""

from typing import TYPE_CHECKING

from collectivites.enums import Domaine

if TYPE_CHECKING:
    from collectivites.models import Agent


def can_watch_mail(agent: "Agent") -> bool:
    """Administrators only: a mail says to whom and about what, even without its words."""
    return agent.is_authenticated and agent.answers_for(Domaine.ADMINISTRATION)
