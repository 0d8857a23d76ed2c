"""Lots of the tests: prepared as the veille does it, taken as a browser does it."""

import io
import zipfile

from django.test import Client

from collectivites.models import Agent
from ressources.emporter import lots
from ressources.models import Lot, RessourcePage, VersionFichier
from ressources.tasks import preparer_lot
from tests.ressources.factories import fetch

PAGE = "/ressources/emporter/"


def version_of(page: RessourcePage) -> VersionFichier:
    return VersionFichier.objects.select_related("fichier__page").get(fichier__page=page)


def make_lot(agent: Agent, *pages: RessourcePage) -> Lot:
    """Prepared, as the veille does it."""
    lot = lots.create(agent, "Documents choisis", [version_of(page) for page in pages])
    preparer_lot.func(str(lot.pk))
    lot.refresh_from_db()
    return lot


def opened(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as found:
        assert found.testzip() is None
        return {one.filename: found.read(one) for one in found.infolist()}


def taken(client: Client, lot: Lot) -> dict[str, bytes]:
    """The archive, whose length is the one that was promised."""
    response = fetch(client, f"{PAGE}{lot.pk}/archive.zip")
    assert response.status_code == 200
    assert int(response["Content-Length"]) == len(response.data)
    return opened(response.data)


def words(found: dict[str, bytes]) -> str:
    return found["contenu.txt"].decode("utf-8-sig")
