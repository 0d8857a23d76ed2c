"""Make the static TTF that typst reads out of the variable WOFF2 of the site: typst reads neither.

    python make_fonts.py LATIN_FOLDER LATIN_EXT_FOLDER        (needs fonttools and brotli, no part of the project)

Sources: packages @fontsource-variable/atkinson-hyperlegible-next and @fontsource-variable/bricolage-grotesque, OFL-1.1;
the first folder holds their « latin » subsets, the second their « latin-ext » ones.
"""

import sys
from pathlib import Path
from typing import NamedTuple

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph
from fontTools.varLib.instancer import instantiateVariableFont

HERE = Path(__file__).parent
REGULAR = 64
BOLD = 32


class Face(NamedTuple):
    """One static font: its variable source (« {} » is the subset), its axes, and the names it will answer to."""

    source: str
    axes: dict[str, int]
    family: str
    style: str
    digits_only: bool = False


ATKINSON = "atkinson-hyperlegible-next-{}-wght-normal"
BRICOLAGE = "bricolage-grotesque-{}-opsz-normal"
LATIN = [
    Face(ATKINSON, {"wght": 400}, "Atkinson Hyperlegible Next", "Regular"),
    Face(ATKINSON, {"wght": 700}, "Atkinson Hyperlegible Next", "Bold"),
    Face(BRICOLAGE, {"wght": 650, "opsz": 16}, "Bricolage Grotesque", "SemiBold"),
    Face(BRICOLAGE, {"wght": 700, "opsz": 24}, "Bricolage Grotesque", "Bold"),
    Face(BRICOLAGE, {"wght": 400, "opsz": 14}, "Bricolage Chiffres", "Regular", digits_only=True),
    Face(BRICOLAGE, {"wght": 700, "opsz": 14}, "Bricolage Chiffres", "Bold", digits_only=True),
]
LATIN_EXT = [
    Face(ATKINSON, {"wght": 400}, "Atkinson Latin Etendu", "Regular"),
    Face(ATKINSON, {"wght": 700}, "Atkinson Latin Etendu", "Bold"),
    Face(BRICOLAGE, {"wght": 650, "opsz": 16}, "Bricolage Latin Etendu", "SemiBold"),
    Face(BRICOLAGE, {"wght": 700, "opsz": 24}, "Bricolage Latin Etendu", "Bold"),
]


def make(folder: str, subset_name: str, face: Face) -> None:
    font = TTFont(Path(folder) / f"{face.source.format(subset_name)}.woff2", recalcTimestamp=False)
    font.flavor = None
    font = instantiateVariableFont(font, face.axes)
    if "STAT" in font:
        del font["STAT"]
    if face.digits_only:
        keep_digits(font)
    elif subset_name == "latin":
        add_unbreakable(font)
    rename(font, face)
    font.save(HERE / f"{face.family.replace(' ', '')}-{face.style}.ttf")


def keep_digits(font: TTFont) -> None:
    options = subset.Options(layout_features=["tnum", "pnum", "kern"], name_IDs=["*"], notdef_outline=True)
    tool = subset.Subsetter(options)
    tool.populate(text="0123456789")
    tool.subset(font)


def add_unbreakable(font: TTFont) -> None:
    """The subsets lack the narrow no-break space and the non-breaking hyphen."""
    font["glyf"]["uni202F"] = Glyph()
    font["hmtx"]["uni202F"] = (round(font["head"].unitsPerEm * 0.19), 0)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[0x202F] = "uni202F"
            table.cmap[0x2010] = table.cmap[0x2011] = table.cmap[0x2D]


def rename(font: TTFont, face: Face) -> None:
    names, full = font["name"], f"{face.family} {face.style}"
    for number in (16, 17, 21, 22, 25):
        names.removeNames(nameID=number)
    postscript = f"{face.family.replace(' ', '')}-{face.style}"
    values = {1: full, 2: "Regular", 3: postscript, 4: full, 6: postscript, 16: face.family, 17: face.style}
    for number, value in values.items():
        names.setName(value, number, 3, 1, 0x409)
    weight = face.axes["wght"]
    font["OS/2"].usWeightClass = weight
    font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~(1 | REGULAR | BOLD)) | (BOLD if weight == 700 else REGULAR)
    font["head"].macStyle = 1 if weight == 700 else 0


if __name__ == "__main__":
    for face in LATIN:
        make(sys.argv[1], "latin", face)
    for face in LATIN_EXT:
        make(sys.argv[2], "latin-ext", face)
