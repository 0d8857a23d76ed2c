"""Who has left since they asked: no session is opened for them, none is offered to them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from collectivites.effacement import erase
from collectivites.models import Agent
from formations.enums import Visa
from formations.places import annulation, visas
from formations.plan import lignes, sessions, souhaits
from tests.distribution import Distribution
from tests.formations.besoins import make_campaign, say
from tests.formations.factories import book, fresh, make_formation, make_session, monday, worker
from tests.formations.formulaires import manage, post
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


def leave(agent: Agent) -> Agent:
    agent.postes.update(date_fin=timezone.localdate() - timedelta(days=1))
    return Agent.objects.get(pk=agent.pk)


def test_named_in_a_need_then_gone(distribution: Distribution) -> None:
    campaign, gone = make_campaign(), worker(distribution.a)
    need = say(campaign, distribution.a, "Excel", 2, agents=[gone, distribution.agent_a])
    leave(gone)
    line = lignes.gather(campaign, [need], distribution.responsable)
    done = sessions.make_session(line, distribution.responsable, make_formation())
    assert [one.agent for one in done.session.inscriptions.all()] == [distribution.agent_a]


def test_wished_for_it_then_gone(distribution: Distribution) -> None:
    gone = worker(distribution.a)
    wish, _ = souhaits.ask(gone, distribution.a, intitule="Excel")
    souhaits.me_too(wish, distribution.agent_a, distribution.a)
    leave(gone)
    done = souhaits.organise(wish, distribution.responsable, make_formation())
    assert [one.agent for one in done.session.inscriptions.all()] == [distribution.agent_a]


def test_cancelled_then_gone_or_erased(distribution: Distribution) -> None:
    page = make_formation()
    first, following = make_session(page), make_session(page, on=monday(9))
    stays, gone, erased = (worker(distribution.b) for _ in range(3))
    for one in (stays, gone, erased):
        book(first, one)
    annulation.annuler(first.pk, distribution.responsable, "Formateur absent")
    leave(gone)
    erase(leave(erased), distribution.administrateur)
    post(open_session(distribution.responsable), manage(first, "suivante/"))
    assert [one.agent for one in following.inscriptions.all()] == [stays]


def test_the_visa_of_a_cancelled_session_stays_that_of_the_mairie(distribution: Distribution) -> None:
    page = make_formation()
    first = make_session(page)
    make_session(page, on=monday(9))
    (given,) = visas.accorder([book(first, worker(distribution.b), visa=Visa.ATTENDU)], distribution.elue_b)
    left = annulation.annuler(first.pk, distribution.responsable, "Formateur absent")
    (one,) = annulation.proposer_suivante(fresh(first), left, distribution.responsable)
    assert (one.visa, one.visa_par, one.visa_le) == (Visa.ACCORDE, distribution.elue_b, given.visa_le)
