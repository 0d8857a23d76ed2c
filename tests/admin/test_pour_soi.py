"""Nobody gives rights to themselves: neither by a network, nor by a habilitation, nor by the list of the fonctions."""

from datetime import date

import pytest
from django.urls import reverse

from collectivites.enums import FamilleFonction
from collectivites.models import Adhesion, Agent, Fonction, Habilitation, TypeHabilitation
from tests.admin.formulaires import errors, filled, send
from tests.collectivites.factories import AdhesionFactory, AgentFactory, FonctionFactory, PosteFactory, ReseauFactory
from tests.distribution import Distribution
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
REFUSED = "vous-même"


def habilitation(agent: Agent) -> Habilitation:
    kind = TypeHabilitation.objects.first()
    return Habilitation.objects.create(agent=agent, type=kind, obtenue_le=date(2026, 1, 5))


def test_a_responsable_enters_no_network_alone(distribution: Distribution) -> None:
    reseau, client = ReseauFactory(), open_session(distribution.responsable)
    given = {"reseau": reseau.pk, "date_debut": "2026-01-05"}
    url = reverse("admin_adhesions:add")
    assert REFUSED in errors(send(client, url, agent=distribution.responsable.pk, **given))
    assert not Adhesion.objects.exists()
    assert errors(send(client, url, agent=distribution.agent_a.pk, **given)) == ""


def test_a_responsable_gives_themselves_no_habilitation(distribution: Distribution) -> None:
    client, url = open_session(distribution.responsable), reverse("admin_habilitations:add")
    given = {"type": TypeHabilitation.objects.first().pk, "obtenue_le": "2026-01-05"}
    assert REFUSED in errors(send(client, url, agent=distribution.responsable.pk, **given))
    assert not Habilitation.objects.exists()
    assert errors(send(client, url, agent=distribution.agent_a.pk, **given)) == ""


@pytest.mark.parametrize("liste", ["adhesions", "habilitations"])
@pytest.mark.parametrize("own", [True, False])
def test_what_is_ones_own_is_not_changed_nor_what_is_anothers_taken(
    distribution: Distribution, liste: str, own: bool
) -> None:
    me = distribution.responsable
    holder = me if own else distribution.agent_a
    row = AdhesionFactory(agent=holder) if liste == "adhesions" else habilitation(holder)
    client, url = open_session(me), reverse(f"admin_{liste}:edit", args=[row.pk])
    other = distribution.agent_a if own else me
    client.post(url, {**filled(client, url), "agent": other.pk})
    row.refresh_from_db()
    assert row.agent == holder
    if own:
        assert REFUSED in errors(send(client, url))
        client.post(reverse(f"admin_{liste}:delete", args=[row.pk]))
        assert type(row).objects.filter(pk=row.pk).exists()


def test_a_superuser_may(distribution: Distribution) -> None:
    client, url = open_session(distribution.administrateur), reverse("admin_adhesions:add")
    given = {"reseau": ReseauFactory().pk, "date_debut": "2026-01-05", "agent": distribution.administrateur.pk}
    assert errors(send(client, url, **given)) == ""


@pytest.mark.parametrize("role", ["responsable", "administrateur"])
def test_a_fonction_that_serves_keeps_its_family(distribution: Distribution, role: str) -> None:
    """With it, all those who have it would read what is for élus alone."""
    actor = getattr(distribution, role)
    fonction = actor.postes.get().fonction
    client, url = open_session(actor), reverse("admin_fonctions:edit", args=[fonction.pk])
    client.post(url, {**filled(client, url), "famille": FamilleFonction.ELUS, "libelle": "Secrétaire de mairie"})
    fonction.refresh_from_db()
    assert (fonction.famille, fonction.libelle) == (FamilleFonction.ADMINISTRATIF, "Secrétaire de mairie")
    assert "créez-en une autre" in client.get(url).content.decode()


def test_a_fonction_that_serves_nobody_is_set_right(distribution: Distribution) -> None:
    fonction = FonctionFactory(code="essai-adjoint")
    client, url = open_session(distribution.responsable), reverse("admin_fonctions:edit", args=[fonction.pk])
    assert errors(send(client, url, famille=FamilleFonction.ELUS)) == ""
    fonction.refresh_from_db()
    assert fonction.famille == FamilleFonction.ELUS


def test_a_poste_that_has_ended_counts(distribution: Distribution) -> None:
    """It may begin again."""
    fonction = FonctionFactory(code="essai-ancienne")
    PosteFactory(agent=AgentFactory(), fonction=fonction, date_fin=date(2021, 1, 1))
    client, url = open_session(distribution.responsable), reverse("admin_fonctions:edit", args=[fonction.pk])
    send(client, url, famille=FamilleFonction.ELUS)
    assert Fonction.objects.get(pk=fonction.pk).famille == FamilleFonction.ADMINISTRATIF
