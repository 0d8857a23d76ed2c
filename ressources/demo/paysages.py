"""Drawn photos: the hills of the Jura, and what stands before them. The same key and the same motif, the same picture.

Nobody is recognised on a drawing: the people on it stand for those of a real photo.
"""

import io
from random import Random

from PIL import Image, ImageDraw, ImageFilter

Couleur = tuple[int, int, int]
LARGE, HAUT = 1600, 1067
# A sky from top to bottom, then four hills from far to near.
SAISONS: dict[str, tuple[tuple[Couleur, Couleur], tuple[Couleur, ...]]] = {
    "ete": (((140, 190, 226), (238, 240, 226)), ((126, 156, 128), (104, 140, 98), (84, 122, 72), (70, 104, 56))),
    "printemps": (
        ((168, 205, 226), (244, 236, 214)),
        ((142, 170, 146), (124, 164, 104), (108, 152, 82), (92, 136, 66)),
    ),
    "automne": (((190, 200, 206), (240, 228, 206)), ((150, 140, 118), (176, 128, 72), (156, 98, 50), (118, 78, 44))),
    "soir": (((92, 96, 140), (250, 190, 130)), ((120, 96, 118), (92, 76, 98), (68, 58, 78), (46, 42, 58))),
    "neige": (((176, 190, 206), (236, 240, 246)), ((196, 206, 218), (214, 222, 232), (228, 234, 242), (242, 246, 250))),
    "brume": (((206, 212, 214), (240, 238, 230)), ((186, 196, 196), (158, 172, 170), (122, 142, 134), (88, 110, 98))),
}
TOIT, MUR, OMBRE, EAU, BOIS = (169, 67, 42), (240, 232, 214), (88, 74, 66), (104, 146, 166), (120, 88, 60)
HABITS = ((180, 62, 58), (52, 96, 140), (222, 168, 62), (88, 128, 78), (120, 80, 128), (226, 222, 210), (70, 76, 84))
PEAUX = ((240, 208, 178), (214, 170, 134), (160, 112, 80), (108, 74, 54))


def landscape(key: str, motifs: str = "") -> bytes:
    """A JPEG. `motifs`: a season, then what is drawn before the hills: « automne riviere pont »."""
    chance = Random(f"paysage:{key}")  # noqa: S311 - repeatable on purpose, secret to nobody
    words = motifs.split()
    season = next((word for word in words if word in SAISONS), "") or chance.choice(list(SAISONS))
    (top, bottom), hills = SAISONS[season]
    image = Image.new("RGB", (LARGE, HAUT))
    draw = ImageDraw.Draw(image)
    for y in range(HAUT):
        draw.line([(0, y), (LARGE, y)], _between(top, bottom, y / HAUT))
    if season == "soir":
        x, y = round(LARGE * chance.uniform(0.6, 0.8)), round(HAUT * 0.3)
        draw.ellipse([x - 60, y - 60, x + 60, y + 60], (255, 226, 160))
    for rank, colour in enumerate(hills):
        base = HAUT * (0.42 + 0.14 * rank)
        draw.polygon([*_ridge(chance, base), (LARGE, HAUT), (0, HAUT)], fill=colour)
        if rank == 1 and "sans-village" not in words:
            _village(draw, chance, round(LARGE * chance.uniform(0.2, 0.55)), round(base + 40))
        if rank == 2:
            _trees(draw, chance, base, season)
    image = image.filter(ImageFilter.BoxBlur(2))
    draw = ImageDraw.Draw(image)
    for word in words:
        if word in MOTIFS:
            MOTIFS[word](draw, chance)
    buffer = io.BytesIO()
    image.filter(ImageFilter.BoxBlur(1)).save(buffer, "JPEG", quality=84)
    return buffer.getvalue()


def _between(a: Couleur, b: Couleur, share: float) -> Couleur:
    red, green, blue = (round(one + (other - one) * share) for one, other in zip(a, b, strict=True))
    return red, green, blue


def _ridge(chance: Random, base: float) -> list[tuple[float, float]]:
    points, level = [], base
    for x in range(0, LARGE + 80, 80):
        level = min(max(level + chance.uniform(-28, 28), base - 70), base + 50)
        points.append((x, level))
    return points


def _village(draw: ImageDraw.ImageDraw, chance: Random, left: int, ground: int) -> None:
    for rank in range(7):
        x, wide, high = left + rank * 62, chance.randint(52, 74), chance.randint(34, 52)
        _house(draw, x, ground, wide, high)
        draw.rectangle([x + wide / 2 - 6, ground - 20, x + wide / 2 + 6, ground], fill=OMBRE)
    x = left + 200
    draw.rectangle([x, ground - 130, x + 40, ground], fill=MUR)
    draw.polygon([(x - 5, ground - 130), (x + 20, ground - 205), (x + 45, ground - 130)], fill=OMBRE)


def _house(draw: ImageDraw.ImageDraw, x: float, ground: float, wide: float, high: float) -> None:
    draw.rectangle([x, ground - high, x + wide, ground], fill=MUR)
    draw.polygon(
        [(x - 6, ground - high), (x + wide / 2, ground - high - wide * 0.45), (x + wide + 6, ground - high)], TOIT
    )


def _trees(draw: ImageDraw.ImageDraw, chance: Random, base: float, season: str) -> None:
    leaves = {"automne": (190, 110, 44), "neige": (206, 216, 226), "soir": (40, 38, 52)}.get(season, (64, 98, 62))
    for _ in range(14):
        x, y, size = chance.uniform(0, LARGE), base + chance.uniform(30, 150), chance.uniform(26, 52)
        draw.rectangle([x - 4, y, x + 4, y + size], fill=BOIS)
        draw.ellipse([x - size * 0.6, y - size, x + size * 0.6, y + size * 0.3], fill=leaves)


def _river(draw: ImageDraw.ImageDraw, chance: Random) -> None:
    draw.polygon([(690, 760), (760, 760), (1240, HAUT), (180, HAUT)], fill=EAU)
    for _ in range(40):
        y = chance.uniform(790, HAUT - 10)
        x = 720 + chance.uniform(-1, 1) * (y - 740) * 1.1
        draw.line([(x, y), (x + (y - 700) * 0.22, y)], fill=(206, 224, 228), width=3)


def _bridge(draw: ImageDraw.ImageDraw, chance: Random) -> None:
    draw.rectangle([0, 790, LARGE, 900], fill=(206, 190, 162))
    for rank in range(5):
        x = 60 + rank * 320
        draw.pieslice([x, 820, x + 230, 1060], 180, 360, fill=EAU)
        draw.rectangle([x + 236, 860, x + 312, 980], fill=(206, 190, 162))
    draw.rectangle([0, 776, LARGE, 796], fill=(184, 166, 140))


def _fields(draw: ImageDraw.ImageDraw, chance: Random) -> None:
    for rank in range(9):
        x, colour = rank * 200 - 100, chance.choice([(226, 196, 92), (196, 178, 84), (140, 162, 76), (212, 186, 110)])
        draw.polygon([(740 + rank * 18, 800), (758 + rank * 18, 800), (x + 240, HAUT), (x, HAUT)], fill=colour)


def _market(draw: ImageDraw.ImageDraw, chance: Random) -> None:
    for rank in range(4):
        x, colour = 60 + rank * 390, HABITS[rank]
        draw.rectangle([x + 10, 900, x + 300, 1000], fill=BOIS)
        for one in range(9):
            tone = colour if one % 2 else (246, 240, 226)
            draw.polygon(
                [(x + one * 35 + 16, 730), (x + one * 35 + 51, 730), (x + one * 37 + 37, 800), (x + one * 37, 800)],
                tone,
            )
        for _ in range(26):
            fruit, top = x + chance.uniform(24, 286), chance.uniform(878, 904)
            draw.ellipse([fruit - 11, top - 11, fruit + 11, top + 11], chance.choice(HABITS[:4]))
    _people(draw, chance, 9, 1010, 92)


def _school(draw: ImageDraw.ImageDraw, chance: Random) -> None:
    draw.rectangle([330, 560, 1270, 880], fill=MUR)
    draw.polygon([(300, 560), (800, 430), (1300, 560)], fill=TOIT)
    for rank in range(7):
        x = 380 + rank * 128
        draw.rectangle([x, 640, x + 76, 760], fill=(150, 180, 196))
        draw.line([(x + 38, 640), (x + 38, 760)], fill=MUR, width=6)
    draw.rectangle([0, 880, LARGE, HAUT], fill=(196, 184, 164))


def _hall(draw: ImageDraw.ImageDraw, chance: Random) -> None:
    """A town hall, its flag and its steps."""
    _school(draw, chance)
    draw.rectangle([730, 690, 870, 880], fill=BOIS)
    draw.line([(800, 330), (800, 450)], fill=OMBRE, width=6)
    for rank, colour in enumerate(((38, 68, 138), (246, 246, 246), (196, 52, 56))):
        draw.rectangle([803 + rank * 40, 335, 843 + rank * 40, 405], fill=colour)


def _people(draw: ImageDraw.ImageDraw, chance: Random, number: int, ground: float, size: float) -> None:
    step = (LARGE - 200) / number
    for rank in range(number):
        x = 100 + step * (rank + 0.5) + chance.uniform(-0.2, 0.2) * step
        high = size * chance.uniform(0.88, 1.1)
        y = ground + chance.uniform(-12, 12)
        draw.rounded_rectangle([x - high * 0.3, y - high, x + high * 0.3, y + high], high * 0.26, chance.choice(HABITS))
        draw.ellipse([x - high * 0.24, y - high * 1.5, x + high * 0.24, y - high * 0.95], chance.choice(PEAUX))
        draw.pieslice(
            [x - high * 0.26, y - high * 1.55, x + high * 0.26, y - high],
            180,
            360,
            chance.choice(HABITS[-1:] + (BOIS,)),
        )


def _crowd(draw: ImageDraw.ImageDraw, chance: Random) -> None:
    for rank in range(4):
        _people(draw, chance, 22 - rank * 3, 860 + rank * 60, 38 + rank * 10)
    points = [(x, 300 + 60 * ((x / 200) % 2 - 1) ** 2) for x in range(0, LARGE + 40, 40)]
    draw.line(points, fill=OMBRE, width=3)
    for rank, (x, y) in enumerate(points):
        draw.polygon([(x - 15, y), (x + 15, y), (x, y + 36)], fill=HABITS[rank % 5])


def _team(draw: ImageDraw.ImageDraw, chance: Random) -> None:
    _people(draw, chance, 6, 930, 150)


def _pupils(draw: ImageDraw.ImageDraw, chance: Random) -> None:
    _people(draw, chance, 11, 960, 88)


MOTIFS = {
    "riviere": _river,
    "pont": _bridge,
    "champs": _fields,
    "marche": _market,
    "ecole": _school,
    "mairie": _hall,
    "foule": _crowd,
    "equipe": _team,
    "eleves": _pupils,
}
