"""Where the things are: the communes of the territory from their coordinates, with no map from elsewhere."""

from dataclasses import dataclass

from collectivites.models import Collectivite
from extranet.lib.noms import place_sort_key
from extranet.lib.projection import Point, project

WIDTH, MARGIN, HEIGHTS = 640, 44, (320, 860)
# The surface of a dot grows with the number that is written in it.
LEAST, MOST, PER_THING = 9.5, 20.0, 2.5
LETTER, LINE = 7.2, 14


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

    @property
    def chiffre_y(self) -> float:
        """The foot of the figure in the middle of the dot."""
        return round(self.point.y + 4.5, 1)


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
    lending = sorted((one for one in placed if one.pk in told), key=lambda one: _first(one, own, told))
    sizes = {one.pk: round(min(MOST, LEAST + PER_THING * (told[one.pk][0] - 1) ** 0.5), 1) for one in lending}
    boxes = [_around(points[pk], size) for pk, size in sizes.items()]
    shown = [
        Lieu(
            one,
            points[one.pk],
            *told[one.pk],
            sizes[one.pk],
            _room(points[one.pk], sizes[one.pk], one.nom, boxes, height),
        )
        for one in lending
    ]
    return Plan(
        largeur=WIDTH,
        hauteur=height,
        lieux=sorted(shown, key=lambda lieu: place_sort_key(lieu.collectivite.nom)),
        autres=[points[one.pk] for one in placed if one.pk not in told],
        vous=points.get(own.pk) if own and own.pk not in told else None,
    )


def _first(one: Collectivite, own: Collectivite | None, told: dict) -> tuple:
    """Whose name is written first: one's own, then those who lend most."""
    return (own is None or one.pk != own.pk, -told[one.pk][0], one.nom)


def _around(at: Point, radius: float) -> tuple[float, float, float, float]:
    return (at.x - radius, at.y - radius, at.x + radius, at.y + radius)


def _room(at: Point, radius: float, nom: str, boxes: list, height: int) -> Point | None:
    """Under its dot, above it, at its right or left, without covering anything; the list beside names them all."""
    half = len(nom) * LETTER / 2
    centre = min(max(at.x, half + 4), WIDTH - half - 4)
    beside = radius + half + 4
    places = [
        (centre, at.y + radius + LINE),
        (centre, at.y - radius - 5),
        (at.x + beside, at.y + 5),
        (at.x - beside, at.y + 5),
    ]
    for x, y in places:
        box = (x - half, y - LINE + 3, x + half, y + 3)
        inside = half < x < WIDTH - half and LINE < y < height - 4
        if inside and not any(_touch(box, other) for other in boxes):
            boxes.append(box)
            return Point(round(x, 1), round(y, 1))
    return None


def _touch(a: tuple, b: tuple) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
