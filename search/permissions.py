"""Who runs the search."""

from typing import TYPE_CHECKING

from collectivites.enums import Domaine

if TYPE_CHECKING:
    from collectivites.models import Agent


def can_run_search(agent: "Agent") -> bool:
    """Responsables of the content: words, pinned results, questions, figures. They read only what they may see."""
    return agent.is_authenticated and agent.answers_for(Domaine.CONTENU)


def can_rebuild(agent: "Agent") -> bool:
    """Administrators only: it takes minutes on a large territory."""
    return agent.is_authenticated and agent.answers_for(Domaine.ADMINISTRATION)
