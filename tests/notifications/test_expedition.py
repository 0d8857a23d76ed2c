"""Sending: taken by one, once; refusals, delays, and a server that is away."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import Settings

from extranet.lib.smtp import Connexion
from notifications import expedition
from notifications.enums import BLOQUES, StatutCourriel
from notifications.envoi import notify, write_mail
from notifications.expedition import Expediteur, tidy
from notifications.models import Courriel
from notifications.models.courriel import BAIL, BAIL_REMISE, DELAIS
from tests.distribution import Distribution
from tests.notifications.factories import MAIL, CourrielFactory, mail_context

pytestmark = pytest.mark.django_db


def state(courriel: Courriel) -> str:
    courriel.refresh_from_db()
    return courriel.statut


def taken(**fields: object) -> Courriel:
    courriel = CourrielFactory(**fields)
    assert courriel.take()
    return courriel


class TestTaking:
    def test_one_sender_takes_it(self):
        first = CourrielFactory()
        second = Courriel.objects.get(pk=first.pk)
        assert first.take()
        assert not second.take()
        assert (first.statut, first.tentatives) == (StatutCourriel.EN_COURS, 1)

    def test_a_dead_sender_gives_it_back(self):
        courriel = taken()
        assert not Courriel.objects.due().exists()
        later = timezone.now() + BAIL + timedelta(seconds=1)
        assert Courriel.objects.due(later).get() == courriel
        assert Courriel.objects.next_due(later) == courriel

    def test_the_one_that_lost_it_may_not_hand_it_over(self):
        slow = taken()
        Courriel.objects.update(pris_le=timezone.now() - BAIL * 2)
        quick = Courriel.objects.get()
        assert quick.take()
        assert not slow.hand_over()
        assert quick.hand_over()
        assert not slow.sent()
        assert state(quick) == StatutCourriel.REMISE

    def test_being_handed_over_it_is_never_taken_again(self):
        courriel = taken()
        courriel.hand_over()
        assert not Courriel.objects.due(timezone.now() + timedelta(days=30)).exists()

    def test_express_first_then_the_oldest(self):
        old, new, express = CourrielFactory(), CourrielFactory(), CourrielFactory(express=True)
        order = []
        while courriel := Courriel.objects.next_due():
            courriel.take()
            order.append(courriel)
        assert order == [express, old, new]

    def test_the_database_holds_the_states(self):
        courriel = CourrielFactory()
        for wrong in (
            {"statut": StatutCourriel.ENVOYE},
            {"statut": StatutCourriel.EN_COURS},
            {"statut": "perdu"},
            {"envoye_le": timezone.now()},
            {"adresse": ""},
            {"classe_le": timezone.now()},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                Courriel.objects.filter(pk=courriel.pk).update(**wrong)


class TestOutcomes:
    def test_sent_once_and_its_words_erased(self, mailoutbox: list):
        courriel = CourrielFactory()
        assert Expediteur().send_due()["envoye"] == 1
        assert Expediteur().send_due() == {}
        assert state(courriel) == StatutCourriel.ENVOYE
        assert (courriel.texte, courriel.html, courriel.jeton) == ("", "", None)
        (message,) = mailoutbox
        assert message.extra_headers["Message-ID"] == courriel.message_id

    def test_development_keeps_what_it_sends(self, settings: Settings):
        settings.DEBUG = True
        courriel = CourrielFactory()
        Expediteur().send_due()
        assert state(courriel) == StatutCourriel.ENVOYE
        assert courriel.html == "<p>Bonjour</p>"

    def test_the_waiting_time_grows(self):
        courriel = taken()
        waits = []
        for _ in range(len(DELAIS) + 2):
            courriel.postpone(451, "Plus tard")
            waits.append(courriel.prochain_essai_le - timezone.now())
            Courriel.objects.update(prochain_essai_le=timezone.now())
            assert courriel.take()
        minutes = [round(wait.total_seconds() / 60) for wait in waits]
        assert minutes == [1, 5, 15, 30, 60, 120, 240, 240, 240]

    def test_it_is_given_up_after_two_days_and_shown(self):
        courriel = taken(expire_le=timezone.now() + timedelta(minutes=2))
        courriel.tentatives = 6
        courriel.postpone(451, "Plus tard")
        assert courriel.prochain_essai_le == courriel.expire_le
        Courriel.objects.update(expire_le=timezone.now(), prochain_essai_le=timezone.now())
        assert Expediteur().send_due()["abandonne"] == 1
        assert state(courriel) == StatutCourriel.ABANDONNE
        assert Courriel.objects.blocked().get() == courriel
        assert courriel.derniere_erreur == "Plus tard"

    def test_what_waited_too_long_for_a_dead_server_is_given_up(self):
        courriel = CourrielFactory(expire_le=timezone.now() - timedelta(seconds=1))
        assert tidy() == 1
        assert state(courriel) == StatutCourriel.ABANDONNE

    def test_what_a_dead_sender_was_handing_over_is_uncertain_and_stays(self):
        courriel = taken()
        courriel.hand_over()
        assert tidy() == 0
        assert tidy(timezone.now() + BAIL_REMISE + timedelta(seconds=1)) == 1
        assert state(courriel) == StatutCourriel.INCERTAIN
        assert Expediteur().send_due() == {}

    def test_an_administrator_may_send_it_again_or_file_it(self):
        first, second = taken(), taken()
        first.refuse(550, "Inconnu")
        second.refuse(550, "Inconnu")
        assert first.send_again()
        assert second.file_away()
        assert list(Courriel.objects.due()) == [first]
        assert not Courriel.objects.blocked().exists()

    @pytest.mark.parametrize(
        "stop",
        [
            lambda mail: mail.refuse(550, "Inconnu"),
            lambda mail: mail.give_up("Trop tard"),
            lambda mail: mail.doubt("Sans réponse"),
            lambda mail: mail.cancel("Plus personne"),
        ],
        ids=["refusé", "abandonné", "incertain", "annulé"],
    )
    def test_a_secret_is_not_sent_again_and_its_words_do_not_stay(self, stop: Callable[[Courriel], bool]):
        courriel = taken(refaire="Demandez un autre code.")
        assert stop(courriel)
        courriel.refresh_from_db()
        assert courriel.texte == courriel.html == ""
        assert not courriel.can_be_sent_again
        assert not courriel.send_again()

    def test_the_database_keeps_no_secret_that_has_stopped(self):
        courriel = CourrielFactory(refaire="Demandez un autre code.")
        for statut in (*BLOQUES, StatutCourriel.ANNULE):
            with pytest.raises(IntegrityError, match="courriel_secret_efface"), transaction.atomic():
                Courriel.objects.filter(pk=courriel.pk).update(statut=statut)

    def test_a_mail_that_cannot_be_composed_does_not_stop_the_others(
        self, distribution: Distribution, mailoutbox: list, caplog: pytest.LogCaptureFixture
    ):
        notify([distribution.agent_a], "essai", "Cassée", gabarit="notifications/courriels/absent.html")
        other = CourrielFactory()
        bilan = Expediteur().send_due()
        assert (bilan["reporte"], bilan["envoye"]) == (1, 1)
        assert state(other) == StatutCourriel.ENVOYE
        broken = Courriel.objects.exclude(pk=other.pk).get()
        assert broken.derniere_erreur.startswith("Composition impossible")
        assert "composition_failed" in caplog.text

    def test_what_has_lost_its_reader_is_cancelled(self, distribution: Distribution, mailoutbox: list):
        write_mail(MAIL, mail_context("Secret"), agent=distribution.sans_poste)
        assert Expediteur().send_due()["annule"] == 1
        courriel = Courriel.objects.get()
        assert (courriel.statut, courriel.texte) == (StatutCourriel.ANNULE, "")
        assert mailoutbox == []

    def test_stopped_it_ends_the_mail_it_holds_and_takes_no_other(
        self, mailoutbox: list, monkeypatch: pytest.MonkeyPatch
    ):
        CourrielFactory.create_batch(3)
        expediteur = Expediteur()
        deliver = Connexion.deliver

        def stop_meanwhile(self: Connexion, *args: object) -> None:
            expediteur.stop.set()
            deliver(self, *args)

        monkeypatch.setattr(Connexion, "deliver", stop_meanwhile)
        assert expediteur.send_due() == {"envoye": 1}
        assert Courriel.objects.due().count() == 2


class TestServer:
    """Against a real one."""

    @pytest.fixture(autouse=True)
    def _patient(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(expedition, "ATTENTES", (0, 0, 1000))

    def test_each_address_has_its_fate(self, mail_server: Callable):
        server = mail_server()
        mails = {
            name: CourrielFactory(adresse=f"{name}@essai.example")
            for name in ("a", "refuse", "plus-tard", "cher", "muet")
        }
        Expediteur().send_due()
        assert {name: state(mail) for name, mail in mails.items()} == {
            "a": StatutCourriel.ENVOYE,
            "refuse": StatutCourriel.REFUSE,
            "plus-tard": StatutCourriel.EN_ATTENTE,
            "cher": StatutCourriel.REFUSE,
            "muet": StatutCourriel.INCERTAIN,
        }
        assert mails["refuse"].code_smtp == 550
        assert mails["refuse"].derniere_erreur == "5.1.1 Personne a ce nom"
        assert mails["plus-tard"].code_smtp == 451
        assert set(server.copies().values()) == {1}

    def test_a_line_that_dies_before_the_dot_puts_the_mail_back(self, mail_server: Callable):
        server = mail_server()
        cut, other = CourrielFactory(adresse="coupe@essai.example"), CourrielFactory()
        sender = Expediteur()
        sender.send_due()
        assert state(cut) == StatutCourriel.EN_ATTENTE
        assert state(other) == StatutCourriel.ENVOYE
        assert len(server.received()) == 1

    def test_a_dead_server_costs_no_mail_an_attempt(self, mail_server: Callable):
        server = mail_server(started=False)
        mails = CourrielFactory.create_batch(5)
        sender = Expediteur()
        for _ in range(2):
            assert sender.send_due() == {"serveur_indisponible": 1}
        assert [(state(mail), mail.tentatives) for mail in mails] == [(StatutCourriel.EN_ATTENTE, 0)] * 5
        server.start()
        assert sender.send_due()["envoye"] == 5
        assert set(server.copies().values()) == {1}

    def test_the_sender_waits_longer_and_longer(self, mail_server: Callable):
        mail_server(started=False)
        CourrielFactory()
        sender = Expediteur()
        assert [sum(sender.send_due().values()) for _ in range(5)] == [1, 1, 1, 0, 0]

    def test_the_command_says_so(self, mail_server: Callable, capsys: pytest.CaptureFixture):
        server = mail_server(started=False)
        CourrielFactory()
        with pytest.raises(CommandError, match="Le serveur de courriel ne répond pas .* Courriels en attente\u00a0: 1"):
            call_command("envoyer_courriels")
        server.start()
        call_command("envoyer_courriels")
        call_command("envoyer_courriels")
        assert capsys.readouterr().out.splitlines()[-2:] == ["1 envoyé(s)", "Rien à envoyer."]


def test_a_slow_server_slows_only_the_sender(mail_server: Callable, distribution: Distribution):
    """The page writes a row: it never speaks to the server, dead or slow."""
    mail_server(started=False)
    before = timezone.now()
    notify([distribution.agent_a], "essai", "Une nouvelle")
    assert timezone.now() - before < timedelta(seconds=1)
