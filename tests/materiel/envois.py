"""What a phone sends: photos, and the answers of the five questions."""

import io

import pillow_heif
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from collectivites.cles import CHAMP
from collectivites.models import Agent
from tests.ressources.formulaires import key_for
from tests.sessions import open_session

MINI_PELLE = {"nom": "Mini-pelle 2,5 t", "stock": "1", "lieu": "autre", "lieu_autre": "Atelier, 12 rue des Prés"}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def jpeg(size: tuple[int, int] = (640, 480), color: str = "orange") -> bytes:
    """With the place where it was taken in its EXIF."""
    buffer, exif = io.BytesIO(), Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x010F] = "Appareil"
    Image.new("RGB", size, color).save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


def heic() -> bytes:
    buffer = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (320, 240), "orange")).save(buffer, quality=50)
    return buffer.getvalue()


def photo(name: str = "IMG_0412.jpg", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg() if content is None else content, content_type="image/jpeg")


def post(agent: Agent, path: str, client: Client | None = None, **answers: object):
    return (client or open_session(agent)).post(path, {CHAMP: key_for(agent), **answers})


def answers(form, **changed: object) -> dict[str, object]:
    """What a browser sends of a form as it was shown: its values, with what the person changed."""
    sent: dict[str, object] = {}
    for bound in form:
        value = bound.value()
        if value in (None, "", []) or value is False or bound.name == "photo":
            continue
        sent[bound.html_name] = value
    return sent | changed
