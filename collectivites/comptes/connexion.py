"""Who may log in: the agents whose account is open, known by the address of their own row.

allauth keeps addresses in a table of its own, and finds people by it: an agent whose address was changed would still
enter by the old mailbox. Here the agent's row alone decides, on every way in; allauth's table is only kept in step.
"""

from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.models import EmailAddress
from django.db import transaction

from collectivites.models import Agent
from collectivites.models.agent import clean_email


def find_agent(email: str) -> Agent | None:
    """The agent of this address; closed accounts and people erased are as good as unknown."""
    return Agent.objects.filter(email=clean_email(email), is_active=True, efface_le=None).first() if email else None


class AgentBackend(AuthenticationBackend):
    """Password login by the agent's own address. A closed account is told so, but only to whom knows its password."""

    def _authenticate_by_email(self, email: str, password: str) -> Agent | None:
        agent = Agent.objects.filter(email=clean_email(email), efface_le=None).first()
        return self._check_password(agent, password)

    def get_user_permissions(self, user_obj: Agent, obj: object = None) -> set[str]:
        """None of one's own, and no question asked for them on each page: rights come by the groups alone."""
        return set()


@transaction.atomic
def keep_address_in_step(agent: Agent) -> None:
    """One verified address in allauth's table, the agent's. Its older ones go, and so does a stranger's claim on it."""
    if not agent.email:
        EmailAddress.objects.filter(user=agent).delete()
        return
    EmailAddress.objects.filter(user=agent).exclude(email=agent.email).delete()
    EmailAddress.objects.filter(email=agent.email).exclude(user=agent).delete()
    EmailAddress.objects.update_or_create(user=agent, email=agent.email, defaults={"verified": True, "primary": True})
