"""From when to when a poste, an adhesion, an habilitation counts: today, tomorrow, ended, closed early."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from collectivites.models import Adhesion, Agent, Habilitation, Poste, TypeHabilitation
from collectivites.refus import gestionnaires
from notifications.envoi import relais_of
from tests.collectivites.factories import AdhesionFactory, AgentFactory, PosteFactory
from tests.distribution import Distribution

pytestmark = pytest.mark.django_db


def day(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def dated(fields: dict) -> dict:
    """Days from today and moments from now as they are when the test is played: a run may pass midnight."""
    return {
        name: day(value) if type(value) is int else timezone.now() + value if isinstance(value, timedelta) else value
        for name, value in fields.items()
    }


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, True),
        ({"date_debut": 0}, True),
        ({"date_debut": 1}, False),
        ({"date_fin": 0}, True),
        ({"date_fin": -1}, False),
        ({"date_debut": 0, "date_fin": 0}, True),
        ({"ferme_le": timedelta(seconds=-1)}, False),
        ({"ferme_le": timedelta(hours=1)}, True),
        ({"date_fin": 30, "ferme_le": timedelta(minutes=-1)}, False),
    ],
)
def test_poste(fields: dict, expected: bool) -> None:
    poste = PosteFactory(**dated(fields))
    assert Poste.objects.in_force().filter(pk=poste.pk).exists() is expected
    assert poste.is_in_force() is expected
    assert bool(Agent.objects.get(pk=poste.agent_id).postes_en_cours) is expected
    assert Agent.objects.in_office().filter(pk=poste.agent_id).exists() is expected
    assert Agent.objects.of(poste.collectivite).filter(pk=poste.agent_id).exists() is expected


def test_poste_on_another_day() -> None:
    poste = PosteFactory(date_debut=date(2024, 1, 10), date_fin=date(2024, 6, 30))
    for on, expected in (
        (date(2024, 1, 9), False),
        (date(2024, 1, 10), True),
        (date(2024, 6, 30), True),
        (date(2024, 7, 1), False),
    ):
        assert Poste.objects.in_force(on).filter(pk=poste.pk).exists() is expected


@pytest.mark.parametrize(("days", "closed_now"), [(-3, True), (0, True), (1, False), (30, False)])
def test_ending_a_poste(days: int, closed_now: bool) -> None:
    """A last day already begun closes the access at once; a later one leaves it open until then, that day included."""
    poste = PosteFactory()
    poste.end(day(days))
    poste.refresh_from_db()
    assert poste.is_in_force() is not closed_now
    assert poste.date_fin == day(days)
    assert Poste.objects.not_ended().filter(pk=poste.pk).exists() is not closed_now


def test_a_poste_to_come_is_not_ended() -> None:
    poste = PosteFactory(date_debut=day(5))
    assert Poste.objects.not_ended().get() == poste
    assert not Poste.objects.in_force().exists()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [({}, True), ({"date_fin": 1}, True), ({"date_fin": 0}, False), ({"date_debut": 1}, False)],
)
def test_adhesion(fields: dict, expected: bool) -> None:
    """`date_fin` is the first day out: leaving today closes the network's documents today."""
    adhesion = AdhesionFactory(**dated(fields))
    assert Adhesion.objects.in_force().filter(pk=adhesion.pk).exists() is expected


def test_a_closed_network_has_no_members() -> None:
    adhesion = AdhesionFactory(reseau__actif=False)
    assert not Adhesion.objects.in_force().filter(pk=adhesion.pk).exists()


@pytest.mark.parametrize(
    ("got", "until", "valid", "expiring"),
    [
        (-10, None, True, False),
        (-10, 0, True, True),
        (-10, 90, True, True),
        (-10, 91, True, False),
        (-10, -1, False, False),
        (1, 400, False, False),
    ],
)
def test_habilitation(got: int, until: int | None, valid: bool, expiring: bool) -> None:
    end = None if until is None else day(until)
    row = Habilitation.objects.create(
        agent=AgentFactory(), type=TypeHabilitation.objects.first(), obtenue_le=day(got), valable_jusqu_au=end
    )
    assert row.is_valid() is valid
    assert row.is_expiring() is expiring
    assert Habilitation.objects.valid().exists() is valid
    assert Habilitation.objects.expiring(timedelta(days=90)).exists() is expiring


def test_the_main_poste_is_the_longest_week_known(distribution: Distribution):
    agent = distribution.agent_a
    known = PosteFactory(agent=agent, collectivite=distribution.b, heures_hebdo=17)
    assert agent.postes.main_first().first() == known
    assert agent.postes_en_cours[0] == known


@pytest.mark.parametrize(
    ("closed", "asked"),
    [
        ({}, True),
        ({"agent__is_active": False}, False),
        ({"agent__efface_le": timezone.now()}, False),
        ({"date_fin": -1}, False),
        ({"gestionnaire": False}, False),
    ],
)
def test_who_is_asked_is_a_gestionnaire_who_can_still_act(closed: dict, asked: bool) -> None:
    """The 403 page, the card of an agent and the relays of the outbox ask the same."""
    poste = PosteFactory(**dated({"gestionnaire": True, "date_debut": -9, **closed}))
    PosteFactory(gestionnaire=True)
    there = [poste.collectivite]
    assert list(Poste.objects.gestionnaires_of(there)) == [poste] * asked
    assert gestionnaires(there) == [poste] * asked
    reader = PosteFactory(collectivite=poste.collectivite, agent__email=None).agent
    assert [agent for agent, _ in relais_of([reader])[reader.pk]] == [poste.agent] * asked
