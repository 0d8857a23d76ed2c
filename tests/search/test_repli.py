"""When the cluster is away, late, cut off or somebody else's: an answer all the same, and never a leak."""

import time
from dataclasses import replace
from types import SimpleNamespace

import pytest
from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig
from elasticsearch import BadRequestError

from search.chercher import chercher
from search.engines import moteur, moteur_de_base
from search.engines import repli as module
from search.engines.base import Demande, MoteurInjoignable, Terme
from search.engines.elastic_requetes import PAGE, recherche
from search.envoi import Envoi
from search.indexation import forget, texte_of
from search.models import SearchEntry, SearchOutbox
from search.suggerer import beginnings, suggerer
from tests.search.factories import give, lecteur, titles


def find(word, *codes):
    reponse = chercher(word, lecteur(*(codes or ("toutes",))), exact=True)
    assert reponse.total == len(reponse.rangs)
    return set(titles(reponse.rangs))


def calls(server):
    """How many connections a mute server was given since the last time."""
    server.setblocking(False)
    count = 0
    try:
        while True:
            server.accept()[0].close()
            count += 1
    except BlockingIOError:
        return count


@pytest.mark.django_db
def test_more_keys_than_a_cluster_gives_at_once_come_from_the_database():
    """A list that filters afterwards asks for all of them: a part would be a false answer."""
    asked = recherche(Demande(((Terme(("gymnas",)),),), frozenset([1]), limite=100_000)).to_dict()
    assert asked["size"] == PAGE
    for n in range(3):
        give(f"Gymnase {n}")
    demande = Demande(((Terme(("gymnas",)),),), lecteur("toutes").audiences)
    whole = moteur_de_base().search(demande)
    part = replace(whole, rangs=whole.rangs[:2])
    both = module.Repli(SimpleNamespace(nom="loin", search=lambda asked: part), moteur_de_base())
    assert both.search(demande).rangs == whole.rangs
    assert both.search(replace(demande, limite=2)).rangs == part.rangs


@pytest.mark.elasticsearch
class TestOutboxLeftOut:
    def test_a_change_of_diffusion_counts_before_it_is_sent(self, reparti):
        give("Gymnase", pk=1, codes=("c:1",))
        Envoi().send_due()
        assert (find("gymnase", "c:1"), find("gymnase", "c:2")) == ({"Gymnase"}, set())
        give("Gymnase", pk=1, codes=("c:2",))
        assert (find("gymnase", "c:1"), find("gymnase", "c:2")) == (set(), set())
        Envoi().send_due()
        assert (find("gymnase", "c:1"), find("gymnase", "c:2")) == (set(), {"Gymnase"})

    def test_a_removal_counts_before_it_is_sent(self, reparti):
        entry, other = give("Gymnase A"), give("Gymnase B")
        Envoi().send_due()
        forget([entry.pk])
        reponse = chercher("gymnase", lecteur("toutes"), exact=True)
        assert (titles(reponse.rangs), reponse.total, reponse.simplifiee) == (["Gymnase B"], 1, False)
        debuts = ((Terme(("gym",), debut=True),),)
        assert moteur().suggest(debuts, lecteur("toutes").audiences, frozenset(), 8) == [other.pk]

    def test_what_waits_is_left_out_of_counts_and_facets(self, reparti):
        give("Gymnase A", pk=1, theme="Sport")
        give("Gymnase B", pk=2, theme="Sport")
        Envoi().send_due()
        give("Préau", pk=1)
        demande = Demande(((Terme(("gymnas",)),),), lecteur("toutes").audiences)
        assert moteur().count(demande, 9) == 1
        assert moteur().search(demande).facettes["theme"] == {"Sport": 1}

    def test_too_many_changes_make_the_database_answer(self, reparti, monkeypatch):
        monkeypatch.setattr(module, "LAISSEES", 3)
        for n in range(3):
            give(f"Gymnase {n}")
        assert chercher("gymnase", lecteur("toutes")).total == 0
        give("Gymnase 4")
        reponse = chercher("gymnase", lecteur("toutes"))
        assert (reponse.total, reponse.simplifiee) == (4, True)
        Envoi().send_due()
        reponse = chercher("gymnase", lecteur("toutes"))
        assert (reponse.total, reponse.simplifiee) == (4, False)

    def test_a_node_that_answers_with_what_was_shows_nothing_hidden_since(self, reparti):
        entry = give("Gymnase", pk=1, codes=("c:1",))
        Envoi().send_due()
        before = texte_of(SearchEntry.objects.get(pk=entry.pk))
        assert suggerer("gym", lecteur("c:1")).groupes
        give("Gymnase", pk=1, codes=("c:2",))
        SearchOutbox.objects.all().delete()
        assert before.audience in lecteur("c:1").audiences
        assert find("gymnase", "c:1") == set()
        assert moteur().suggest(beginnings(["gym"]), lecteur("c:1").audiences, frozenset(), 8) == [entry.pk]
        assert suggerer("gym", lecteur("c:1")).groupes == []

    def test_the_index_of_another_installation_answers_nobody_here(self, reparti, settings):
        give("Gymnase")
        Envoi().send_due()
        settings.SITE_URL = "https://ailleurs.example"
        reparti.reparti._owned = False
        assert chercher("gymnase", lecteur("toutes")).simplifiee
        give("Préau")
        envoi = Envoi()
        assert envoi.send_due() == 0
        assert "donnez un autre nom" in envoi.error
        assert "donnez un autre nom" in reparti.health().detail

    def test_a_question_it_refuses_does_not_set_it_aside(self, reparti, monkeypatch, caplog):
        give("Gymnase")
        Envoi().send_due()
        meta = ApiResponseMeta(400, "1.1", HttpHeaders(), 0.0, NodeConfig("http", "localhost", 9200))

        def refuse(demande):
            raise BadRequestError("too_many_clauses", meta, {})

        with monkeypatch.context() as patch:
            patch.setattr(reparti.reparti, "search", refuse)
            assert chercher("gymnase", lecteur("toutes")).simplifiee
        assert "recherche.question_refusee" in caplog.text
        assert not chercher("gymnase", lecteur("toutes")).simplifiee

    def test_it_is_asked_again_after_a_rest(self, reparti, monkeypatch):
        give("Gymnase")
        Envoi().send_due()
        clock = [1000.0]
        monkeypatch.setattr(module.time, "monotonic", lambda: clock[0])
        reparti.disjoncteur.open(MoteurInjoignable("essai"))
        clock[0] += module.REPOS - 1
        assert chercher("gymnase", lecteur("toutes")).simplifiee
        clock[0] += 2
        assert not chercher("gymnase", lecteur("toutes")).simplifiee
        assert not chercher("gymnase", lecteur("toutes")).simplifiee


class TestMute:
    def test_the_database_answers_within_a_second_then_at_once(self, muet):
        give("Gymnase")
        SearchOutbox.objects.all().delete()
        began = time.monotonic()
        reponse = chercher("gymnase", lecteur("toutes"))
        first = time.monotonic() - began
        assert (reponse.total, reponse.simplifiee) == (1, True)
        assert 0.8 <= first <= 1.5  # 1 s is asked of a quiet machine: script/epreuve recherche
        assert calls(muet) == 2
        for word in ("gymnase", "introuvable", "gymnsae"):
            assert chercher(word, lecteur("toutes")).simplifiee
        assert calls(muet) == 0

    def test_saving_and_suggesting_do_not_wait_either(self, muet):
        moteur().disjoncteur.open(MoteurInjoignable("essai"))
        entry = give("Gymnase")
        debuts = ((Terme(("gym",), debut=True),),)
        assert moteur().suggest(debuts, lecteur("toutes").audiences, frozenset(), 8) == [entry.pk]
        assert calls(muet) == 0

    def test_one_question_tries_for_all(self, muet, monkeypatch):
        breaker = moteur().disjoncteur
        clock = [1000.0]
        monkeypatch.setattr(module.time, "monotonic", lambda: clock[0])
        breaker.open(MoteurInjoignable("essai"))
        clock[0] += module.REPOS + 1
        assert [breaker.allows() for _ in range(3)] == [True, False, False]
        breaker.close()
        assert breaker.allows()

    def test_its_health_says_that_it_does_not_answer(self, muet):
        state = moteur().health()
        assert not state.ok
        assert "ne répond pas" in state.detail

    def test_no_result_is_simplified_too(self, muet):
        give("Gymnase")
        SearchOutbox.objects.all().delete()
        reponse = chercher("xyzzy", lecteur("toutes"))
        assert (reponse.total, reponse.simplifiee) == (0, True)

    def test_filters_and_pages_are_the_same(self, muet):
        give("Gymnase", theme="Sport")
        give("Gymnase B", theme="Eau")
        reponse = chercher("gymnase", lecteur("toutes"), filtres={"theme": frozenset({"Sport"})})
        assert (reponse.total, reponse.facettes["theme"]) == (1, {"Sport": 1, "Eau": 1})
        base = replace(moteur().base.search(Demande((), lecteur("toutes").audiences)), simplifiee=True)
        assert moteur().search(Demande((), lecteur("toutes").audiences)) == base
