"""Where the things are: the communes of the territory from their coordinates, with no map from elsewhere."""

from dataclasses import dataclass

from collectivites.models import Collectivite
from extranet.lib.noms import place_sort_key
from extranet.lib.projection import Point, project

WIDTH, MARGIN, HEIGHTS = 720, 48, (320, 620)
# The size of a dot grows with the square root of the number, so that its surface tells it.
LEAST, MOST, PER_THING = 7.0, 20.0, 3.0
LETTER, LINE = 7.6, 15


@dataclass(frozen=True)
class Lieu:
    """A commune on the drawing, and what it lends; `nom_en` is where its name is written, None without room for it."""

    collectivite: Collectivite
    point: Point
    nombre: int
    libres: int | None
    km: str
    url: str
    rayon: float
    nom_en: Point | None = None


@dataclass(frozen=True)
class Plan:
    largeur: int
    hauteur: int
    lieux: list[Lieu]
    autres: list[Point]
    vous: Point | None


def draw(
    places: list[Collectivite], own: Collectivite | None, told: dict[int, tuple[int, int | None, str, str]]
) -> Plan | None:
    """`told` gives, by collectivité that lends something: how many, how many free, its distance, its address.

    None when no position is known.
    """
    placed = [one for one in places if one.latitude is not None]
    if not placed:
        return None
    at, height = project([(p.latitude, p.longitude) for p in placed], width=WIDTH, margin=MARGIN, heights=HEIGHTS)
    points = {one.pk: at(one.latitude, one.longitude) for one in placed}
    lending = sorted((one for one in placed if one.pk in told), key=lambda one: (-told[one.pk][0], one.nom))
    shown: list[Lieu] = []
    boxes = [
        (points[one.pk].x - 9, points[one.pk].y - 9, points[one.pk].x + 9, points[one.pk].y + 9) for one in lending
    ]
    for one in lending:
        nombre, libres, km, url = told[one.pk]
        radius = round(min(MOST, max(LEAST, PER_THING * nombre**0.5 + 3)), 1)
        label = _room(points[one.pk], radius, one.nom, boxes, height)
        shown.append(Lieu(one, points[one.pk], nombre, libres, km, url, radius, label))
    return Plan(
        largeur=WIDTH,
        hauteur=height,
        lieux=sorted(shown, key=lambda lieu: place_sort_key(lieu.collectivite.nom)),
        autres=[points[one.pk] for one in placed if one.pk not in told],
        vous=points.get(own.pk) if own else None,
    )


def _room(at: Point, radius: float, nom: str, boxes: list, height: int) -> Point | None:
    """Under its dot, else above it, without covering what is already written; the list beside names them all."""
    half = len(nom) * LETTER / 2
    x = min(max(at.x, half + 4), WIDTH - half - 4)
    for y in (at.y + radius + LINE, at.y - radius - 6):
        box = (x - half, y - LINE + 3, x + half, y + 3)
        if not 12 < y < height - 4 or any(_touch(box, other) for other in boxes if not _holds(other, at)):
            continue
        boxes.append(box)
        return Point(round(x, 1), round(y, 1))
    return None


def _touch(a: tuple, b: tuple) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _holds(box: tuple, at: Point) -> bool:
    return box[0] <= at.x <= box[2] and box[1] <= at.y <= box[3]
