"""Who looks after a sheet opens it, is told of what is said there and edits it, were they not among its readers."""

import re

import pytest
from django.urls import reverse

from collectivites.diffusion import EPCI, code_collectivite, code_reseau
from collectivites.models import Agent
from notifications.models import Courriel, Notification
from notifications.objets import readable, reference
from ressources.models import Echange, RessourcePage
from tests.collectivites.factories import AdhesionFactory, ReseauFactory
from tests.distribution import Distribution
from tests.ressources.actes import send
from tests.ressources.factories import make_ressource
from tests.ressources.formulaires import key_for
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(distribution: Distribution) -> RessourcePage:
    """Written by an agent of A for the readers of B alone."""
    page = make_ressource(
        "Règlement",
        owner=distribution.agent_a,
        referent=distribution.agent_a,
        collectivite=distribution.a,
        diffusion=[code_collectivite(distribution.b.pk)],
    )
    page.save_revision(user=distribution.agent_a)
    return RessourcePage.objects.get(pk=page.pk)


def status(agent: Agent | None, page: RessourcePage) -> int:
    return open_session(agent).get(page.adresse).status_code


def test_those_who_look_after_it_open_it_and_nobody_else(distribution: Distribution, page: RessourcePage) -> None:
    keepers = ("agent_a", "gestionnaire_a", "responsable", "administrateur")
    readers = ("secretaire_b", "elue_b", "partage_ab")
    for name, agent in distribution.roles().items():
        if agent is not None:
            assert (status(agent, page) == 200) is (name in keepers + readers), name
    html = open_session(distribution.agent_a).get(page.adresse).content.decode()
    assert "Vous l’ouvrez parce que vous vous en occupez" in html
    assert "Bourg." in html
    assert "vous vous en occupez" not in open_session(distribution.secretaire_b).get(page.adresse).content.decode()


def test_it_is_in_no_list_of_theirs(distribution: Distribution, page: RessourcePage) -> None:
    """The lists and the search stay those of readers."""
    html = open_session(distribution.agent_a).get("/ressources/?q=règlement").content.decode()
    assert page.adresse not in html
    assert not RessourcePage.objects.visible_to(distribution.agent_a).exists()


def test_out_of_line_or_archived_it_is_open_to_nobody_by_its_address(
    distribution: Distribution, page: RessourcePage
) -> None:
    RessourcePage.objects.filter(pk=page.pk).update(live=False)
    assert status(distribution.agent_a, page) == 404
    assert not RessourcePage.objects.open_to(distribution.agent_a).exists()


def test_a_question_reaches_them_and_their_answer_comes_back(distribution: Distribution, page: RessourcePage) -> None:
    reader = open_session(distribution.secretaire_b)
    send(reader, page.adresse, f"/ressources/{page.pk}/echanges/", genre="question", texte="Vaut-il encore ?")
    told = Notification.objects.get(destinataire=distribution.agent_a)
    assert told.texte == "Vaut-il encore ?"
    assert readable([reference(page)], distribution.agent_a)
    author, question = open_session(distribution.agent_a), Echange.objects.get()
    assert "Vaut-il encore" in author.get(page.adresse).content.decode()
    send(author, page.adresse, f"/ressources/{page.pk}/echanges/{question.pk}/", texte="Oui.")
    assert Notification.objects.get(destinataire=distribution.secretaire_b).texte == "Oui."
    assert not Courriel.objects.filter(agent=distribution.secretaire_a).exists()


def test_a_diffusion_that_is_not_theirs_stays_when_they_edit(distribution: Distribution, page: RessourcePage) -> None:
    """A responsable out of the network, a gestionnaire out of the intercommunalité."""
    reseau = AdhesionFactory(reseau=ReseauFactory(nom="Les secrétaires"), agent=distribution.secretaire_b).reseau
    for agent, codes, answer in (
        (distribution.responsable, [code_reseau(reseau.pk)], {"qui": "reseaux", "reseaux": [reseau.pk]}),
        (distribution.gestionnaire_a, [EPCI], {"qui": EPCI}),
    ):
        page.diffusion = codes
        page.save_revision(user=distribution.agent_a).publish()
        address = reverse("ressources:ressource_update", args=[page.pk])
        client, page = open_session(agent), RessourcePage.objects.get(pk=page.pk)
        choices = re.findall(r'<input[^>]*name="qui"[^>]*>', client.get(address).content.decode())
        assert [choice for choice in choices if "checked" in choice and f'value="{answer["qui"]}"' in choice]
        sent = {"titre": "Autre titre", "theme": page.theme_id, "type": page.type_id, "source": "commune"}
        sent |= {"licence": "interne", "base": page.latest_revision_id, "cle_unique": key_for(agent), **answer}
        assert client.post(address, sent).status_code == 302
        assert RessourcePage.objects.get(pk=page.pk).get_latest_revision_as_object().diffusion == codes
