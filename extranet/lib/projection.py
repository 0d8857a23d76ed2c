"""Places on a small drawing, from their coordinates: no map from elsewhere."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import cos, radians

# Of two places at the same spot, or of one alone: never closer than that.
CLOSEST = 2000


@dataclass(frozen=True)
class Point:
    x: float
    y: float


def project(
    places: Sequence[tuple[float, float]], *, width: int, margin: int, heights: tuple[int, int]
) -> tuple[Callable[[float, float], Point], int]:
    """Where a (latitude, longitude) in degrees stands on a drawing that holds all of `places`, and its height.

    Equirectangular, true at the middle latitude: over 60 km it is off by less than the size of a dot.
    """
    least, most = heights
    lats, lons = [lat for lat, _ in places], [lon for _, lon in places]
    shrink = cos(radians((min(lats) + max(lats)) / 2))
    wide, tall = (max(lons) - min(lons)) * shrink, max(lats) - min(lats)
    scale = min((width - 2 * margin) / (wide or 0.01), (most - 2 * margin) / (tall or 0.01), CLOSEST)
    height = max(least, round(tall * scale + 2 * margin))
    left, top = (width - wide * scale) / 2, (height - tall * scale) / 2

    def at(latitude: float, longitude: float) -> Point:
        x = left + (longitude - min(lons)) * shrink * scale
        return Point(round(x, 1), round(top + (max(lats) - latitude) * scale, 1))

    return at, height
