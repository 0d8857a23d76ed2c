"""« Envoyer à un collègue »: the address of a sheet with a word, to those who may read it."""

import pytest
from django.test import Client
from django.utils import timezone

from collectivites.diffusion import code_collectivite
from collectivites.models import EntreeJournal
from notifications.models import Notification
from ressources.models import RessourcePage
from ressources.partages import envois
from ressources.versions import RessourceRefusee
from tests.collectivites.factories import AgentFactory, PosteFactory
from tests.distribution import Distribution
from tests.formations.formulaires import post, said
from tests.ressources.factories import make_ressource
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(distribution: Distribution) -> RessourcePage:
    return make_ressource("Bail rural", collectivite=distribution.a, owner=distribution.gestionnaire_a)


@pytest.fixture
def client(distribution: Distribution) -> Client:
    return open_session(distribution.agent_a)


def path(page: RessourcePage) -> str:
    return f"/ressources/{page.pk}/envoyer/"


def test_colleagues_are_told_with_a_word_and_never_given_the_file(
    client: Client, distribution: Distribution, page: RessourcePage
) -> None:
    chosen = [distribution.secretaire_b, distribution.elue_b]
    answer = post(client, path(page), destinataires=[one.pk for one in chosen], mot="Regarde l’article 4.")
    assert answer["Location"] == page.url
    rows = list(Notification.objects.all())
    assert {row.destinataire for row in rows} == set(chosen)
    for row in rows:
        assert row.titre.replace("\xa0", " ") == f"{distribution.agent_a} vous signale « Bail rural »"
        assert (row.texte, row.url, row.auteur) == ("Regarde l’article 4.", page.adresse, distribution.agent_a)
        assert row.diffusion == page.diffusion
    line = EntreeJournal.objects.get(acte="ressource.envoyee")
    assert (line.agent, line.collectivite, line.donnees) == (distribution.agent_a, distribution.a, {"personnes": 2})
    assert "C’est envoyé à" in said(client.get("/ressources/"))


def test_one_who_may_not_read_it_is_named_and_nobody_is_told(
    client: Client, distribution: Distribution, page: RessourcePage
) -> None:
    RessourcePage.objects.filter(pk=page.pk).update(
        diffusion=[code_collectivite(distribution.a.pk)], referent=distribution.gestionnaire_a
    )
    sent = [distribution.secretaire_a.pk, distribution.secretaire_b.pk]
    answer = post(client, path(page), destinataires=sent, mot="Pour vous deux")
    assert answer.status_code == 422
    told = said(answer)
    assert f"{distribution.secretaire_b} ne peut pas lire ce document. Décochez cette personne" in told
    assert f"demandez à {distribution.gestionnaire_a} de lui ouvrir la fiche" in told
    html = answer.content.decode()
    assert "Pour vous deux" in html
    assert all(f'value="{pk}" checked' in html for pk in sent)
    assert not Notification.objects.exists()
    both = [distribution.secretaire_b, distribution.elue_b]
    with pytest.raises(RessourceRefusee, match="ne peuvent pas lire ce document. Décochez ces personnes"):
        envois.send(RessourcePage.objects.get(pk=page.pk), distribution.agent_a, both)
    with pytest.raises(RessourceRefusee, match="ouvrez-lui d’abord la fiche"):
        envois.send(RessourcePage.objects.get(pk=page.pk), distribution.gestionnaire_a, both[:1])


def test_an_archived_sheet_is_sent_to_nobody(distribution: Distribution, page: RessourcePage) -> None:
    RessourcePage.objects.filter(pk=page.pk).update(live=False, archivee_le=timezone.now())
    with pytest.raises(RessourceRefusee):
        envois.send(RessourcePage.objects.get(pk=page.pk), distribution.gestionnaire_a, [distribution.secretaire_b])


def test_somebody_is_found_by_their_name(client: Client, distribution: Distribution, page: RessourcePage) -> None:
    other = AgentFactory(prenom="Zoé", nom="D’Éclans")
    PosteFactory(agent=other, collectivite=distribution.b)
    gone = AgentFactory(prenom="Zoé", nom="Partie")
    address = f"{path(page)}personnes/"
    html = client.get(f"{address}?q=zoe eclans").content.decode()
    assert f'value="{other.pk}"' in html
    assert "Bourg" in html
    assert f'value="{gone.pk}"' not in html
    assert "Personne ne porte ce nom" in client.get(f"{address}?q=licorne").content.decode()
    again = client.get(f"{address}?q=zoe eclans&destinataires={other.pk}").content.decode()
    assert "Personne d’autre ne porte ce nom" in again
    assert 'value="' not in client.get(f"{address}?q=z").content.decode()
    assert (
        'value="'
        not in client.get(f"{address}?q={distribution.agent_a.nom}%00{distribution.agent_a.prenom}x").content.decode()
    )
    kept = client.get(f"{address}?q=zoe&destinataires={distribution.elue_b.pk}&destinataires=abc").content.decode()
    assert f'value="{distribution.elue_b.pk}" checked' in kept
    assert f'value="{other.pk}"' in kept


def test_without_script_looking_for_somebody_loses_nothing(
    client: Client, distribution: Distribution, page: RessourcePage
) -> None:
    answer = post(
        client,
        path(page),
        chercher="1",
        q=distribution.secretaire_b.nom,
        destinataires=[distribution.elue_b.pk],
        mot="Regarde",
    )
    html = answer.content.decode()
    assert answer.status_code == 200
    assert f'value="{distribution.elue_b.pk}" checked' in html
    assert f'value="{distribution.secretaire_b.pk}"' in html
    assert "Regarde" in html
    assert not Notification.objects.exists()


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Cochez au moins une personne"),
        ({"destinataires": ["999999"]}, "n’est plus dans l’annuaire"),
        ({"destinataires": ["abc"]}, "n’est plus dans l’annuaire"),
        ({"mot": "x" * 401}, "Quatre cents caractères au plus"),
    ],
)
def test_what_is_wrong_is_said(sent: dict, sentence: str, client: Client, page: RessourcePage) -> None:
    answer = post(client, path(page), **sent)
    assert answer.status_code == 422
    assert sentence in said(answer)


def test_ten_people_at_most(client: Client, distribution: Distribution, page: RessourcePage) -> None:
    many = [PosteFactory(agent=AgentFactory(), collectivite=distribution.b).agent.pk for _ in range(11)]
    assert "Dix personnes au plus" in said(post(client, path(page), destinataires=many))


def test_too_many_sendings_are_slowed(client: Client, distribution: Distribution, page: RessourcePage) -> None:
    found = [post(client, path(page), destinataires=distribution.elue_b.pk).status_code for _ in range(31)]
    assert found == [302] * 30 + [429]


def test_the_button_is_on_the_sheet(client: Client, page: RessourcePage) -> None:
    assert path(page) in client.get(page.url).content.decode()
