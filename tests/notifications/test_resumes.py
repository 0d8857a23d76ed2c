"""Digests: when they are out, what is in them, and never twice."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.utils import timezone

from collectivites.models import Absence, Agent, Poste
from notifications.composition import SansObjet, compose
from notifications.enums import Envoi, Frequence, HeureResume, JourResume, StatutCourriel
from notifications.models import Courriel, Notification, Preference, Rythme
from notifications.resumes import issue_of, write_digests
from tests.collectivites.factories import AgentFactory
from tests.distribution import Distribution
from tests.notifications.factories import NotificationFactory

PARIS = ZoneInfo("Europe/Paris")
LUNDI = datetime(2026, 10, 12, 8, 0, tzinfo=PARIS)


def told(agent: Agent, sorte: str = "jour", *, before: datetime = LUNDI, **fields: object) -> Notification:
    fields.setdefault("created_at", before - timedelta(days=3))
    return NotificationFactory(destinataire=agent, sorte=sorte, envoi=Envoi.RESUME, **fields)


def at(day: int, hour: int, minute: int = 0, month: int = 10) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=PARIS)


class TestIssues:
    """12 October 2026 is a Monday."""

    def test_the_mail_of_the_day_has_its_hour(self):
        assert issue_of(Frequence.QUOTIDIEN, Rythme(), at(12, 7, 29)) is None
        assert issue_of(Frequence.QUOTIDIEN, Rythme(), at(12, 7, 30)).jour == date(2026, 10, 12)
        assert issue_of(Frequence.QUOTIDIEN, Rythme(heure=HeureResume.SOIR), at(12, 16, 59)) is None

    def test_nothing_is_out_on_days_off(self):
        for day, month in ((10, 10), (11, 10), (11, 11), (25, 12)):
            assert issue_of(Frequence.QUOTIDIEN, Rythme(), at(day, 12, month=month)) is None

    def test_the_mail_of_the_week_is_that_of_its_last_day(self):
        assert issue_of(Frequence.HEBDOMADAIRE, Rythme(), at(12, 7, 30)).jour == date(2026, 10, 12)
        assert issue_of(Frequence.HEBDOMADAIRE, Rythme(), at(15, 9)).jour == date(2026, 10, 12)
        assert issue_of(Frequence.HEBDOMADAIRE, Rythme(jour=JourResume.VENDREDI), at(15, 9)).jour == date(2026, 10, 9)

    def test_a_week_whose_day_is_off_comes_the_next_working_day(self):
        """Easter Monday, 6 April 2026."""
        assert issue_of(Frequence.HEBDOMADAIRE, Rythme(), at(6, 12, month=4)) is None
        issue = issue_of(Frequence.HEBDOMADAIRE, Rythme(), at(7, 8, month=4))
        assert (issue.jour, issue.avant) == (date(2026, 4, 6), at(7, 7, 30, month=4))

    def test_the_hour_is_that_of_paris_all_year(self):
        issue = issue_of(Frequence.QUOTIDIEN, Rythme(), at(26, 8, month=10))
        assert issue.avant.astimezone(ZoneInfo("UTC")).hour == 6
        issue = issue_of(Frequence.QUOTIDIEN, Rythme(), at(23, 8, month=10))
        assert issue.avant.astimezone(ZoneInfo("UTC")).hour == 5


@pytest.mark.django_db
class TestWriting:
    def test_one_mail_holds_everything(self, distribution: Distribution):
        lines = [told(distribution.agent_a) for _ in range(45)]
        assert write_digests(LUNDI) == 1
        courriel = Courriel.objects.get()
        assert courriel.sujet == "Votre journée\u00a0: 45 nouvelles"
        assert Notification.objects.filter(resume=courriel, resumee_le__isnull=False).count() == 45
        body = compose(courriel).body
        assert all(line.titre in body for line in lines)

    def test_nothing_to_say_nothing_sent(self, distribution: Distribution):
        assert write_digests(LUNDI) == 0
        assert not Courriel.objects.exists()

    def test_run_again_it_repeats_nothing(self, distribution: Distribution):
        told(distribution.agent_a)
        assert write_digests(LUNDI) == 1
        told(distribution.agent_a)
        assert write_digests(LUNDI + timedelta(hours=1)) == 0
        assert write_digests(LUNDI + timedelta(days=1)) == 1
        tuesday = Courriel.objects.latest("pk")
        assert tuesday.resumees.count() == 1

    def test_what_was_read_archived_or_mailed_is_not_repeated(self, distribution: Distribution):
        now = timezone.now()
        told(distribution.agent_a, lue_le=now)
        told(distribution.agent_a, lue_le=now, archivee_le=now)
        NotificationFactory(destinataire=distribution.agent_a, sorte="jour", envoi=Envoi.IMMEDIAT)
        assert write_digests(LUNDI) == 0

    def test_what_comes_after_its_hour_waits_for_the_next(self, distribution: Distribution):
        told(distribution.agent_a, created_at=at(12, 7, 45))
        assert write_digests(LUNDI) == 0
        assert write_digests(LUNDI + timedelta(days=1)) == 1

    def test_each_kind_comes_at_its_own_pace(self, distribution: Distribution):
        told(distribution.agent_a, "jour", created_at=at(8, 12))
        told(distribution.agent_a, "semaine", created_at=at(8, 12))
        assert write_digests(at(9, 18)) == 1
        assert Courriel.objects.get().sorte == "resume.quotidien"
        assert write_digests(at(12, 8)) == 1
        assert Courriel.objects.latest("pk").sorte == "resume.hebdomadaire"

    def test_a_weekly_mail_does_not_leave_in_mid_week(self, distribution: Distribution):
        told(distribution.agent_a, "semaine", created_at=at(14, 9))
        assert write_digests(at(15, 9)) == 0
        assert write_digests(at(19, 8)) == 1

    def test_the_choice_of_today_decides(self, distribution: Distribution):
        told(distribution.agent_a, "jour")
        told(distribution.secretaire_a, "jour")
        Preference.objects.create(agent=distribution.agent_a, sorte="jour", frequence=Frequence.JAMAIS)
        Preference.objects.create(agent=distribution.secretaire_a, sorte="jour", frequence=Frequence.IMMEDIATE)
        assert write_digests(LUNDI) == 1
        assert Courriel.objects.get().agent == distribution.secretaire_a

    def test_nothing_during_an_absence_then_all_of_it(self, distribution: Distribution):
        Absence.objects.create(agent=distribution.agent_a, date_debut=date(2026, 10, 12), date_fin=date(2026, 10, 13))
        told(distribution.agent_a)
        assert write_digests(LUNDI) == 0
        assert write_digests(LUNDI + timedelta(days=2)) == 1

    def test_what_one_may_no_longer_see_is_left_out(self, distribution: Distribution):
        told(distribution.agent_a, titre="Pour tous")
        told(distribution.agent_a, titre="Pour Bourg", diffusion=[f"c:{distribution.b.pk}"])
        told(distribution.agent_a, titre="Partie", objet="collectivites.collectivite", objet_id="999999")
        assert write_digests(LUNDI) == 1
        body = compose(Courriel.objects.get()).body
        assert "Pour tous" in body
        assert "Pour Bourg" not in body
        assert "Partie" not in body
        assert Notification.objects.filter(envoi=Envoi.AUCUN).count() == 2

    def test_the_gates_are_asked_again_when_it_leaves(self, distribution: Distribution):
        told(distribution.agent_a, titre="Aval seulement", diffusion=[f"c:{distribution.a.pk}"])
        read = told(distribution.agent_a, titre="Lue entre temps")
        write_digests(LUNDI)
        Notification.objects.filter(pk=read.pk).mark_read()
        courriel = Courriel.objects.get()
        assert compose(courriel).subject == "Votre journée\u00a0: une nouvelle"
        Poste.objects.get(agent=distribution.agent_a).end(timezone.localdate())
        with pytest.raises(SansObjet):
            compose(Courriel.objects.get())

    def test_areas_follow_the_menu_and_urgent_ones_come_first(self, distribution: Distribution):
        told(distribution.agent_a, titre="Un", area="annuaire")
        told(distribution.agent_a, titre="Deux", area="accueil")
        told(distribution.agent_a, titre="Trois", area="annuaire", urgente=True)
        write_digests(LUNDI)
        body = compose(Courriel.objects.get()).body
        assert [body.index(word) for word in ("Accueil", "Deux", "Annuaire", "Trois", "Un")] == sorted(
            body.index(word) for word in ("Accueil", "Deux", "Annuaire", "Trois", "Un")
        )

    def test_an_agent_without_address_or_account_gets_none(self, distribution: Distribution):
        told(AgentFactory(email=None))
        told(AgentFactory(is_active=False))
        assert write_digests(LUNDI) == 0

    def test_the_command_says_how_many(self, distribution: Distribution, capsys: pytest.CaptureFixture):
        call_command("envoyer_digests")
        assert capsys.readouterr().out == "Résumés écrits\u00a0: 0.\n"

    def test_choosing_costs_the_same_for_all_agents(self, distribution: Distribution, django_assert_num_queries):
        """It runs every ten minutes, and most of the time nothing is due."""
        for count in (1, 40):
            for _ in range(count):
                told(AgentFactory(), "semaine", created_at=at(12, 7, 40))
            with django_assert_num_queries(4):
                assert write_digests(LUNDI) == 0


@pytest.mark.django_db
def test_a_digest_already_sent_is_not_sent_again(distribution: Distribution, mailoutbox: list):
    told(distribution.agent_a)
    write_digests(LUNDI)
    call_command("envoyer_courriels")
    call_command("envoyer_courriels")
    write_digests(LUNDI)
    assert len(mailoutbox) == 1
    assert Courriel.objects.get().statut == StatutCourriel.ENVOYE
