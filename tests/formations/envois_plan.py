"""Forms of the plan as a browser sends them."""

import re

from django.http import HttpResponse
from django.test import Client


def send(client: Client, url: str, fields: dict, page: HttpResponse) -> HttpResponse:
    """A POST with a key of the page that was shown; the next one of the same page is a replay."""
    keys = re.findall(r'name="cle_unique" value="([^"]+)"', page.content.decode())
    return client.post(url, {"cle_unique": keys[0] if keys else "", **fields})
