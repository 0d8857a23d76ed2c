"""Addresses of the admin made by hand: numbers that no database holds, signs that only look like numbers."""

import re

import pytest
from django.test import Client

from tests.acces.monde import Monde, adresses, make_monde, url_of
from tests.acces.test_admin import PORTES
from tests.distribution import Distribution
from tests.sessions import open_session

pytestmark = [pytest.mark.django_db, pytest.mark.lent]

ENORME = "9" * 30
# Names that views, filters, choosers and the interface read in the query.
MOTS = [
    *("id", "agent", "collectivite", "fonction", "type", "theme", "reseau", "user", "owner", "p", "page", "childOf"),
    *("offset", "limit", "parent_page_id", "collection_id", "child_of", "descendant_of", "ancestor_of", "page_type"),
    *("translation_of", "task", "workflow", "requested_by", "locked_by", "last_published_by", "content_type", "object"),
    *("created_at_from", "created_at_to", "timestamp_from", "last_published_at_from", "started_at_from", "ordering"),
    *("status", "jours", "annee", "tag", "select_multiple", "per_page", "page_ids", "uploaded_image", "order"),
]
HOSTILES = ["²", "\x00"]


@pytest.fixture
def monde(distribution: Distribution) -> Monde:
    return make_monde(distribution)


@pytest.fixture
def client(distribution: Distribution) -> Client:
    client = open_session(distribution.administrateur)
    client.raise_request_exception = False
    return client


def test_a_number_that_no_database_holds_is_not_found(client: Client) -> None:
    broken = []
    for adresse in adresses():
        route = adresse.route.replace("^", "").replace("$", "").replace("(?:documents|images)", "documents")
        if PORTES.match(adresse.nom) or "(?P<" in route or "<" not in route:
            continue
        url = "/" + re.sub(r"<\w+:\w+>", ENORME, route)
        if (status := client.get(url).status_code) != 404:
            broken.append((url, status))
    for address in ("bulk/wagtailcore/page/publish/?id=", "choisir-agent/chosen-multiple/?id=", "journal/?agent="):
        if (status := client.get(f"/admin/{address}{ENORME}").status_code) != 404:
            broken.append((address, status))
    assert broken == [], "\n".join(map(str, broken))


@pytest.mark.parametrize("valeur", HOSTILES)
def test_hostile_values_break_nothing(client: Client, monde: Monde, valeur: str) -> None:
    broken = []
    for adresse in adresses():
        url = url_of(adresse, monde)
        # Wagtail writes these four addresses with what it was given: broken for who forged it, for nobody else.
        if url is None or PORTES.match(adresse.nom) or adresse.nom.endswith("_link"):
            continue
        asked = dict.fromkeys(MOTS, valeur)
        response = client.get(url, asked)
        if response.status_code < 500:
            continue
        broken.append((url, [mot for mot in MOTS if client.get(url, {mot: valeur}).status_code >= 500]))
    for address in ("bulk/wagtailcore/page/publish/", "choisir-agent/chosen-multiple/", "postes/new/"):
        for mot in ("id", "agent"):
            if client.get(f"/admin/{address}", {mot: valeur}).status_code >= 500:
                broken.append((address, [mot]))
    assert broken == [], "\n".join(map(str, broken))


def test_a_long_number_may_be_searched(client: Client) -> None:
    assert client.get("/admin/agents/", {"q": ENORME}).status_code == 200
