"""Keys of forms, as a page of ours writes them."""

from types import SimpleNamespace

from collectivites import cles
from collectivites.models import Agent


def key_for(agent: Agent) -> str:
    """That of a form opened by `agent`, for their first poste in force."""
    poste = next(iter(agent.postes.in_force().main_first()), None)
    return cles.make(SimpleNamespace(user=agent, poste=poste))
