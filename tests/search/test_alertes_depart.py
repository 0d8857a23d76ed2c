"""What becomes of an alert between the hour it is written and the one it leaves, and who is not told at all."""

from datetime import timedelta

import pytest
from django.utils import timezone

from collectivites.diffusion import TOUTES, code_collectivite
from collectivites.models import Absence, Agent, Poste
from notifications.enums import StatutCourriel
from notifications.models import Courriel
from search.gardees import garder
from search.gardees.alertes import write_alerts
from search.models import Nouveaute, RechercheGardee
from search.models.gardee import OUBLIE
from tests.distribution import Distribution
from tests.ressources.factories import make_ressource
from tests.search.gardees import SEMAINE, diffuse, fresh, kept, leave, morning, next_monday, waiting

pytestmark = pytest.mark.django_db


class TestWhenItLeaves:
    def test_what_was_closed_meanwhile_is_not_in_it_and_is_told_once_open_again(self, distribution: Distribution):
        kept(distribution.agent_a)
        secret, page = make_ressource("Secret"), make_ressource("Public")
        write_alerts(morning())
        diffuse(secret, code_collectivite(distribution.b.pk))
        (message,) = leave()
        assert message.subject.startswith("Une nouveauté")
        assert page.title in message.body
        assert "Secret" not in message.body + message.alternatives[0][0]
        assert write_alerts(morning(2)) == 0
        diffuse(secret, TOUTES)
        write_alerts(morning(3))
        assert ["Secret" in one.body for one in leave()] == [True]

    def test_a_mail_with_nothing_left_does_not_leave(self, distribution: Distribution):
        kept(distribution.agent_a)
        page = make_ressource("Secret")
        write_alerts(morning())
        page.unpublish()
        assert leave() == []
        assert Courriel.objects.get().statut == StatutCourriel.ANNULE
        page.save_revision().publish()
        assert write_alerts(morning(2)) == 1

    def test_without_poste_it_does_not_leave_and_waits_for_the_next_one(self, distribution: Distribution):
        kept(distribution.agent_a)
        make_ressource("Plan")
        write_alerts(morning())
        postes = Poste.objects.filter(agent=distribution.agent_a)
        postes.update(date_fin=timezone.localdate() - timedelta(days=1))
        assert leave() == []
        assert write_alerts(morning(2)) == 0
        postes.update(date_fin=None)
        assert write_alerts(morning(3)) == 1
        assert "Plan" in leave()[0].body

    def test_an_alert_stopped_meanwhile_says_nothing(self, distribution: Distribution):
        kept(distribution.agent_a)
        make_ressource()
        write_alerts(morning())
        garder.stop(RechercheGardee.objects.all())
        assert leave() == []

    def test_a_mail_given_up_tells_nothing_only_once_nobody_may_send_it_again(self, distribution: Distribution):
        kept(distribution.agent_a)
        make_ressource("Plan")
        write_alerts(morning())
        (courriel,) = waiting()
        courriel.take()
        courriel.refuse(550, "Boîte inconnue")
        assert write_alerts(morning(2)) == 0, "an administrator may still send it again"
        courriel.file_away()
        assert write_alerts(morning(3)) == 1
        assert "Plan" in leave()[0].body

    def test_a_stopped_mail_that_nobody_looks_at_does_not_hold_its_news_for_ever(self, distribution: Distribution):
        kept(distribution.agent_a)
        make_ressource("Plan")
        write_alerts(morning())
        (courriel,) = waiting()
        courriel.take()
        courriel.refuse(550, "Boîte inconnue")
        Courriel.objects.update(created_at=timezone.now() - OUBLIE - timedelta(days=1))
        assert write_alerts(morning(2)) == 1

    def test_one_that_may_have_arrived_is_told(self, distribution: Distribution):
        kept(distribution.agent_a)
        make_ressource("Plan")
        write_alerts(morning())
        (courriel,) = waiting()
        courriel.take()
        courriel.hand_over()
        courriel.doubt("Coupure")
        courriel.file_away()
        assert write_alerts(morning(2)) == 0

    def test_once_the_mail_is_forgotten_what_it_told_is_not(self, distribution: Distribution):
        kept(distribution.agent_a)
        make_ressource("Plan")
        write_alerts(morning())
        leave()
        Courriel.objects.all().delete()
        assert Nouveaute.objects.get().courriel is None
        assert write_alerts(morning(2)) == 0


class TestWhoIsNotTold:
    @pytest.mark.parametrize("end", ["poste", "compte", "adresse", "pause"])
    def test_nothing_is_written(self, distribution: Distribution, end: str):
        agent = distribution.agent_a
        kept(agent)
        make_ressource()
        if end == "poste":
            Poste.objects.filter(agent=agent).update(date_fin=timezone.localdate() - timedelta(days=1))
        elif end == "compte":
            Agent.objects.filter(pk=agent.pk).update(is_active=False)
        elif end == "adresse":
            Agent.objects.filter(pk=agent.pk).update(email=None)
        else:
            day = morning().date()
            Absence.objects.create(agent=agent, date_debut=day, date_fin=day)
        assert write_alerts(morning()) == 0
        assert not Nouveaute.objects.exists()
        if end == "pause":
            assert write_alerts(morning(2)) == 1

    def test_a_search_that_is_stopped_then_asked_for_again_begins_again(self, distribution: Distribution):
        one = kept(distribution.agent_a)
        garder.stop(RechercheGardee.objects.all())
        make_ressource("Entre-temps")
        assert write_alerts(morning()) == 0
        garder.change(one, fresh(distribution.agent_a), nom="Encore", frequence=SEMAINE)
        make_ressource("Après")
        assert write_alerts(next_monday()) == 1
        (message,) = leave()
        assert "Après" in message.body
        assert "Entre-temps" not in message.body
