"""Photos of people for the tests and the measures: each one different, as heavy as a real portrait."""

import io
import random

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw, ImageFilter

from annuaire.enums import SensConsentement
from annuaire.models import Consentement, Photo
from collectivites.models import Agent

COTE = 236


def jpeg(number: int, side: int = COTE) -> bytes:
    """A head on a ground, with the grain of a photo; the same number gives the same bytes."""
    chance = random.Random(number)  # noqa: S311
    colour = tuple(chance.randrange(60, 200) for _ in range(3))
    image = Image.linear_gradient("L").resize((side, side)).rotate(chance.randrange(360))
    image = Image.merge("RGB", [image.point(lambda value, c=c: (value + c) // 2) for c in colour])
    draw = ImageDraw.Draw(image)
    skin = tuple(chance.randrange(120, 240) for _ in range(3))
    draw.ellipse((side * 0.3, side * 0.15, side * 0.7, side * 0.65), fill=skin)
    draw.ellipse((side * 0.1, side * 0.7, side * 0.9, side * 1.4), fill=tuple(reversed(colour)))
    grain = Image.frombytes("L", (side, side), chance.randbytes(side * side)).filter(ImageFilter.GaussianBlur(0.6))
    image = Image.blend(image, Image.merge("RGB", [grain] * 3), 0.08)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=82)
    return buffer.getvalue()


def give_photo(agent: Agent, number: int | None = None) -> Photo:
    """A photo with its consent; the three files hold the same picture."""
    consent = Consentement.objects.create(
        agent=agent, par=agent, sens=SensConsentement.ACCORD, version="essai", texte="J’accepte."
    )
    photo = Photo(agent=agent, consentement=consent, cle=f"p{agent.pk:031x}")
    content = jpeg(agent.pk if number is None else number)
    for field, name in (("fichier", "a.webp"), ("vignette", "b.webp"), ("imprimable", "c.jpg")):
        getattr(photo, field).save(name, ContentFile(content), save=False)
    photo.save()
    return photo
