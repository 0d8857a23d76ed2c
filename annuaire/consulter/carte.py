"""Where a collectivité is among the others: a small drawing from coordinates, with no map from elsewhere."""

from dataclasses import dataclass

from collectivites.models import Collectivite
from extranet.lib.distances import distance_km
from extranet.lib.francais import NBSP
from extranet.lib.projection import Point, project

WIDTH, MARGIN = 300, 26
MIN_HEIGHT, MAX_HEIGHT = 200, 320
NEIGHBOURS = 4
# The names are written only where there is room: half the width that one letter takes, in units of the drawing.
LETTER = 4.6


@dataclass(frozen=True)
class Etiquette:
    """A name, its anchor, and whether it is written from its middle, its start or its end."""

    texte: str
    x: float
    y: float
    taille: int


@dataclass(frozen=True)
class Carte:
    """What the template draws. `legende` says it in words, for those who do not see it."""

    largeur: int
    hauteur: int
    points: list[Point]
    ici: Point
    vous: Point | None
    etiquettes: list[Etiquette]
    km: Etiquette | None
    legende: str
    voisines: list[tuple[Collectivite, int]]


def draw(here: Collectivite, own: Collectivite | None, others: list[Collectivite]) -> Carte | None:
    """The map of `here` among `others`, `own` marked; None when `here` has no position."""
    if here.latitude is None:
        return None
    placed = [c for c in others if c.latitude is not None and c.pk != here.pk]
    you = own if own and own.pk != here.pk and own.latitude is not None else None
    known = [(c.latitude, c.longitude) for c in (here, *placed, *([you] if you else []))]
    at, height = project(known, width=WIDTH, margin=MARGIN, heights=(MIN_HEIGHT, MAX_HEIGHT))
    ici, vous = at(here.latitude, here.longitude), at(you.latitude, you.longitude) if you else None
    km = round(here.distance_to(you)) if you else None
    labels = [_label(here.nom, ici, 17, above=bool(vous and ici.y < vous.y) or ici.y > height - MARGIN * 1.4)]
    if vous:
        labels.append(_label(you.nom, vous, 15, above=vous.y <= ici.y))
    return Carte(
        largeur=WIDTH,
        hauteur=height,
        points=[at(c.latitude, c.longitude) for c in placed if not you or c.pk != you.pk],
        ici=ici,
        vous=vous,
        etiquettes=labels,
        km=_middle(ici, vous, km) if vous and km else None,
        legende=_words(here, you, km),
        voisines=neighbours(here, placed),
    )


def neighbours(here: Collectivite, others: list[Collectivite]) -> list[tuple[Collectivite, int]]:
    """The nearest communes with their distance in whole kilometres, « à vol d’oiseau »."""
    position = (here.latitude, here.longitude)
    communes = [c for c in others if c.is_commune]
    nearest = sorted(communes, key=lambda c: (distance_km(position, (c.latitude, c.longitude)), c.nom))[:NEIGHBOURS]
    return [(c, max(1, round(distance_km(position, (c.latitude, c.longitude))))) for c in nearest]


def _label(nom: str, at: Point, size: int, *, above: bool) -> Etiquette:
    half = len(nom) * LETTER * size / 15
    x = min(max(at.x, half + 4), WIDTH - half - 4)
    return Etiquette(nom, round(x, 1), round(at.y + (-16 if above else 28), 1), size)


def _middle(a: Point, b: Point, km: int) -> Etiquette:
    x = min(max((a.x + b.x) / 2 + 8, 10), WIDTH - 46)
    return Etiquette(f"{km}{NBSP}km", round(x, 1), round((a.y + b.y) / 2, 1), 14)


def _words(here: Collectivite, you: Collectivite | None, km: int | None) -> str:
    if you is None:
        return f"Position {here.de_nom} parmi les communes du territoire"
    return f"Position {here.de_nom}, à {km}{NBSP}km {you.de_nom}"
