"""Pictures of the sheets, read for a whole list at once: their blocks would ask for them one by one."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wagtail.images import get_image_model
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import SourceImageIOError

if TYPE_CHECKING:
    from wagtail.images.models import AbstractImage, AbstractRendition

    from materiel.models import MaterielPage

logger = logging.getLogger(__name__)

VIGNETTE, GRANDE, PETITE = "fill-480x300", "max-1200x900", "fill-240x150"


@dataclass(frozen=True)
class Photo:
    """`grande` is None when its file cannot be read: the drawing stands in its place."""

    grande: "AbstractRendition"
    petite: "AbstractRendition"
    alt: str
    legende: str


def first_photos(pages: Iterable["MaterielPage"]) -> dict[int, "AbstractRendition"]:
    """The small picture of each sheet that has one, by page; one query, and two more for those never shown before."""
    firsts = {page.pk: keys[0] for page in pages if (keys := _keys(page))}
    made = _made(firsts.values())
    images = _images([key for key in firsts.values() if key not in made], VIGNETTE)
    found = {pk: made.get(key) or _rendition(images.get(key), VIGNETTE) for pk, key in firsts.items()}
    return {pk: picture for pk, picture in found.items() if picture is not None}


def photos_of(page: "MaterielPage") -> list[Photo]:
    """All those of a sheet, large and small, in its order; two queries."""
    rows = [row for row in _rows(page) if row["value"].get("image")]
    images = _images([row["value"]["image"] for row in rows], GRANDE, PETITE)
    found = []
    for row in rows:
        image = images.get(row["value"]["image"])
        large, small = _rendition(image, GRANDE), _rendition(image, PETITE)
        if large is None or small is None:
            continue
        found.append(Photo(large, small, image.default_alt_text, row["value"].get("legende") or ""))
    return found


def _made(keys: Iterable[int]) -> dict[int, "AbstractRendition"]:
    """The pictures already reduced, by image; the last one when its focal point has moved."""
    if not (keys := set(keys)):
        return {}
    model = get_image_model().get_rendition_model()
    return {one.image_id: one for one in model.objects.filter(image__in=keys, filter_spec=VIGNETTE).order_by("pk")}


def _rows(page: "MaterielPage") -> list[dict]:
    return [row for row in page.photos.raw_data if row["type"] == "photo"]


def _keys(page: "MaterielPage") -> list[int]:
    return [row["value"]["image"] for row in _rows(page) if row["value"].get("image")]


def _images(keys: Iterable[int], *sizes: str) -> dict[int, "AbstractImage"]:
    keys = set(keys)
    if not keys:
        return {}
    return {one.pk: one for one in get_image_model().objects.filter(pk__in=keys).prefetch_renditions(*sizes)}


def _rendition(image: "AbstractImage | None", size: str) -> "AbstractRendition | None":
    if image is None:
        return None
    try:
        return image.get_rendition(size)
    except (SourceImageIOError, InvalidFilterSpecError, OSError):
        logger.exception("La photo %s n’a pas pu être réduite.", image.pk)
        return None
