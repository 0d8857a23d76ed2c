"""Exports of the lists: a workbook that opens well and whose cells never act."""

import io
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from collectivites.models import Agent, Collectivite, EntreeJournal
from collectivites.viewsets import menus
from collectivites.viewsets.base import ListeViewSet
from collectivites.viewsets.comptes import CompteViewSet
from collectivites.viewsets.registre import JournalViewSet
from tests.collectivites.factories import AdhesionFactory
from tests.distribution import Distribution
from tests.sessions import open_session

pytestmark = pytest.mark.django_db

LISTES = [*menus.AnnuaireGroup.items, *menus.ListesGroup.items, JournalViewSet]


def export(agent: Agent, url: str, **filtre: str) -> list[tuple]:
    response = open_session(agent).get(url, {"export": "xlsx", **filtre})
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/vnd.openxmlformats")
    book = load_workbook(io.BytesIO(response.content))
    return list(book.active.iter_rows(values_only=True))


@pytest.mark.parametrize("viewset", LISTES, ids=lambda viewset: viewset.name)
def test_every_list_is_exported(distribution: Distribution, viewset: type[ListeViewSet]) -> None:
    AdhesionFactory(agent=distribution.agent_a)
    url = reverse(viewset().get_url_name("index"))
    count = viewset.model.objects.count()
    rows = export(distribution.administrateur, url)
    assert list(rows[0]) == list(viewset.export)
    assert len(rows) - 1 == count


def test_people_are_exported(distribution: Distribution) -> None:
    rows = export(distribution.responsable, reverse("wagtailusers_users:index"), q="elise")
    assert rows == [
        tuple(CompteViewSet.export),
        ("Elise", "Bourg", "elise-bourg@essai.example", "peut se connecter", None),
    ]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t="])
def test_a_formula_is_neutralised(distribution: Distribution, sign: str) -> None:
    Agent.objects.filter(pk=distribution.agent_a.pk).update(nom=f"{sign}HYPERLINK(1)")
    Collectivite.objects.filter(pk=distribution.a.pk).update(adresse=f"{sign}1+1")
    url = reverse("wagtailusers_users:index")
    response = open_session(distribution.responsable).get(url, {"export": "xlsx"})
    for row in load_workbook(io.BytesIO(response.content)).active.iter_rows():
        for cell in row:
            assert cell.data_type != "f"
            assert not str(cell.value or "").startswith(("=", "+", "-", "@", "\t"))
    rows = export(distribution.responsable, reverse("admin_collectivites:index"))
    assert f"'{sign.strip()}1+1" in rows[1] + rows[2] + rows[3]


def test_what_is_filtered_is_what_leaves(distribution: Distribution) -> None:
    rows = export(distribution.responsable, reverse("admin_postes:index"), collectivite=str(distribution.b.pk))
    assert {row[1] for row in rows[1:]} == {"Bourg", "Deux"}


def test_an_export_is_in_the_journal(distribution: Distribution) -> None:
    """The one write that a GET is allowed, here and nowhere else: who took the list away, for whom, how many rows."""
    url, agent = reverse("wagtailusers_users:index"), distribution.responsable
    client = open_session(agent)
    client.get(url)
    assert writes(client, url) == []
    assert writes(client, f"{url}?q=bourg&export=xlsx") == [EntreeJournal._meta.db_table]
    entry = EntreeJournal.objects.get()
    assert (entry.acte, entry.agent, entry.collectivite) == ("agent.exporte", agent, distribution.epci)
    assert (entry.objet, entry.objet_id, entry.libelle) == ("collectivites.agent", "", "Agents")
    assert entry.donnees == {"lignes": 2}


def writes(client: Client, url: str) -> list[str]:
    """Tables that a GET writes to."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    statements = [q["sql"] for q in queries if q["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}]
    return [re.search(r'"(\w+)"', sql)[1] for sql in statements]


def test_nobody_exports_as_csv(distribution: Distribution) -> None:
    response = open_session(distribution.administrateur).get(reverse("admin_postes:index"), {"export": "csv"})
    assert response["Content-Type"].startswith("text/html")


def test_a_stranger_exports_nothing(distribution: Distribution) -> None:
    for agent in (distribution.gestionnaire_a, distribution.sans_poste):
        response = open_session(agent).get(reverse("admin_postes:index"), {"export": "xlsx"})
        assert response.status_code == 403
    assert not EntreeJournal.objects.exists()
