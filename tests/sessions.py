"""A session as a whole login leaves it, second factor included; the login itself has its own tests."""

import time

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.test import Client

from collectivites.models import Agent


def open_session(agent: Agent, client: Client | None = None) -> Client:
    """`client`, or a new one, logged in as `agent`; whoever must have a second factor has just given it."""
    client = client or Client()
    client.force_login(agent)
    if agent.must_have_second_factor:
        session = client.session
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "type": "totp", "at": time.time()}]
        session["account_authentication_methods_user"] = str(agent.pk)  # allauth drops the proofs of another person
        session.save()
    return client


def session_cookie(agent: Agent) -> tuple[str, str]:
    """Name and value of the cookie of such a session, for a browser or for a measure."""
    cookie = open_session(agent).cookies[settings.SESSION_COOKIE_NAME]
    return settings.SESSION_COOKIE_NAME, cookie.value
