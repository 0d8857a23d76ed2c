"""Forms of the library as a browser sends them, key included."""

import re

from django.http import HttpResponse
from django.test import Client


def send(client: Client, shown: str, url: str, **fields: object) -> HttpResponse:
    """Posts to `url` a form of the page `shown`."""
    html = client.get(shown).content.decode()
    key = re.search(r'name="cle_unique" value="([^"]+)"', html)
    return client.post(url, {"cle_unique": key[1], **fields})
