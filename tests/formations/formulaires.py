"""Forms of the sessions as a browser sends them, and what their pages say."""

import re
from html import unescape

from django.http import HttpResponse
from django.test import Client
from django.utils.html import strip_tags

from collectivites.models import Agent
from formations.models import SessionFormation
from tests.ressources.formulaires import key_for


def post(client: Client, path: str, **given: object) -> HttpResponse:
    agent = Agent.objects.get(pk=client.session["_auth_user_id"])
    return client.post(path, {"cle_unique": key_for(agent), **given})


def write(client: Client, path: str, **given: object) -> HttpResponse:
    """Of a form that is read first: what it showed goes back with it."""
    return post(client, path, **{"vu": client.get(path).context["vu"], **given})


def said(answer: HttpResponse) -> str:
    return " ".join(unescape(strip_tags(answer.content.decode())).replace("\xa0", " ").split())


def hidden(answer: HttpResponse) -> dict[str, str]:
    """The fingerprints that the form of a page sends back as they are."""
    return dict(re.findall(r'name="(vu-\d+)" value="([^"]*)"', answer.content.decode()))


def manage(session: SessionFormation, rest: str = "gerer/") -> str:
    return f"/formations/sessions/{session.numero}/{rest}"
