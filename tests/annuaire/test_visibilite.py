"""Objecting, coming back, leaving: what disappears at once, and what is kept."""

from datetime import timedelta

import pytest
from django.utils import timezone

from annuaire.models import Consentement, Photo
from annuaire.photos import depot
from collectivites.effacement import erase_departed
from collectivites.models import Absence, Agent, Expertise, Territoire
from search.models import SearchEntry
from tests.annuaire.portraits import file, on_disk, portrait
from tests.distribution import Distribution
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
PAGE = "/annuaire/ma-fiche/visibilite/"


def test_hiding_and_coming_back(distribution: Distribution) -> None:
    agent, client = distribution.agent_a, open_session(distribution.agent_a)
    reader = open_session(distribution.secretaire_b)
    assert "Cacher ma fiche" in client.get(PAGE).content.decode()
    client.post(PAGE, {"cacher": ""})
    assert reader.get(agent.get_absolute_url()).status_code == 404
    assert client.get(agent.get_absolute_url()).status_code == 200
    assert not SearchEntry.objects.filter(kind="agent", objet=agent.pk).exists()
    assert "Alain" not in reader.get(distribution.a.get_absolute_url()).content.decode()
    page = client.get(PAGE).content.decode()
    assert "Montrer ma fiche" in page
    client.post(PAGE, {"montrer": ""})
    assert reader.get(agent.get_absolute_url()).status_code == 200
    assert SearchEntry.objects.filter(kind="agent", objet=agent.pk).exists()


def test_a_hidden_card_is_still_kept_true(distribution: Distribution) -> None:
    Agent.objects.filter(pk=distribution.agent_a.pk).update(oppose_le=timezone.now())
    url = f"/annuaire/agents/{distribution.agent_a.slug}/modifier/"
    page = open_session(distribution.gestionnaire_a).get(url)
    assert "cachée à la demande de la personne" in page.content.decode()
    assert open_session(distribution.secretaire_a).get(url).status_code == 404


def test_mandate_holders_are_told_what_stays(distribution: Distribution) -> None:
    assert "Votre mandat est public" in open_session(distribution.elue_b).get(PAGE).content.decode()
    assert "demander un accès" in open_session(distribution.gestionnaire_a).get(PAGE).content.decode()
    page = open_session(distribution.agent_a).get(PAGE).content.decode()
    assert "mandat" not in page
    assert "demander un accès" not in page


def test_nothing_said_changes_nothing(distribution: Distribution) -> None:
    open_session(distribution.agent_a).post(PAGE, {"autre": "1"})
    distribution.agent_a.refresh_from_db()
    assert distribution.agent_a.oppose_le is None


def test_a_departure_hides_at_once_and_erases_after_the_delay(
    distribution: Distribution, settings: object, tmp_path: object, django_capture_on_commit_callbacks: object
) -> None:
    settings.MEDIA_ROOT = tmp_path
    agent, today = distribution.agent_a, timezone.localdate()
    depot.deposit(agent, file(portrait()), agent)
    Expertise.objects.create(agent=agent, libelle="Pelle mécanique")
    Absence.objects.create(agent=distribution.secretaire_a, date_debut=today, date_fin=today, remplacant=agent)
    address = Photo.objects.get(agent=agent).url
    reader, days = open_session(distribution.secretaire_b), Territoire.load().jours_effacement
    agent.postes.update(date_debut=today - timedelta(days=400))
    agent.postes.get().end(today - timedelta(days=1))
    assert reader.get(agent.get_absolute_url()).status_code == 404
    assert reader.get(address).status_code == 404
    assert erase_departed() == 0
    agent.postes.update(date_fin=today - timedelta(days=days), ferme_le=None)
    assert erase_departed() == 0
    agent.postes.update(date_fin=today - timedelta(days=days + 1))
    with django_capture_on_commit_callbacks(execute=True):
        # Those of the cast whose poste ended yesterday wait for their turn.
        assert erase_departed() == 1
    agent.refresh_from_db()
    assert (agent.nom_complet, agent.email) == ("Personne effacée", None)
    assert not on_disk()
    assert not Photo.objects.exists()
    assert not Expertise.objects.exists()
    assert Absence.objects.get().remplacant is None
    assert not SearchEntry.objects.filter(kind="agent", objet=agent.pk).exists()
    proof = Consentement.objects.get()
    assert proof.texte
    assert str(proof.agent) == "Personne effacée"
