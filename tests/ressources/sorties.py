"""What the admin gives out of the resources: its choosers, and the workbooks of its lists."""

import io
import zipfile
from collections.abc import Callable

from django.test import Client

from ressources.models import RessourcesPage
from tests.ressources.factories import fetch

Way = Callable[[Client, object], str]
MOT = "zibeline"  # in every title, text and file name that must not be seen


def workbook(address: str) -> Way:
    """The XLSX that the admin gives of a list: on the site, the list of the documents has none."""

    def got(client: Client, hidden: object) -> str:
        response = fetch(client, address)
        if "spreadsheet" not in response.get("Content-Type", ""):
            return response.data.decode()
        with zipfile.ZipFile(io.BytesIO(response.data)) as packed:
            return "".join(packed.read(name).decode() for name in packed.namelist() if name.endswith(".xml"))

    return got


def chooser(query: str) -> Way:
    def got(client: Client, hidden: object) -> str:
        return client.get(f"/admin/choose-page/{query.format(boite=RessourcesPage.objects.get().pk)}").content.decode()

    return got


ADMIN: dict[str, Way] = {
    "choix d’une page": chooser("{boite}/"),
    "choix d’une fiche": chooser("{boite}/?page_type=ressources.ressourcepage"),
    "choix par mot": chooser(f"search/?q={MOT}"),
    "XLSX des versions": workbook("/admin/versions/?export=xlsx"),
    "XLSX des demandes": workbook("/admin/demandes-document/?export=xlsx"),
}
