"""The page where two collectivités are joined: figures first, then the act, then back."""

import pytest
from django.test import Client
from django.urls import reverse

from annuaire.models import Fusion
from annuaire.tenir import lieux
from collectivites.fusion import FusionRefusee
from tests.annuaire.invites import key_of
from tests.collectivites.factories import CollectiviteFactory
from tests.distribution import Distribution
from tests.sessions import open_session

pytestmark = pytest.mark.django_db
URL = reverse("annuaire:place_merge")


def words(response) -> str:
    return response.content.decode().replace("\u00a0", " ")


@pytest.fixture
def client(distribution: Distribution) -> Client:
    return open_session(distribution.responsable)


def test_counted_joined_followed_parted(client: Client, distribution: Distribution):
    a, b = distribution.a, distribution.b
    asked = f"{URL}?garde={a.pk}&retiree={b.pk}"
    assert "Ce qui passe à Aval" in words(client.get(asked))
    fields = {"garde": a.pk, "retiree": b.pk, "cle_unique": key_of(client, asked)}
    response = client.post(URL, fields, follow=True)
    assert "Aval reprend ce qui était à Bourg." in words(response)
    old = open_session(distribution.agent_a).get("/annuaire/collectivites/bourg/")
    assert (old.status_code, old["Location"]) == (302, "/annuaire/collectivites/aval/")
    undo = reverse("annuaire:place_undo", args=[Fusion.objects.get().pk])
    assert "sont séparées" in words(client.post(undo, {"cle_unique": key_of(client, URL)}, follow=True))
    b.refresh_from_db()
    assert b.date_sortie is None
    assert distribution.elue_b.postes.get().signataire
    assert open_session(distribution.agent_a).get("/annuaire/collectivites/bourg/").status_code == 200


def test_refused_with_its_sentence(client: Client, distribution: Distribution):
    shown = words(client.get(f"{URL}?garde={distribution.a.pk}&retiree={distribution.epci.pk}"))
    assert "ne se réunit à personne" in shown
    assert "Choisissez une collectivité de la liste." in words(client.get(f"{URL}?garde=999999&retiree=abc"))


def test_a_chain_is_undone_from_its_end(distribution: Distribution):
    par, third = distribution.administrateur, CollectiviteFactory()
    first = lieux.join(distribution.a, distribution.b, par)
    second = lieux.join(third, distribution.a, par)
    assert lieux.kept_of(distribution.b) == third
    with pytest.raises(FusionRefusee, match="défaites d’abord"):
        lieux.part(first, par)
    lieux.part(second, par)
    lieux.part(first, par)
    with pytest.raises(FusionRefusee, match="ne se défait plus"):
        lieux.part(first, par)


@pytest.mark.parametrize("role", ["gestionnaire_a", "elue_b", "sans_poste"])
def test_only_those_who_answer_for_the_directory(distribution: Distribution, role: str):
    client = open_session(getattr(distribution, role))
    assert client.get(URL).status_code == 403
    client.post(URL, {"garde": distribution.a.pk, "retiree": distribution.b.pk})
    assert not Fusion.objects.exists()
