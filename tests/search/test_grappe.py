"""The index in the cluster: made beside, swapped, shared by several installations; and the address that leads to it."""

import threading

import pytest
from django.core.exceptions import ImproperlyConfigured

from search.adresse import lire_adresse
from search.engines.base import Demande, MoteurInjoignable, Terme
from search.engines.elastic import ElasticMoteur
from search.engines.elastic_index import NomPris
from search.envoi import Envoi
from search.indexation import textes
from search.models import SearchEntry
from tests.search.factories import give, lecteur
from tests.search.grappe import PATIENCE

GYMNASE = ((Terme(("gymnas",)),),)


def nothing(done):
    pass


def total(engine):
    return engine.search(Demande(GYMNASE, lecteur("toutes").audiences)).total


class TestAdresse:
    @pytest.mark.parametrize(
        ("url", "hotes", "nom"),
        [
            ("elasticsearch://a:9201/dole", ("http://a:9201",), "dole"),
            ("elasticsearch://a,b:9201/grand-dole_2", ("http://a:9200", "http://b:9201"), "grand-dole_2"),
            ("elasticsearch://[::1]:9201,10.0.0.2/dole", ("http://[::1]:9201", "http://10.0.0.2:9200"), "dole"),
            ("elasticsearchs://a:9201/dole", ("https://a:9201",), "dole"),
        ],
    )
    def test_it_is_read(self, url, hotes, nom):
        read = lire_adresse(url)
        assert (read.hotes, read.nom, read.compte) == (hotes, nom, None)

    def test_account_and_authority(self):
        read = lire_adresse("elasticsearchs://moi:p%40s@a:9200,b:9200/dole?ca=/etc/ssl/grappe.pem")
        assert (read.compte, read.ca) == (("moi", "p@s"), "/etc/ssl/grappe.pem")

    @pytest.mark.parametrize(
        "url",
        [
            "http://a:9200/dole",
            "dole",
            "elasticsearch://a:9200",
            "elasticsearch://a:9200/",
            "elasticsearch:///dole",
            "elasticsearch://a,/dole",
            "elasticsearch://a:port/dole",
            "elasticsearch://a:99999/dole",
            "elasticsearch://a b/dole",
            "elasticsearch://[::1/dole",
            "elasticsearch://a/Dole",
            "elasticsearch://a/dôle",
            "elasticsearch://a/-dole",
            "elasticsearch://a/dole/1",
            "elasticsearch://a/dole.neuf",
            "elasticsearch://a/dole-20261122093000",
            "elasticsearch://a/dole?verify=non",
            "elasticsearch://moi:secret@:9200/dole",
        ],
    )
    def test_a_wrong_one_is_refused_with_the_form_to_use(self, url):
        with pytest.raises(ImproperlyConfigured, match="^SEARCH_URL .*Forme attendue") as refusal:
            lire_adresse(url)
        assert "secret" not in str(refusal.value)


@pytest.mark.elasticsearch
class TestRebuild:
    def test_searches_go_on_during_a_rebuild_and_its_swap(self, reparti):
        for n in range(30):
            give(f"Gymnase {n}")
        Envoi().send_due()
        demande, answers, stop = Demande(GYMNASE, lecteur("toutes").audiences), [], threading.Event()

        def search():
            while not stop.is_set():
                answers.append(reparti.reparti.search(demande).total)

        thread = threading.Thread(target=search)
        thread.start()
        for _ in range(2):
            before = reparti.reparti.indexes.behind(reparti.reparti.adresse.nom)
            reparti.rebuild(textes, nothing)
            assert reparti.reparti.indexes.behind(reparti.reparti.adresse.nom) != before
        stop.set()
        thread.join()
        assert len(answers) > 10
        assert set(answers) == {30}
        assert len(reparti.reparti.indexes.all()) == 1

    def test_rows_analysed_by_older_rules_are_sent_once(self, reparti):
        """After an update of the rules, before `veille` has read the entries anew."""
        for n in range(3):
            give(f"Gymnase {n}")
        Envoi().send_due()
        SearchEntry.objects.update(analyse=1)
        told = []
        reparti.rebuild(textes, told.append)
        assert len(told) == 1
        assert not reparti.check()

    def test_what_changes_meanwhile_is_in_the_new_index(self, reparti):
        first, second = give("Gymnase 1", pk=1), give("Gymnase 2", pk=2)
        Envoi().send_due()

        def change(done):
            give("Préau", pk=1)
            SearchEntry.objects.filter(pk=second.pk).delete()
            give("Gymnase 3", pk=3)
            Envoi().send_due()

        reparti.rebuild(textes, change)
        assert total(reparti.reparti) == 1
        assert not reparti.check()
        assert first.pk != second.pk

    def test_an_interrupted_one_is_taken_up_where_it_stopped(self, reparti, monkeypatch):
        monkeypatch.setattr("search.engines.tables.LOT", 10)
        for n in range(35):
            give(f"Gymnase {n}")
        Envoi().send_due()
        count = SearchEntry.objects.count()
        seen = []

        def interrupt(done):
            seen.append(done)
            if len(seen) == 2:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            reparti.rebuild(textes, interrupt)
        assert total(reparti) == 35
        begun = reparti.reparti.indexes.behind(reparti.reparti.indexes.neuf)
        give("Gymnase 36")
        Envoi().send_due()
        again = []
        reparti.rebuild(textes, again.append)
        assert seen == [10, 20]
        assert again == [*range(31, count + 1, 10), count + 1]
        assert reparti.reparti.indexes.behind(reparti.reparti.adresse.nom) == begun
        assert not reparti.check()
        assert total(reparti) == SearchEntry.objects.filter(titre__startswith="Gymnase").count()

    def test_what_waits_in_the_outbox_is_in_it_already(self, reparti):
        for n in range(3):
            give(f"Gymnase {n}")
        reparti.rebuild(textes, nothing)
        assert total(reparti.reparti) == 3
        assert (total(reparti), Envoi().send_due(), total(reparti)) == (0, 3, 3)

    def test_one_begun_with_other_rules_is_begun_again(self, reparti, monkeypatch):
        begun = reparti.reparti.indexes.prepare()
        monkeypatch.setattr("search.engines.elastic_index.ANALYSE", 1)
        assert reparti.reparti.indexes.prepare() != begun
        assert begun not in reparti.reparti.indexes.all()

    def test_without_an_index_the_cluster_is_as_if_it_were_away(self, reparti):
        give("Gymnase")
        reparti.reparti.indexes.delete_all()
        with pytest.raises(MoteurInjoignable):
            total(reparti.reparti)
        assert "search_rebuild" in reparti.health().detail


@pytest.mark.elasticsearch
class TestSharing:
    def test_two_installations_share_a_cluster_by_two_names(self, reparti, settings):
        give("Gymnase")
        Envoi().send_due()
        settings.SITE_URL = "https://ailleurs.example"
        other = ElasticMoteur(f"{settings.SEARCH_URL}-bis", PATIENCE)
        other.rebuild(lambda rows=None: [], nothing)
        try:
            assert (total(reparti), total(other)) == (1, 0)
            other.indexes.delete_all()
            settings.SITE_URL = "http://testserver"
            assert total(reparti) == 1
        finally:
            other.indexes.delete_all()
            other.client.close()

    def test_a_name_that_is_taken_is_not_written_over(self, reparti, settings):
        settings.SITE_URL = "https://ailleurs.example"
        with pytest.raises(NomPris, match="http://testserver"):
            reparti.reparti.indexes.prepare()
        with pytest.raises(MoteurInjoignable, match="donnez un autre nom"):
            reparti.rebuild(textes, nothing)
