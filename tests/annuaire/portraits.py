"""Portraits as people send them, and what is on the disk."""

import io
import re
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageDraw

from annuaire.models import Photo
from collectivites.models import Agent
from tests.lib.envois import exif


def portrait(size: tuple[int, int] = (900, 1200), kind: str = "JPEG", **options: object) -> bytes:
    """A face-like disc in the upper third of a tall picture."""
    image = Image.new("RGB", size, (70, 90, 120))
    width, height = size
    ImageDraw.Draw(image).ellipse((width * 0.3, height * 0.1, width * 0.7, height * 0.45), fill=(230, 190, 160))
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def with_gps() -> bytes:
    return portrait(exif=exif(1))


def file(content: bytes, nom: str = "moi.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(nom, content, content_type="image/jpeg")


def on_disk() -> set[str]:
    folder = Path(settings.MEDIA_ROOT) / "portraits"
    return {one.name for one in folder.iterdir()} if folder.exists() else set()


def key_of(client: Client, url: str) -> str:
    return re.search(r'name="cle_unique" value="([^"]+)"', client.get(url).content.decode())[1]


def send(client: Client, agent: Agent, content: bytes, *, accord: bool = True, nom: str = "moi.jpg") -> object:
    """As the form does it: the key is read in the page."""
    url = f"/annuaire/agents/{agent.slug}/photo/"
    data = {"cle_unique": key_of(client, url), "photo": file(content, nom)}
    return client.post(url, data | ({"accord": "on"} if accord else {}))


def addresses(agent: Agent) -> list[str]:
    photo = Photo.objects.get(agent=agent)
    return [photo.url, photo.url_vignette]
