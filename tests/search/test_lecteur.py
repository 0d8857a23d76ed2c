"""Who searches: what they may find and where they work, in one question."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from collectivites.diffusion import ELUS, TOUTES, code_collectivite
from collectivites.models import Agent, Collectivite, Secteur
from search.lecteur import Lecteur
from search.models import SearchAudience, SearchEntry
from search.poids import Lieux
from tests.distribution import Distribution
from tests.search.factories import give

pytestmark = pytest.mark.django_db


def test_one_question_tells_all(distribution: Distribution, django_assert_num_queries: object) -> None:
    Collectivite.objects.filter(pk__in=[distribution.a.pk, distribution.b.pk]).update(
        secteur=Secteur.objects.create(nom="Plaine")
    )
    public, own = give("Un", codes=(TOUTES,)), give("Deux", codes=(code_collectivite(distribution.a.pk),))
    elus = give("Trois", codes=(ELUS,))
    past = give("Quatre", codes=(TOUTES,))
    SearchEntry.objects.filter(pk=past.pk).update(fin=timezone.now() - timedelta(days=1))
    agent = Agent.objects.get(pk=distribution.agent_a.pk)
    # The postes of a person and their réseaux are read once a page, by whoever asks first.
    assert agent.postes_en_cours
    assert agent.codes_lecture
    with django_assert_num_queries(1):
        found = Lecteur.of(agent)
    assert {public.audience_id, own.audience_id} <= found.audiences
    assert elus.audience_id not in found.audiences
    assert found.audiences == frozenset(SearchAudience.objects.readable_by(agent).values_list("pk", flat=True))
    assert found.sans == {past.pk}
    assert found.lieux == Lieux(frozenset(["Aval"]), frozenset(["Aval", "Bourg"]))


def test_nobody_reads_nothing(distribution: Distribution, django_assert_num_queries: object) -> None:
    give("Un", codes=(TOUTES,))
    for who in (None, AnonymousUser()):
        with django_assert_num_queries(0):
            assert Lecteur.of(who) == Lecteur(frozenset(), frozenset(), Lieux())
    assert Lecteur.of(distribution.sans_poste).lieux == Lieux()
