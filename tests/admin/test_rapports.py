"""Reports of Wagtail: read on the screen, never taken away, since their cells are not neutralised nor noted."""

import pytest
from django.test import Client
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from collectivites.models import EntreeJournal
from tests.admin.test_relecture import propose
from tests.distribution import Distribution
from tests.sessions import open_session

pytestmark = pytest.mark.django_db

RAPPORTS = ["workflow", "workflow_tasks", "site-history", "aging-pages", "locked", "page-types-usage"]


@pytest.fixture
def client(distribution: Distribution) -> Client:
    client = open_session(distribution.administrateur)
    propose(client, distribution)
    return client


@pytest.mark.parametrize("rapport", RAPPORTS)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_report_is_not_taken_away(client: Client, rapport: str, kind: str) -> None:
    address = f"/admin/reports/{rapport}/"
    shown = client.get(address)
    assert shown.status_code == 200
    assert "export=" not in shown.content.decode()
    for end in ("", "results/"):
        asked = client.get(address + end, {"export": kind})
        assert asked.headers["Content-Type"].startswith("text/html")
        assert "Content-Disposition" not in asked.headers
    assert not EntreeJournal.objects.filter(acte__endswith=".exporte").exists()


def test_wagtail_exports_nothing_by_itself() -> None:
    """The lists say their own formats, `ListeView`."""
    assert SpreadsheetExportMixin.FORMATS == ()
