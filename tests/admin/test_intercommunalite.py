"""The intercommunalité of the installation is its keystone: without it nobody has any area, nor a second factor due."""

import pytest
from django.urls import reverse

from collectivites.models import Collectivite
from tests.admin.formulaires import errors, filled, send
from tests.distribution import Distribution
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ["responsable", "administrateur"])
@pytest.mark.parametrize("change", [{"type": "syndicat"}, {"date_sortie": "2026-01-05"}, {"date_sortie": "2096-01-05"}])
def test_it_neither_changes_its_kind_nor_leaves(distribution: Distribution, role: str, change: dict) -> None:
    client = open_session(getattr(distribution, role))
    url = reverse("admin_collectivites:edit", args=[distribution.epci.pk])
    client.post(url, {**filled(client, url), **change})
    epci = Collectivite.objects.get(pk=distribution.epci.pk)
    assert (epci.type, epci.date_sortie) == ("epci", None)
    assert open_session(distribution.responsable).get("/admin/").status_code == 200


def test_its_leaving_is_refused_in_words(distribution: Distribution) -> None:
    client = open_session(distribution.responsable)
    url = reverse("admin_collectivites:edit", args=[distribution.epci.pk])
    assert "ne sort pas du territoire" in errors(send(client, url, date_sortie="2026-01-05"))


def test_the_rest_of_it_is_edited(distribution: Distribution) -> None:
    client = open_session(distribution.responsable)
    url = reverse("admin_collectivites:edit", args=[distribution.epci.pk])
    assert errors(send(client, url, telephone="03 84 00 00 00")) == ""
    assert Collectivite.objects.get(pk=distribution.epci.pk).telephone == "03 84 00 00 00"
