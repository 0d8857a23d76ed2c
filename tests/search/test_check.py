"""What the engines hold against the table of entries: differences are found, told and mended."""

from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command

from extranet.lib.apports import contributions
from search.analyse.requete import lire
from search.chercher import chercher
from search.engines import moteur_de_base
from search.envoi import Envoi
from search.indexation import texte_of
from search.models import Epingle, SearchEntry, SearchOutbox
from search.synonymes import in_force
from search.verification import renew, repair
from tests.search.factories import give, lecteur


def check(*options):
    call_command("search_check", *options)


def sante():
    return {key: value for one in contributions("sante") for key, value in one().items() if key.startswith("recherche")}


class TestDatabase:
    def test_nothing_to_say(self, db, capsys):
        check()
        assert capsys.readouterr().out.endswith("aucun écart.\n")

    def test_what_is_missing_outdated_and_left_over_is_mended(self, db, capsys):
        entries = [give(f"Gymnase {n}") for n in range(4)]
        moteur_de_base().remove([entries[0].pk])
        SearchEntry.objects.filter(pk=entries[1].pk).update(version=9)
        with pytest.raises(CommandError, match="2 écart"):
            check()
        assert "1 manquante(s), 1 périmée(s), 0 en trop" in capsys.readouterr().out
        check("--repair")
        assert not moteur_de_base().check()

    def test_pins_follow_new_rules(self, db):
        """As after an upgrade: their keys are those of older rules."""
        entree, other = give("Gymnase"), give("Préau")
        for pk, cle in ((entree, "reglementz gymnasez"), (other, "gymnasez"), (other, "gymnaz")):
            Epingle.objects.create(requete="les règlements du gymnase", cle=cle, entree=pk)
        good = Epingle.objects.create(requete="préau", cle=lire("préau", in_force()).cle, entree=other)
        assert chercher("règlement du gymnase", lecteur("toutes")).epingles == []
        assert renew() == 2
        assert chercher("règlement du gymnase", lecteur("toutes")).epingles == [entree.pk, other.pk]
        assert renew() == 0
        good.refresh_from_db()
        assert good.cle == lire("préau", in_force()).cle

    def test_its_health_is_told(self, db):
        told = sante()
        assert told["recherche_moteur"] == moteur_de_base().nom
        assert (told["recherche_repond"], told["recherche_changements_en_attente"]) == ("oui", 0)


@pytest.mark.elasticsearch
class TestCluster:
    def test_what_was_changed_and_removed_behind_the_outbox_is_mended(self, reparti, capsys):
        entries = [give(f"Gymnase {n}") for n in range(60)]
        Envoi().send_due()
        SearchEntry.objects.filter(pk__in=[entry.pk for entry in entries[:30]]).update(version=10**6)
        reparti.reparti.remove([entry.pk for entry in entries[30:49]])
        SearchEntry.objects.filter(pk=entries[59].pk).delete()
        found = reparti.check()
        assert (len(found.perimees), len(found.manquantes), found.fantomes) == (30, 19, [entries[59].pk])
        with pytest.raises(CommandError):
            check()
        check("--repair")
        assert not reparti.check()
        assert not moteur_de_base().check()
        assert not SearchOutbox.objects.exists()

    def test_what_waits_is_no_difference(self, reparti):
        give("Gymnase")
        assert not reparti.check()
        SearchOutbox.objects.all().delete()
        assert reparti.check().total == 1

    def test_what_was_written_without_it_is_found_on_its_return(self, reparti, settings, adresse_grappe):
        entry, gone = give("Gymnase", pk=1), give("Préau", pk=2)
        Envoi().send_due()
        settings.SEARCH_URL = ""
        give("Gymnase rouvert", pk=1)
        SearchEntry.objects.filter(pk=gone.pk).delete()
        settings.SEARCH_URL = adresse_grappe
        found = reparti.check()
        assert (found.perimees, found.fantomes) == ([entry.pk], [gone.pk])
        repair()
        assert not reparti.check()

    def test_counters_gone_back_after_a_restored_backup_ask_for_a_rebuild(self, reparti):
        """Versions of the cluster are then ahead: it would refuse the corrections for ever."""
        entry = give("Gymnase")
        SearchOutbox.objects.all().delete()
        reparti.reparti.send([replace(texte_of(entry), version=10**12)], {})
        with pytest.raises(CommandError, match="lancez search_rebuild"):
            check("--repair")
        call_command("search_rebuild")
        call_command("search_envoyer")
        check()

    def test_its_health_is_told(self, reparti):
        give("Gymnase")
        told = sante()
        assert (told["recherche_moteur"], told["recherche_repond"]) == ("Elasticsearch", "oui")
        assert told["recherche_changements_en_attente"] == 1
        assert "index du" in told["recherche_detail"]
