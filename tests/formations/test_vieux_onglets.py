"""What a page left open, a departure or the beginning of the session no longer allows on a seat."""

import pytest
from django.http import HttpResponse
from django.urls import reverse

from collectivites.models import Agent
from formations.enums import StatutInscription
from formations.models import Inscription
from tests.distribution import Distribution
from tests.formations.factories import book, make_session, reread
from tests.formations.formulaires import post
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
S = StatutInscription


def act(agent: Agent, one: Inscription, name: str, **given: object) -> HttpResponse:
    return post(open_session(Agent.objects.get(pk=agent.pk)), reverse(f"formations:{name}", args=[one.pk]), **given)


@pytest.mark.parametrize("answer", ["non", ""])
def test_an_answer_of_another_day_gives_back_no_confirmed_seat(distribution: Distribution, answer: str) -> None:
    one = book(make_session(), distribution.agent_a)
    assert act(distribution.agent_a, one, "inscription_repondre", reponse=answer).status_code == 422
    assert reread(one).statut == S.CONFIRMEE
