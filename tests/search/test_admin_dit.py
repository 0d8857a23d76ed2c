"""What the admin of the search refuses, explains and says once."""

import pytest
from django.test import Client

from search.analyse.requete import lire
from search.chercher import Reponse, chercher
from search.models import Epingle, QuestionRecherche, SearchEntry, Synonyme
from search.synonymes import in_force
from tests.admin.formulaires import errors, send
from tests.distribution import Distribution
from tests.search.factories import give, reader
from tests.search.test_admin import client, explained, hidden, question, url, words

__all__ = ["client", "hidden", "question"]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("typed", ["zzaa, zzbb", "zzbb, zzaa"])
def test_synonyms_that_are_there_already_are_refused_once(client: Client, typed: str) -> None:
    Synonyme.objects.create(expressions="zzaa, zzbb")
    refused = errors(send(client, url("synonymes:add"), expressions=typed))
    assert refused.count("Ces synonymes sont déjà dans la liste") == 1
    assert Synonyme.objects.filter(expressions__contains="zz").count() == 1


def test_what_is_pinned_is_said_between_guillemets_once(client: Client) -> None:
    address = url("resultats_epingles:add")
    send(client, address, requete="glisse", entree=give("Patinoire").pk)
    told = words(client.get(url("resultats_epingles:index")))
    assert "« glisse » est enregistré" in told
    assert "« «" not in told


@pytest.mark.parametrize("route", ["repondre", "classer"])
def test_what_is_answered_asks_no_more_for_an_answer(client: Client, question: QuestionRecherche, route: str) -> None:
    address = url(f"recherches_sans_reponse:{route}", question.pk)
    assert "Ne rien changer" in words(client.get(address))
    send(client, url("recherches_sans_reponse:repondre", question.pk), reponse="Cherchez « patinoire ».")
    again = client.get(address, follow=True)
    assert again.redirect_chain[-1][0] == url("recherches_sans_reponse:inspect", question.pk)
    assert "Cette demande est déjà répondue." in words(again)
    assert "Ne rien changer" not in words(again)


def test_what_is_pinned_is_explained(client: Client) -> None:
    entry = give("Tournée du mardi")
    Epingle.objects.create(requete="poubelles", cle=lire("poubelles", in_force()).cle, entree=entry)
    page = words(client.get("/admin/expliquer-recherche/", {"q": "poubelle"}))
    assert "Tournée du mardi" in page
    assert "épinglé par un responsable, sans contenir ces mots" in page
    assert "1 autre, que ces mots ne trouvent pas, est épinglé par un responsable." in page


def test_a_pin_that_somebody_may_not_see_is_not_explained(
    client: Client, distribution: Distribution, hidden: SearchEntry
) -> None:
    Epingle.objects.create(requete="cheval", cle=lire("cheval", in_force()).cle, entree=hidden)
    assert chercher("cheval", reader(distribution.agent_a)).epingles == [hidden.pk]
    page = explained(client, "cheval", distribution.agent_a)
    assert "secrète" not in page
    assert "épinglé" not in page


def test_beginnings_of_words_and_another_engine_are_explained(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    give("Plan d’urbanisme")
    assert "des mots des résultats commencent ainsi" in explained(client, "urbani")
    simpler = Reponse(lire("urbanisme", in_force()), simplifiee=True)
    monkeypatch.setattr("search.explication.chercher", lambda *_args, **_options: simpler)
    assert "le moteur habituel n’a pas répondu" in explained(client, "urbanisme")
