"""The outbox: what it brings to the cluster, what it keeps, and that nobody waits for it."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from extranet.lib.apports import collect
from search import envoi as module
from search.engines.base import Demande, Terme
from search.envoi import Envoi
from search.indexation import enqueue, forget, texte_of
from search.models import SearchEntry, SearchOutbox
from search.verification import renew
from tests.search.factories import give, lecteur


@pytest.fixture
def loin(db, settings):
    """A cluster that is stopped: nothing listens on this port."""
    settings.SEARCH_URL = "elasticsearch://127.0.0.1:9/loin"


def found(engine, word):
    """What the cluster itself answers, outbox aside."""
    demande = Demande(((Terme((word,)),),), lecteur("toutes").audiences)
    return [key for key, _ in engine.reparti.search(demande).rangs]


@pytest.mark.elasticsearch
class TestSending:
    def test_a_change_reaches_the_cluster_and_leaves_the_outbox(self, reparti):
        entry = give("Gymnase", pk=1)
        assert found(reparti, "gymnas") == []
        assert Envoi().send_due() == 1
        assert found(reparti, "gymnas") == [entry.pk]
        assert not SearchOutbox.objects.exists()
        give("Préau", pk=1)
        Envoi().send_due()
        assert (found(reparti, "gymnas"), found(reparti, "preau")) == ([], [entry.pk])

    def test_a_removal_reaches_it_too(self, reparti):
        entry = give("Gymnase", pk=1)
        Envoi().send_due()
        forget([entry.pk])
        assert SearchOutbox.objects.get().entree == entry.pk
        Envoi().send_due()
        assert found(reparti, "gymnas") == []
        assert not SearchOutbox.objects.exists()

    def test_what_was_never_sent_may_be_removed(self, reparti):
        forget([give("Gymnase").pk])
        assert Envoi().send_due() == 1
        assert not SearchOutbox.objects.exists()

    def test_nothing_is_sent_of_what_is_undone(self, reparti):
        with transaction.atomic():
            give("Gymnase")
            transaction.set_rollback(True)
        assert Envoi().send_due() == 0

    def test_an_older_write_is_refused(self, reparti):
        before = texte_of(give("Gymnase", pk=1))
        entry = give("Préau", pk=1)
        Envoi().send_due()
        assert list(reparti.reparti.send([before], {})) == [entry.pk]
        assert (found(reparti, "gymnas"), found(reparti, "preau")) == ([], [entry.pk])

    def test_a_change_made_while_it_is_sent_stays_to_be_sent(self, reparti, monkeypatch):
        entry, send = give("Gymnase", pk=1), reparti.reparti.send

        def send_then_change(textes, gone):
            refused = send(textes, gone)
            monkeypatch.setattr(reparti.reparti, "send", send)
            give("Préau", pk=1)
            return refused

        monkeypatch.setattr(reparti.reparti, "send", send_then_change)
        envoi = Envoi()
        rows = envoi._waiting()
        assert envoi._send(rows) == 0
        assert SearchOutbox.objects.get().pk > rows[entry.pk]
        assert envoi.send_due() == 1
        assert found(reparti, "preau") == [entry.pk]

    def test_many_changes_go_by_lots(self, reparti, monkeypatch):
        monkeypatch.setattr(module, "LOT", 7)
        for n in range(20):
            give(f"Gymnase {n}")
        assert Envoi().send_due() == 20
        assert len(found(reparti, "gymnas")) == 20

    def test_one_that_is_refused_stops_nobody(self, reparti, caplog):
        entry = give("Gymnase", pk=1)
        newer = replace(texte_of(entry), version=entry.version + 10)
        reparti.reparti.send([newer], {})
        other = give("Gymnase B")
        envoi = Envoi()
        envoi.send_due()
        assert list(SearchOutbox.objects.values_list("entree", flat=True)) == [entry.pk]
        assert set(found(reparti, "gymnas")) == {entry.pk, other.pk}
        assert "recherche.envoi_refuse" in caplog.text
        with pytest.raises(CommandError, match=r"1 refusé\(s\)"):
            call_command("search_envoyer")

    def test_before_there_is_an_index_everything_waits(self, reparti):
        reparti.reparti.indexes.delete_all()
        give("Gymnase")
        envoi = Envoi()
        assert envoi.send_due() == 0
        assert "search_rebuild" in envoi.error
        assert SearchOutbox.objects.count() == 1
        assert reparti.reparti.indexes.all() == {}

    def test_the_command_says_what_it_sent(self, reparti, capsys):
        give("Gymnase")
        call_command("search_envoyer")
        assert capsys.readouterr().out == "Changements envoyés\u00a0: 1.\n"

    def test_an_upgrade_of_the_analysis_sends_the_entries_again(self, reparti):
        entry = give("Gymnase")
        Envoi().send_due()
        SearchEntry.objects.update(analyse=1)
        assert renew() == SearchEntry.objects.count()
        assert SearchOutbox.objects.filter(entree=entry.pk).exists()
        Envoi().send_due()
        assert not reparti.check()
        assert not reparti.base.check()


class TestAway:
    def test_saving_does_not_wait_for_it(self, loin):
        entry = give("Gymnase")
        assert SearchOutbox.objects.get().pk == entry.version

    def test_it_is_called_less_and_less_often(self, loin, monkeypatch):
        give("Gymnase")
        clock = [100.0]
        monkeypatch.setattr(module.time, "monotonic", lambda: clock[0])
        envoi, waits = Envoi(), []
        for _ in range(9):
            envoi.send_due()
            waits.append(envoi.calm_until - clock[0])
            clock[0] = envoi.calm_until
        assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
        assert SearchOutbox.objects.count() == 1

    def test_between_two_calls_nothing_is_tried(self, loin, django_assert_num_queries):
        give("Gymnase")
        envoi = Envoi()
        envoi.send_due()
        with django_assert_num_queries(0):
            assert envoi.send_due() == 0

    def test_the_command_says_what_waits_and_why(self, loin):
        give("Gymnase")
        with pytest.raises(CommandError, match=r"en attente\u00a0: 1 \(.*9"):
            call_command("search_envoyer")

    def test_a_row_per_entry_is_enough(self, loin):
        for n in range(3):
            entry = give(f"Gymnase {n}", pk=1)
        assert list(SearchOutbox.objects.values_list("entree", "pk")) == [(entry.pk, entry.version)]

    def test_what_says_nothing_new_is_not_sent_again(self, loin):
        when = datetime(2026, 11, 2, 8, 30, tzinfo=ZoneInfo("Europe/Paris"))
        told = {"pk": 1, "date": date(2026, 11, 2), "fin": when, "annee": 2026, "theme": "Sport", "boost": 1.2}
        version = give("Gymnase", "Fermé", **told).version
        assert give("Gymnase", "Fermé", **told).version == version
        for other in ({"fin": when + timedelta(hours=1)}, {"codes": ("c:1",)}, {"boost": 1.3}, {"theme": "Eau"}):
            told |= other
            assert give("Gymnase", "Fermé", **told).version > version
            version = SearchEntry.objects.get(objet=1, kind="essai").version

    def test_versions_always_grow(self, loin):
        versions = [enqueue([1])[1] for _ in range(3)]
        SearchOutbox.objects.all().delete()
        assert enqueue([1])[1] > versions[2] > versions[1] > versions[0]


class TestWithoutCluster:
    def test_nothing_waits(self, db, capsys):
        assert give("Gymnase").version == 0
        assert not SearchOutbox.objects.exists()
        assert Envoi().send_due() == 0
        call_command("search_envoyer")
        assert "SEARCH_URL est vide" in capsys.readouterr().out

    def test_veille_has_nothing_more_to_do(self, db, settings):
        before = {one.nom for one in collect("boucles")}
        settings.SEARCH_URL = "elasticsearch://127.0.0.1:9/loin"
        (loop,) = [one for one in collect("boucles") if one.nom not in before]
        assert timedelta(seconds=loop.pause) < timedelta(seconds=0.5)
        assert loop.act() == 0
