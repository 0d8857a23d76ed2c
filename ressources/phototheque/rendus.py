"""A photo at the sizes of the screen and of the web: drawn once, kept by content beside the previews of documents.

`apercus.sweep` removes them with the content that they come from.
"""

import logging
import os
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.files import File
from django.db.models.fields.files import FieldFile
from PIL import Image

from extranet.lib.stockage import stockage_prive
from ressources import apercus
from ressources.models import VersionFichier

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Taille:
    """The longest side, and how it is written: a word processor of a mairie does not read WebP, browsers do."""

    cote: int
    extension: str
    format: str
    options: dict[str, Any] = field(default_factory=dict)


VIGNETTE = Taille(480, "webp", "WEBP", {"quality": 78, "method": 4})
WEB = Taille(1600, "jpg", "JPEG", {"quality": 82, "optimize": True, "progressive": True})


def rendition(source: FieldFile, sha256: str, taille: Taille) -> FieldFile:
    """The picture at that size; as it was kept when it cannot be drawn.

    Raises FileNotFoundError when the storage has lost it.
    """
    storage = stockage_prive()
    name = f"{apercus.DOSSIER}/{sha256[:2]}/{sha256}/photo-{taille.cote}.{taille.extension}"
    if not storage.exists(name):
        try:
            _draw(source, Path(storage.path(name)), taille)
        except FileNotFoundError:
            raise
        except (OSError, SyntaxError, ValueError):
            logger.exception("La photo %s ne se dessine pas.", source.name)
            return source
    return VersionFichier(file=name).file


def _draw(source: File, target: Path, taille: Taille) -> None:
    """Whole or not at all: two visitors may ask for it at once, and a disk may be full."""
    with source.open("rb") as content, Image.open(content) as image:
        image.draft("RGB", (taille.cote, taille.cote))
        image.thumbnail((taille.cote, taille.cote), Image.Resampling.LANCZOS)
        drawn = _on_white(image)
    target.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=target.parent, suffix=".tmp", delete=False) as draft:
        try:
            drawn.save(draft, taille.format, **taille.options)
            draft.close()
            os.replace(draft.name, target)
        except BaseException:
            Path(draft.name).unlink(missing_ok=True)
            raise


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    seen = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen).convert("RGB")


def size_of(source: File) -> tuple[int, int] | None:
    """Its width and height, from the head of its file."""
    try:
        with source.open("rb") as content, Image.open(content) as image:
            return image.size
    except (OSError, SyntaxError, ValueError):
        return None


def reduced(size: tuple[int, int], cote: int) -> tuple[int, int]:
    """The same shape, its longest side `cote` at most."""
    longest = max(*size, cote)
    return max(1, round(size[0] * cote / longest)), max(1, round(size[1] * cote / longest))
