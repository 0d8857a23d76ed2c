"""The same link opened by several at once: one acceptance, one agent. First, the race is shown to exist."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.db.models import QuerySet
from django.test import Client

from annuaire import invitations
from annuaire.invitations import InvitationRefusee
from collectivites.models import Agent, EntreeJournal, Fonction, Poste
from tests.annuaire.invites import NEW, invite, link, token
from tests.collectivites.factories import AgentFactory, PosteFactory
from tests.comptes.entrees import is_in
from tests.distribution import make_distribution

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
AT_ONCE = 6


def together(act: Callable[[], object], times: int = AT_ONCE) -> list[object]:
    """What each of so many threads got, all started at the same moment."""
    gate = threading.Barrier(times)

    def one() -> object:
        try:
            gate.wait()
            return act()
        except InvitationRefusee as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return [future.result() for future in [pool.submit(one) for _ in range(times)]]


def acceptances() -> int:
    return EntreeJournal.objects.filter(acte="invitation.acceptee").count()


def test_six_clicks_make_one_agent():
    cast = make_distribution()
    invite(cast, Fonction.objects.get(code="essai-secretaire"))
    address = link()

    def click() -> Client:
        client = Client()
        client.post(address)
        return client

    clients = together(click)
    agent = Agent.objects.get(email=NEW)
    assert Poste.objects.filter(agent=agent).count() == 1
    assert acceptances() == 1
    assert [is_in(client, agent) for client in clients].count(True) == 1


def test_two_communes_invite_the_same_newcomer():
    cast = make_distribution()
    fonction = Fonction.objects.get(code="essai-secretaire")
    tokens = []
    for manager, place in ((cast.gestionnaire_a, cast.a), (cast.secretaire_b, cast.b)):
        invitations.invite(manager, place, email=NEW, prenom="Nora", nom="Neuve", fonction=fonction)
        tokens.append(token())
    left = list(tokens)
    results = together(lambda: invitations.accept(left.pop()), times=2)
    assert [str(agent) for agent in results] == ["Nora Neuve", "Nora Neuve"]
    agent = Agent.objects.get(email=NEW)
    assert {poste.collectivite for poste in agent.postes_en_cours} == {cast.a, cast.b}


@pytest.mark.parametrize("locked", [False, True])
def test_the_lock_is_what_keeps_it_to_one(monkeypatch: pytest.MonkeyPatch, locked: bool):
    """An agent and a poste that exist already: no constraint would stop a second acceptance, only the lock does."""
    cast = make_distribution()
    agent = AgentFactory(email=None)
    PosteFactory(agent=agent, collectivite=cast.a)
    invite(cast, Fonction.objects.get(code="essai-secretaire"), agent=agent, prenom="", nom="")
    opened = token()
    if not locked:
        both = threading.Barrier(2, timeout=10)
        found = invitations._agent_of

        def wait_for_the_other(invitation: object) -> Agent:
            both.wait()
            return found(invitation)

        monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **kwargs: self)
        monkeypatch.setattr(invitations, "_accept", invitations._accept.__wrapped__)
        monkeypatch.setattr(invitations, "_agent_of", wait_for_the_other)
    together(lambda: invitations.accept(opened), times=2)
    assert acceptances() == (1 if locked else 2)
