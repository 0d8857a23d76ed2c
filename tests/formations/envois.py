"""The booking form as a browser sends it, and who sends it."""

import re

from django.http import HttpResponse
from django.test import Client

from collectivites.models import Agent, Collectivite, Fonction
from formations.models import SessionFormation
from tests.collectivites.factories import PosteFactory
from tests.formations.factories import worker


def keeper(place: Collectivite, *others: Collectivite) -> Agent:
    """A gestionnaire there, and in others."""
    agent = worker(place, gestionnaire=True)
    for other in others:
        PosteFactory(agent=agent, collectivite=other, gestionnaire=True)
    return agent


def key_of(person: Agent, place: Collectivite) -> str:
    return f"{person.pk}-{place.pk}"


def fill(client: Client, session: SessionFormation, *keys: str, shown: str = "", **fields: object) -> dict:
    """What a browser sends: the hidden fields of the page, then what was typed."""
    page = client.get(shown or f"{session.formation.adresse}?session={session.numero}").content.decode()
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))
    hidden = {name: value for name, value in hidden.items() if name != "csrfmiddlewaretoken"}
    typed = {"session": session.numero, "personnes": list(keys), "repas": "oui", "covoiturage": "", "prive_besoin": ""}
    return {**hidden, **typed, **fields}


def send(client: Client, session: SessionFormation, *keys: str, **fields: object) -> HttpResponse:
    return client.post(f"{session.formation.adresse}inscrire/", fill(client, session, *keys, **fields))


def newcomer(place: Collectivite, number: int = 0, **fields: str) -> dict[str, object]:
    """A line of the form for somebody without a card."""
    kind = Fonction.objects.get(code="agent-technique")
    said = {"prenom": "Lucas", "nom": "Bertin", "email": "", "fonction": kind.pk, "collectivite": place.pk, **fields}
    return {f"nouveau-{number}-{name}": value for name, value in said.items()} | {"nouveau-TOTAL_FORMS": number + 1}
