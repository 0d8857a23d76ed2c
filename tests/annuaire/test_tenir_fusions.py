"""The pages of the doubles: who may, what is shown, one card at the end, and two again."""

import pytest
from django.test import Client
from django.urls import reverse

from annuaire.models import Distinction, Fusion
from collectivites.models import Agent
from tests.annuaire.invites import key_of
from tests.collectivites.factories import AgentFactory, PosteFactory
from tests.distribution import Distribution
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
LIST = reverse("annuaire:double_list")


@pytest.fixture
def pair(distribution: Distribution, fonction) -> tuple[Agent, Agent]:
    garde = AgentFactory(prenom="Martine", nom="Lambey", slug="martine-lambey")
    retire = AgentFactory(prenom="Martine", nom="Lambey", slug="martine-lambey-2")
    for agent in (garde, retire):
        PosteFactory(agent=agent, collectivite=distribution.a, fonction=fonction)
    PosteFactory(agent=retire, collectivite=distribution.b, fonction=fonction)
    return garde, retire


@pytest.fixture
def client(distribution: Distribution) -> Client:
    return open_session(distribution.responsable)


def words(response) -> str:
    return response.content.decode().replace("\u00a0", " ")


def page(*pair: Agent) -> str:
    return f"{reverse('annuaire:fusion_create')}?" + "&".join(f"fiche={one.pk}" for one in pair)


def merge(client: Client, garde: Agent, retire: Agent, email: str, **options):
    url = page(garde, retire)
    fields = {"garde": str(garde.pk), "adresse": email, "cle_unique": key_of(client, url)}
    return client.post(url, fields, **options)


def test_seen_joined_followed_parted(client: Client, distribution: Distribution, pair: tuple[Agent, Agent]):
    garde, retire = pair
    assert "Martine Lambey : le même nom et une commune en commun" in words(client.get(LIST))
    shown = words(client.get(page(*pair)))
    assert "martine-lambey-2@essai.example" in shown
    response = merge(client, garde, retire, retire.email, follow=True)
    assert "n’en font plus qu’une" in words(response)
    garde.refresh_from_db()
    assert garde.email == "martine-lambey-2@essai.example"
    assert garde.postes.count() == 2
    old = open_session(distribution.agent_a).get("/annuaire/agents/martine-lambey-2/")
    assert old.status_code == 302
    assert old["Location"] == "/annuaire/agents/martine-lambey/"
    listed = words(client.get(LIST))
    assert "Aucun doublon en vue" in listed
    url = reverse("annuaire:fusion_undo", args=[Fusion.objects.get().pk])
    assert url in listed
    undone = client.post(url, {"cle_unique": key_of(client, LIST)}, follow=True)
    assert "Les deux fiches sont séparées." in words(undone)
    assert retire.postes.count() == 2
    assert open_session(distribution.agent_a).get("/annuaire/agents/martine-lambey-2/").status_code == 200


def test_the_old_address_tells_nothing_to_who_may_not_see(distribution: Distribution, client: Client, pair):
    merge(client, *pair, pair[0].email)
    assert open_session(distribution.sans_poste).get("/annuaire/agents/martine-lambey-2/").status_code == 404


def test_two_people_are_not_proposed_again(client: Client, pair: tuple[Agent, Agent]):
    fields = {"fiche": [one.pk for one in pair], "cle_unique": key_of(client, LIST)}
    client.post(reverse("annuaire:double_part"), fields)
    assert Distinction.objects.count() == 1
    assert "Aucun doublon en vue" in words(client.get(LIST))


def test_refused_with_its_sentence(client: Client, distribution: Distribution, pair: tuple[Agent, Agent]):
    response = merge(client, pair[0], distribution.elue_b, pair[0].email)
    assert "Elise Bourg a un mandat" in words(response)
    response = merge(client, pair[0], distribution.responsable, pair[0].email)
    assert "votre propre fiche" in words(response)
    assert not Fusion.objects.exists()


def test_two_other_cards_are_chosen_by_name(client: Client, distribution: Distribution, pair: tuple[Agent, Agent]):
    found = words(client.get(LIST, {"q": "lambéy mart"}))
    assert found.count('type="checkbox"') == 2
    assert client.get(reverse("annuaire:fusion_create"), {"fiche": pair[0].pk}).status_code == 302
    assert client.get(f"{reverse('annuaire:fusion_create')}?fiche={pair[0].pk}&fiche=abc").status_code == 404


@pytest.mark.parametrize("role", ["gestionnaire_a", "agent_a", "elue_b", "sans_poste"])
def test_only_those_who_answer_for_the_directory(distribution: Distribution, pair, role: str):
    client = open_session(getattr(distribution, role))
    key = {"fiche": [one.pk for one in pair], "garde": pair[0].pk, "adresse": pair[0].email}
    assert client.get(LIST).status_code == 403
    assert client.get(page(*pair)).status_code == 403
    client.post(page(*pair), key)
    client.post(reverse("annuaire:double_part"), key)
    assert not Fusion.objects.exists()
    assert not Distinction.objects.exists()
