"""Ways in as a person goes through them: pages, forms, and the mails of the outbox."""

import re
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from collectivites.comptes.second_facteur import current_code, set_demo_totp
from collectivites.models import Agent
from notifications.models import Courriel

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSE = "girafe lampe citron tambour"


def last_code(email: str) -> str:
    """The code of the last mail written to this address."""
    courriel = Courriel.objects.filter(adresse=email).latest("pk")
    return re.search(r"\b\d{4}-\d{4}\b", courriel.texte)[0]


def ask_code(client: Client, email: str, suite: str = "") -> HttpResponse:
    return client.post(reverse("account_login"), {"login": email, **({"next": suite} if suite else {})})


def give_code(client: Client, code: str, suite: str = "") -> HttpResponse:
    address = reverse("account_confirm_login_code")
    return client.post(f"{address}?next={suite}" if suite else address, {"code": code})


def enter_by_code(client: Client, agent: Agent, suite: str = "") -> HttpResponse:
    ask_code(client, agent.email, suite)
    return give_code(client, last_code(agent.email), suite)


def enter_by_password(client: Client, email: str, password: str, suite: str = "") -> HttpResponse:
    data = {"login": email, "password": password, **({"next": suite} if suite else {})}
    return client.post(reverse("account_login_password"), data)


def give_factor(client: Client, code: str) -> HttpResponse:
    return client.post(reverse("mfa_authenticate"), {"code": code})


def with_password(agent: Agent, password: str = PASSE) -> Agent:
    agent.set_password(password)
    agent.save()
    return agent


def with_application(agent: Agent) -> Agent:
    set_demo_totp(agent, SECRET)
    return agent


def totp() -> str:
    return current_code(SECRET)


def is_in(client: Client, agent: Agent | None = None) -> bool:
    """True when this session is somebody’s, that agent’s if given."""
    found = client.session.get("_auth_user_id")
    return found is not None and (agent is None or found == str(agent.pk))


def age_session(client: Client, **seconds: int) -> None:
    """Makes what the session remembers older: `age_session(client, session_vue_a=3600)`."""
    session = client.session
    for key, past in seconds.items():
        session[key] -= past
    session.save()


def writes(client: Client, method: str, address: str, **kwargs: Any) -> list[str]:
    """The SQL that this request writes."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        getattr(client, method)(address, **kwargs)
    return [q["sql"] for q in captured if re.match(r"\s*(INSERT|UPDATE|DELETE)", q["sql"], re.I)]


def cookie(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value
