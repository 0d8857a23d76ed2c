"""The rights of persons over what the search holds."""

from datetime import timedelta

import pytest
from django.utils import timezone

from collectivites.effacement import NOM, erase
from collectivites.models import Agent
from home.models import FicheTraitement
from search import frequences, personnes
from search.analyse.requete import lire
from search.apports import donnees_personnelles, fusionner
from search.chercher import chercher
from search.models import EmpreinteRecherche, QuestionRecherche, RechercheDuMois, SearchEntry
from search.synonymes import in_force
from tests.collectivites.factories import AgentFactory
from tests.distribution import Distribution
from tests.search.factories import reader, titles

pytestmark = pytest.mark.django_db


def ask(auteur: Agent, requete: str = "licorne", **fields: object) -> QuestionRecherche:
    return QuestionRecherche.objects.create(requete=requete, auteur=auteur, **fields)


def test_what_is_held_is_given(distribution: Distribution) -> None:
    ask(distribution.agent_a, message="Où est-elle ?")
    ask(distribution.secretaire_a)
    held = donnees_personnelles(distribution.agent_a)["recherches_sans_reponse"]
    assert [(one["recherche"], one["message"], one["etat"]) for one in held] == [
        ("licorne", "Où est-elle ?", "à traiter")
    ]


def test_erasing_leaves_nothing_that_names(distribution: Distribution) -> None:
    """Not even the entry, and the number of searches stays."""
    gone = AgentFactory(prenom="Zoé", nom="de La Tour")
    ask(gone)
    kept = ask(distribution.agent_a, message=f"Le numéro de {gone.nom_complet}")
    for text in ("zoe la tour", "numéro de Zoé de La Tour", "cantine"):
        frequences.note(gone, lire(text, in_force()), 0)
    frequences.note(distribution.agent_a, lire("cantine", in_force()), 0)
    erase(gone, distribution.administrateur)
    assert list(QuestionRecherche.objects.all()) == [kept]
    kept.refresh_from_db()
    assert kept.message == f"Le numéro de {NOM}"
    counted = RechercheDuMois.objects.get()
    assert (counted.cle, counted.nombre, counted.empreintes.count()) == ("cantine", 2, 1)
    assert not SearchEntry.objects.filter(kind=Agent.genre, objet=gone.pk).exists()


def test_the_entry_of_somebody_in_office_goes_when_they_leave_and_are_erased(distribution: Distribution) -> None:
    agent = distribution.agent_a
    assert "Alain Aval" in titles(chercher("alain", reader(distribution.secretaire_a)).rangs)
    for poste in agent.postes.all():
        poste.date_fin = timezone.localdate() - timedelta(days=1)
        poste.save()
    assert "Alain Aval" not in titles(chercher("alain", reader(distribution.secretaire_a)).rangs)
    erase(Agent.objects.get(pk=agent.pk), None)
    assert not SearchEntry.objects.filter(kind=Agent.genre, objet=agent.pk).exists()
    assert not SearchEntry.objects.filter(texte__contains="Alain").exists()


def test_merging_keeps_the_questions(distribution: Distribution) -> None:
    double = AgentFactory()
    asked = ask(double)
    answered = ask(distribution.elue_b)
    QuestionRecherche.objects.filter(pk=answered.pk).update(repondu_par=double)
    fusionner(distribution.agent_a, double)
    asked.refresh_from_db()
    answered.refresh_from_db()
    assert (asked.auteur, answered.repondu_par) == (distribution.agent_a, distribution.agent_a)


def test_questions_are_forgotten_after_a_year(distribution: Distribution) -> None:
    old, recent = ask(distribution.agent_a, "vieille"), ask(distribution.agent_a, "récente")
    QuestionRecherche.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=400))
    personnes.purge()
    assert QuestionRecherche.objects.get() == recent


def test_fingerprints_of_others_stay(distribution: Distribution) -> None:
    for agent in (distribution.agent_a, distribution.secretaire_a):
        frequences.note(agent, lire("cantine", in_force()), 0)
    frequences.forget(distribution.agent_a)
    assert EmpreinteRecherche.objects.count() == 1
    frequences.note(distribution.secretaire_a, lire("cantine", in_force()), 0)
    assert EmpreinteRecherche.objects.count() == 1


def test_the_register_has_its_sheet() -> None:
    assert FicheTraitement.objects.filter(code="recherche", actif=True).exists()
