"""What the accounts hold about a person, for their rights (RGPD art. 15 and 17) and for the merging of two cards."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.utils import timezone

from collectivites.comptes.sessions import close_sessions, open_sessions
from collectivites.models import Agent


def held_about(agent: Agent) -> dict:
    """Ready for JSON; a secret is never among it."""
    return {
        "compte": {
            "adresse": agent.email,
            "mot_de_passe": agent.has_usable_password(),
            "derniere_entree": agent.last_login.isoformat() if agent.last_login else None,
            "notice_lue_le": agent.notice_vue_le.isoformat() if agent.notice_vue_le else None,
            "seconds_facteurs": [
                {"genre": one.get_type_display(), "ajoute_le": timezone.localtime(one.created_at).isoformat()}
                for one in Authenticator.objects.filter(user=agent).order_by("pk")
            ],
            "sessions": [
                {"appareil": one.user_agent, "adresse_ip": one.ip, "ouverte_le": one.created_at.isoformat()}
                for one in open_sessions(agent)
            ],
        }
    }


def erase(agent: Agent) -> None:
    """Nothing is left that could open the account, or that names its owner."""
    close_sessions(agent)
    Authenticator.objects.filter(user=agent).delete()
    EmailAddress.objects.filter(user=agent).delete()


def merge(garde: Agent, retire: Agent) -> None:
    """The account that stays keeps its own ways in; those of the other one go."""
    erase(retire)
