"""Sheets out of the catalogue: by the responsables, once nothing is under way; and back."""

import pytest
from django.utils import timezone

from collectivites.cles import CHAMP
from formations.enums import StatutSession
from formations.models import FormationPage, SessionFormation
from formations.places import annulation
from tests.distribution import Distribution
from tests.formations.factories import make_formation, make_session
from tests.ressources.formulaires import key_for
from tests.sessions import open_session

pytestmark = pytest.mark.django_db


def test_archived_it_leaves_the_catalogue_and_comes_back(distribution: Distribution) -> None:
    page, boss = make_formation("Habilitation électrique"), distribution.responsable
    client, reader = open_session(boss), open_session(distribution.agent_a)
    address = f"{page.adresse}archiver/"
    assert address in client.get(page.adresse).text
    assert address not in reader.get(page.adresse).text
    client.post(address, {CHAMP: key_for(boss), "action": "archiver"})
    assert FormationPage.objects.get(pk=page.pk).archivee_le is not None
    assert reader.get(page.adresse).status_code == 404
    assert page.title not in reader.get("/formations/?vue=toutes").text
    assert "Cette formation est archivée." in client.get(page.adresse).text
    client.post(address, {CHAMP: key_for(boss), "action": "sortir"})
    assert FormationPage.objects.get(pk=page.pk).archivee_le is None
    assert reader.get(page.adresse).status_code == 200


@pytest.mark.parametrize("state", ["prepared", "open", "held"])
def test_not_while_a_session_is_under_way(distribution: Distribution, state: str) -> None:
    boss = distribution.responsable
    session = make_session(ouverte=state != "prepared")
    if state == "held":
        yesterday = timezone.localdate() - timezone.timedelta(days=1)
        SessionFormation.objects.filter(pk=session.pk).update(date_debut=yesterday, date_fin=yesterday)
    client, address = open_session(boss), f"{session.formation.adresse}archiver/"
    answer = client.post(address, {CHAMP: key_for(boss), "action": "archiver"})
    assert answer.status_code == 422
    assert f"La session {session.numero} est encore en cours" in answer.text
    assert FormationPage.objects.get().archivee_le is None
    if state == "held":
        SessionFormation.objects.filter(pk=session.pk).update(statut=StatutSession.CLOSE)
    else:
        annulation.annuler(session.pk, boss, "Plus de formateur")
    assert client.post(address, {CHAMP: key_for(boss), "action": "archiver"}).status_code == 302
    assert FormationPage.objects.get().archivee_le is not None


def test_a_reader_is_told_whose_page_it_is(distribution: Distribution) -> None:
    page = make_formation()
    client = open_session(distribution.gestionnaire_a)
    answer = client.post(f"{page.adresse}archiver/", {CHAMP: key_for(distribution.gestionnaire_a)})
    assert answer.status_code == 403
    assert FormationPage.objects.get().archivee_le is None


def test_responsables_make_a_session_from_the_sheet(distribution: Distribution) -> None:
    page, client = make_formation(), open_session(distribution.responsable)
    address = f"/formations/organiser/nouvelle/?formation={page.pk}"
    shown = client.get(page.adresse).text
    assert (address in shown, "/formations/organiser/" in shown) == (True, True)
    assert f'value="{page.pk}" selected' in client.get(address).text
    catalogue = client.get("/formations/").text
    assert "/formations/organiser/nouvelle/" in catalogue
    assert "/formations/organiser/" not in open_session(distribution.gestionnaire_a).get("/formations/").text


@pytest.mark.parametrize("route", ["/admin/pages/{}/unpublish/", "/admin/bulk/wagtailcore/page/unpublish/?id={}"])
def test_nor_unpublished_meanwhile(distribution: Distribution, route: str) -> None:
    session = make_session()
    page, client = session.formation, open_session(distribution.administrateur)
    answer = client.post(route.format(page.pk), follow=True)
    assert f"La session {session.numero} est encore en cours" in answer.text
    assert FormationPage.objects.get(pk=page.pk).live
    annulation.annuler(session.pk, distribution.responsable, "Plus de formateur")
    client.post(route.format(page.pk))
    assert not FormationPage.objects.get(pk=page.pk).live
