"""What a page left open, a departure or the beginning of the session no longer allows on a seat."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from collectivites.models import Agent
from extranet.lib.demi_journees import DemiJournee, Moment
from formations.enums import StatutInscription
from formations.models import Creneau, Inscription, SessionFormation
from tests.collectivites.factories import PosteFactory
from tests.distribution import Distribution
from tests.formations.factories import book, make_session, reread
from tests.formations.formulaires import post
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
S = StatutInscription


def act(agent: Agent, one: Inscription, name: str, **given: object) -> HttpResponse:
    return post(open_session(Agent.objects.get(pk=agent.pk)), reverse(f"formations:{name}", args=[one.pk]), **given)


def begun(session: SessionFormation) -> None:
    """Yesterday, and not closed yet."""
    day = timezone.localdate() - timedelta(days=1)
    for moment, creneau in zip(Moment, session.creneaux.all(), strict=True):
        Creneau.objects.filter(pk=creneau.pk).update(demi_journee=DemiJournee(day, moment).index)
    SessionFormation.objects.filter(pk=session.pk).update(date_debut=day, date_fin=day)


@pytest.mark.parametrize("answer", ["non", ""])
def test_an_answer_of_another_day_gives_back_no_confirmed_seat(distribution: Distribution, answer: str) -> None:
    one = book(make_session(), distribution.agent_a)
    assert act(distribution.agent_a, one, "inscription_repondre", reponse=answer).status_code == 422
    assert reread(one).statut == S.CONFIRMEE


def test_nobody_leaves_a_session_that_has_begun(distribution: Distribution) -> None:
    """The absence would never be told."""
    one = book(make_session(), distribution.agent_a)
    begun(one.session)
    for agent in (distribution.agent_a, distribution.gestionnaire_a):
        act(agent, one, "inscription_desister", motif="Finalement non")
        act(agent, one, "inscription_remplacer", collegue=distribution.secretaire_a.pk)
    assert reread(one).statut == S.CONFIRMEE


def test_who_has_left_a_commune_books_nobody_there(distribution: Distribution) -> None:
    gone, one = distribution.agent_a, book(make_session(), distribution.agent_a)
    poste = gone.postes.get()
    PosteFactory(agent=gone, collectivite=distribution.b, fonction=poste.fonction)
    gone.postes.filter(pk=poste.pk).update(date_fin=timezone.localdate() - timedelta(days=1))
    url = reverse("formations:inscription_remplacer", args=[one.pk])
    assert open_session(Agent.objects.get(pk=gone.pk)).get(url).status_code == 403
    assert act(gone, one, "inscription_remplacer", collegue=distribution.secretaire_a.pk).status_code == 403
    assert act(gone, one, "inscription_desister", motif="Parti").status_code == 302
