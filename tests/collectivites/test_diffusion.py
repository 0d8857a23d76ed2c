"""Who may read what: the codes of each person, and the two ways to ask the same rule."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from collectivites.diffusion import ELUS, EPCI, TOUTES, code_collectivite, code_reseau
from collectivites.enums import Domaine
from collectivites.models import Agent, Collectivite, Habilitation, Poste, Reseau, TypeHabilitation
from home.models import ActualitePage
from tests.collectivites.factories import (
    AdhesionFactory,
    AgentFactory,
    CollectiviteFactory,
    PosteFactory,
    ReseauFactory,
)
from tests.distribution import Distribution
from tests.home.factories import make_actualite

pytestmark = pytest.mark.django_db


def fresh(agent: Agent) -> Agent:
    """As the next request reads it."""
    return Agent.objects.get(pk=agent.pk)


def test_codes_of_the_cast(distribution: Distribution) -> None:
    a, b, epci = (code_collectivite(one.pk) for one in (distribution.a, distribution.b, distribution.epci))
    expected = {
        "gestionnaire_a": {TOUTES, a},
        "secretaire_a": {TOUTES, a},
        "agent_a": {TOUTES, a},
        "secretaire_b": {TOUTES, b},
        "elue_b": {TOUTES, b, ELUS},
        "partage_ab": {TOUTES, a, b},
        "responsable": {TOUTES, epci, EPCI},
        "administrateur": {TOUTES, epci, EPCI},
        "sans_poste": set(),
    }
    found = {name: set(fresh(agent).codes_lecture) for name, agent in distribution.roles().items() if agent}
    assert found == expected


def test_codes_of_networks(distribution: Distribution) -> None:
    """Members of a network have its code, unless it has closed or they hold no poste any more."""
    reseau, closed = ReseauFactory(), ReseauFactory(actif=False)
    for agent in (distribution.agent_a, distribution.sans_poste):
        AdhesionFactory(reseau=reseau, agent=agent)
        AdhesionFactory(reseau=closed, agent=agent)
    assert code_reseau(reseau.pk) in fresh(distribution.agent_a).codes_lecture
    assert code_reseau(closed.pk) not in fresh(distribution.agent_a).codes_lecture
    assert not fresh(distribution.sans_poste).codes_lecture


def test_codes_cost_two_queries(distribution: Distribution) -> None:
    agent = fresh(distribution.partage_ab)
    with CaptureQueriesContext(connection) as queries:
        assert agent.codes_lecture
        assert agent.codes_lecture
    assert len(queries) == 2


def news(diffusion: list[str], titre: str = "") -> ActualitePage:
    """A page in force, of a collectivité that is nobody's; without a code, as only an old revision could leave it."""
    page = make_actualite(CollectiviteFactory(slug="ailleurs"), titre, diffusion=diffusion or ["c:0"])
    if not diffusion:
        ActualitePage.objects.filter(pk=page.pk).update(diffusion=[])
        page.refresh_from_db()
    return page


def test_the_lookup_and_the_object_agree(distribution: Distribution) -> None:
    """The same rule asked in SQL and of an object already read, for each of the cast and each kind of diffusion."""
    a, b, epci = (code_collectivite(one.pk) for one in (distribution.a, distribution.b, distribution.epci))
    reseau = ReseauFactory()
    AdhesionFactory(reseau=reseau, agent=distribution.secretaire_b)
    diffusions = [
        [TOUTES],
        [a],
        [b],
        [a, b],
        [epci],
        [ELUS],
        [EPCI],
        [ELUS, a],
        [code_reseau(reseau.pk)],
        ["c:0"],
        ["c:9" + str(distribution.a.pk)],
        [],
    ]
    pages = [news(codes, f"Page {rank}") for rank, codes in enumerate(diffusions)]
    for agent in filter(None, distribution.roles().values()):
        reader = fresh(agent)
        by_sql = set(ActualitePage.objects.filter(diffusion__croise=reader.codes_lecture).values_list("pk", flat=True))
        by_object = {page.pk for page in pages if page.is_visible_to(reader)}
        by_hand = {
            page.pk for page, codes in zip(pages, diffusions, strict=True) if set(codes) & set(reader.codes_lecture)
        }
        assert by_sql == by_object == by_hand, agent


@pytest.mark.parametrize("code", ["c:1'; DROP TABLE collectivites_agent; --", "c:1'", "c:1\\", "é", "%", "c:_"])
def test_hostile_codes_match_only_themselves(code: str) -> None:
    page = news([code], "Étrange")
    others = news(["c:1"], "Ordinaire")
    assert list(ActualitePage.objects.filter(diffusion__croise={code})) == [page]
    assert others in ActualitePage.objects.filter(diffusion__croise={"c:1"})


def test_no_code_sees_nothing() -> None:
    news([TOUTES], "Pour tous")
    assert not ActualitePage.objects.filter(diffusion__croise=set()).exists()


def test_visible_to_is_the_gate(distribution: Distribution) -> None:
    for_a, _ = news([code_collectivite(distribution.a.pk)]), news([])
    assert list(ActualitePage.objects.visible_to(fresh(distribution.agent_a))) == [for_a]
    for nobody in (fresh(distribution.secretaire_b), fresh(distribution.sans_poste), AnonymousUser(), None):
        assert not ActualitePage.objects.visible_to(nobody).exists()
        assert not for_a.is_visible_to(nobody)


def test_people_and_places_seen_by_the_cast(distribution: Distribution) -> None:
    """Whoever has a poste sees the people in office and the members; the leaver, only their own card."""
    in_office = {agent.pk for name, agent in distribution.roles().items() if agent and name != "sans_poste"}
    for name, agent in distribution.roles().items():
        seen = set(Agent.objects.visible_to(fresh(agent) if agent else None).values_list("pk", flat=True))
        places = set(Collectivite.objects.visible_to(fresh(agent) if agent else None))
        if agent is None:
            assert (seen, places) == (set(), set())
        elif name == "sans_poste":
            assert (seen, places) == ({agent.pk}, set())
        else:
            assert seen == in_office | {agent.pk}
            assert places == {distribution.a, distribution.b, distribution.epci}


def test_postes_seen(distribution: Distribution) -> None:
    ended = distribution.sans_poste.postes.get()
    seen = Poste.objects.visible_to(fresh(distribution.agent_a))
    assert ended not in seen
    assert seen.count() == Poste.objects.in_force().count()
    assert list(Poste.objects.visible_to(fresh(distribution.sans_poste))) == [ended]


def test_a_departure_hides_the_card_at_once(distribution: Distribution) -> None:
    poste = distribution.agent_a.postes.get()
    assert distribution.agent_a in Agent.objects.visible_to(fresh(distribution.secretaire_b))
    poste.end(poste.date_debut)
    assert distribution.agent_a not in Agent.objects.visible_to(fresh(distribution.secretaire_b))
    assert distribution.agent_a in Agent.objects.visible_to(fresh(distribution.agent_a))
    assert not fresh(distribution.agent_a).codes_lecture


def test_a_collectivite_that_left_is_hidden(distribution: Distribution) -> None:
    Collectivite.objects.filter(pk=distribution.b.pk).update(date_sortie="2026-01-01")
    assert distribution.b not in Collectivite.objects.visible_to(fresh(distribution.agent_a))


def test_networks_are_known_to_whoever_is_in_office(distribution: Distribution) -> None:
    open_one, _ = ReseauFactory(), ReseauFactory(actif=False)
    assert list(Reseau.objects.visible_to(fresh(distribution.agent_a))) == [open_one]
    assert not Reseau.objects.visible_to(fresh(distribution.sans_poste)).exists()
    assert not Reseau.objects.visible_to(None).exists()


def test_habilitations_seen_by_the_cast(distribution: Distribution) -> None:
    """One's own; those of the agents of a collectivité that one manages; all for who answers for the annuaire."""
    kind = TypeHabilitation.objects.first()
    for agent in (distribution.agent_a, distribution.partage_ab, distribution.secretaire_b):
        Habilitation.objects.create(agent=agent, type=kind, obtenue_le="2026-01-01")
    everybody = {distribution.agent_a, distribution.partage_ab, distribution.secretaire_b}
    expected = {
        "gestionnaire_a": {distribution.agent_a, distribution.partage_ab},
        "secretaire_a": set(),
        "agent_a": {distribution.agent_a},
        "secretaire_b": {distribution.secretaire_b, distribution.partage_ab},
        "elue_b": set(),
        "partage_ab": {distribution.partage_ab},
        "responsable": everybody,
        "administrateur": everybody,
        "sans_poste": set(),
        "anonyme": set(),
    }
    for name, agent in distribution.roles().items():
        reader = fresh(agent) if agent else None
        assert {row.agent for row in Habilitation.objects.visible_to(reader)} == expected[name], name


def test_domains_end_with_the_poste_at_the_epci(distribution: Distribution) -> None:
    """A group that was forgotten gives nothing to somebody who left the intercommunalité."""
    responsable = distribution.responsable
    assert fresh(responsable).answers_for(Domaine.ANNUAIRE)
    responsable.postes.get().end(responsable.postes.get().date_debut)
    PosteFactory(agent=responsable, collectivite=distribution.a)
    assert fresh(responsable).domaines == frozenset()
    assert not fresh(responsable).must_have_second_factor


def test_a_stranger_in_the_groups_answers_for_nothing() -> None:
    assert AgentFactory().domaines == frozenset()
