"""The territory drawn from coordinates, with a figure on some of its collectivités and no map from elsewhere."""

from dataclasses import dataclass

from collectivites.models import Collectivite
from extranet.lib.noms import place_sort_key
from extranet.lib.pliage import fold
from extranet.lib.projection import Point, project

# Wide beside the list; narrow on a phone, drawn for itself: names are written at the size that they are read.
LARGE, ETROIT = (640, 44, (320, 860)), (358, 24, (300, 620))
# The surface of a dot grows with the number that it stands for.
LEAST, MOST, PER_THING = 9.5, 20.0, 2.5
# A name in bold, in units of the drawing: a letter, and what the wide ones of a short name add.
LETTER, WIDE, LINE = 7, 10, 14
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Repere:
    """What stands at a collectivité: `nombre` gives its size, `chiffre` is written in it, `dit` says it aloud."""

    nombre: int
    chiffre: int
    dit: str
    url: str

    @property
    def vide(self) -> bool:
        """Something is there, and nothing of it is to be had."""
        return not self.chiffre


@dataclass(frozen=True)
class Lieu:
    """A collectivité on the drawing; `nom_en` is where its name is written, None without room for it."""

    collectivite: Collectivite
    point: Point
    repere: Repere
    rayon: float
    nom_en: Point | None = None

    @property
    def chiffre_y(self) -> float:
        """The foot of the figure in the middle of the dot."""
        return round(self.point.y + 4.5, 1)

    @property
    def nom_y(self) -> float:
        """Where its name shows when one points at it, without room for it always."""
        return round(self.point.y - self.rayon - 5, 1)


@dataclass(frozen=True)
class Plan:
    largeur: int
    hauteur: int
    lieux: list[Lieu]
    autres: list[Point]
    vous: Point | None


def draw_both(places: list[Collectivite], own: Collectivite | None, told: dict[int, Repere]) -> list[tuple[Plan, str]]:
    """The wide drawing and the narrow one, each with the class that shows it; none when no position is known."""
    drawn = ((draw(places, own, told), "ec-map--l"), (draw(places, own, told, ETROIT), "ec-map--s"))
    return [(plan, name) for plan, name in drawn if plan]


def nearest_first(places: list[Collectivite], own: Collectivite | None) -> list[Collectivite]:
    """One's own first, then as one would go there; by name where no distance is known."""

    def rank(one: Collectivite) -> tuple:
        km = own.distance_to(one) if own else None
        return (own is None or one.pk != own.pk, km is None, km or 0, place_sort_key(one.nom))

    return sorted(places, key=rank)


def draw(
    places: list[Collectivite],
    own: Collectivite | None,
    told: dict[int, Repere],
    size: tuple[int, int, tuple[int, int]] = LARGE,
) -> Plan | None:
    """`told` gives, by its id, what stands at a collectivité. None when no position is known."""
    placed = [one for one in places if one.latitude is not None]
    if not placed:
        return None
    width, margin, heights = size
    at, height = project([(p.latitude, p.longitude) for p in placed], width=width, margin=margin, heights=heights)
    points = {one.pk: at(one.latitude, one.longitude) for one in placed}
    placed += _seated([one for one in places if one.latitude is None and one.pk in told], placed, points, width)
    marked = [one for one in placed if one.pk in told]
    sizes = {one.pk: round(min(MOST, LEAST + PER_THING * max(0, told[one.pk].nombre - 1) ** 0.5), 1) for one in marked}
    dots = [_around(points[pk], radius) for pk, radius in sizes.items()]
    rooms = {one.pk: _rooms(points[one.pk], sizes[one.pk], one.nom, dots, (width, height)) for one in marked}
    names = _named(sorted(marked, key=lambda one: (one != own, len(rooms[one.pk]), one.nom)), rooms)
    shown = [Lieu(one, points[one.pk], told[one.pk], sizes[one.pk], names.get(one.pk)) for one in marked]
    return Plan(
        largeur=width,
        hauteur=height,
        lieux=sorted(shown, key=lambda lieu: place_sort_key(lieu.collectivite.nom)),
        autres=[points[one.pk] for one in placed if one.pk not in told],
        vous=points.get(own.pk) if own and own.pk not in told else None,
    )


def _seated(
    seatless: list[Collectivite], placed: list[Collectivite], points: dict[int, Point], width: int
) -> list[Collectivite]:
    """An intercommunalité has no position of its own: beside the commune of its seat, when that one is known."""
    seats = {fold(one.nom): points[one.pk] for one in placed if one.is_commune}
    found = [one for one in seatless if fold(one.ville) in seats]
    for one in found:
        seat = seats[fold(one.ville)]
        points[one.pk] = Point(
            round(seat.x + 2 * MOST * (1 if seat.x < width / 2 else -1), 1), round(seat.y - MOST / 2, 1)
        )
    return found


def _around(at: Point, radius: float) -> Box:
    return (at.x - radius, at.y - radius, at.x + radius, at.y + radius)


def _rooms(at: Point, radius: float, nom: str, dots: list[Box], size: tuple[int, int]) -> list[tuple[Point, Box]]:
    """Under its dot, above it, at its right or left, else askew: where the name covers no dot."""
    width, height = size
    half = (len(nom) * LETTER + WIDE) / 2
    centre = min(max(at.x, half + 4), width - half - 4)
    beside = radius + half + 4
    places = [
        (centre, at.y + radius + LINE),
        (centre, at.y - radius - 5),
        (at.x + beside, at.y + 5),
        (at.x - beside, at.y + 5),
        *((at.x + side * (beside - 4), at.y + down) for down in (radius + 8, -radius) for side in (1, -1)),
    ]
    found = [(Point(round(x, 1), round(y, 1)), (x - half, y - LINE + 3, x + half, y + 3)) for x, y in places]
    return [
        (point, box)
        for point, box in found
        if half < point.x < width - half
        and LINE < point.y < height - 4
        and not any(_touch(box, other) for other in dots)
    ]


def _named(places: list[Collectivite], rooms: dict[int, list[tuple[Point, Box]]]) -> dict[int, Point]:
    """Where each name is written, the first served first: one's own, then those with the fewest rooms."""
    taken: list[Box] = []
    found = {}
    for one in places:
        room = next((r for r in rooms[one.pk] if not any(_touch(r[1], other) for other in taken)), None)
        if room is not None:
            found[one.pk] = room[0]
            taken.append(room[1])
    return found


def _touch(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
