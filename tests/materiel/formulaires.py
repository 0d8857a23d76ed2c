"""Forms of the loans as a browser sends them, and what their pages say."""

import re

from django.http import HttpResponse
from django.test import Client

from tests.materiel.prets import days, plain


def text(response: HttpResponse) -> str:
    return plain(re.sub(r"\s+", " ", response.content.decode()))


def send(client: Client, shown: str, url: str, **fields: object) -> HttpResponse:
    key = re.search(r'name="cle_unique" value="([^"]+)"', client.get(shown).content.decode())
    return client.post(url, {"cle_unique": key[1], **fields})


def dated(first: int = 0, last: int | None = 1, **fields: object) -> dict[str, object]:
    period = days(first, last)
    return {
        "date_debut": period["debut"].date.isoformat(),
        "moment_debut": "matin",
        "date_fin": period["fin"].date.isoformat(),
        "moment_fin": "apres_midi",
        **fields,
    }
