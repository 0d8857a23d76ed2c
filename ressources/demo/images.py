"""Drawn pictures: a landscape of the Jura for a « photo », a page as a scanner gives it."""

import io
from random import Random
from time import struct_time

import pypdfium2 as pdfium
from PIL import Image, ImageDraw, ImageFilter

_CIELS = [((168, 205, 226), (244, 236, 214)), ((236, 186, 140), (250, 230, 200)), ((190, 200, 206), (232, 232, 226))]
_COLLINES = [(112, 142, 118), (92, 124, 98), (74, 106, 78), (58, 88, 60)]
_TOIT, _MUR, _OMBRE = (169, 67, 42), (240, 232, 214), (88, 74, 66)
_JOUR = struct_time((2020, 11, 1, 0, 0, 0, 6, 306, 0))
# Dots an inch of the scans: enough to be read, light enough for a demo.
_PPP = 96


def landscape(key: str, size: tuple[int, int] = (1600, 1067)) -> bytes:
    """A JPEG: sky, hills, and a village with its steeple; the same key draws the same one."""
    chance = Random(f"paysage:{key}")  # noqa: S311 - repeatable on purpose, secret to nobody
    width, height = size
    image = Image.new("RGB", size)
    draw = ImageDraw.Draw(image)
    top, bottom = chance.choice(_CIELS)
    for y in range(height):
        share = y / height
        draw.line([(0, y), (width, y)], tuple(round(a + (b - a) * share) for a, b in zip(top, bottom, strict=True)))
    for rank, colour in enumerate(_COLLINES):
        base = height * (0.45 + 0.14 * rank)
        points = [(0, height)]
        level = base
        for x in range(0, width + 80, 80):
            level = min(max(level + chance.uniform(-28, 28), base - 70), base + 50)
            points.append((x, level))
        draw.polygon([*points, (width, height)], fill=colour)
        if rank == 1:
            _village(draw, chance, round(width * chance.uniform(0.2, 0.55)), round(base + 40))
    buffer = io.BytesIO()
    image.filter(ImageFilter.GaussianBlur(1.2)).save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


def _village(draw: ImageDraw.ImageDraw, chance: Random, left: int, ground: int) -> None:
    for rank in range(7):
        x, wide, high = left + rank * 62, chance.randint(52, 74), chance.randint(34, 52)
        draw.rectangle([x, ground - high, x + wide, ground], fill=_MUR)
        draw.polygon([(x - 6, ground - high), (x + wide / 2, ground - high - 30), (x + wide + 6, ground - high)], _TOIT)
        draw.rectangle([x + wide / 2 - 6, ground - 20, x + wide / 2 + 6, ground], fill=_OMBRE)
    x = left + 200
    draw.rectangle([x, ground - 130, x + 40, ground], fill=_MUR)
    draw.polygon([(x - 5, ground - 130), (x + 20, ground - 205), (x + 45, ground - 130)], fill=_OMBRE)


def scanned(pdf: bytes, key: str) -> tuple[bytes, int]:
    """The pages of a PDF as a copier gives them: grey pictures, a little askew, without a word. With their number."""
    chance = Random(f"copieur:{key}")  # noqa: S311 - repeatable on purpose, secret to nobody
    document = pdfium.PdfDocument(pdf)
    pages = []
    for page in document:
        image = page.render(scale=_PPP / 72, grayscale=True).to_pil().convert("L")
        askew = image.rotate(chance.uniform(-0.7, 0.7), Image.Resampling.BICUBIC, fillcolor=250)
        pages.append(askew.filter(ImageFilter.GaussianBlur(0.4)))
    document.close()
    buffer = io.BytesIO()
    first, *others = pages
    # Dated, or Pillow writes the hour of the run.
    dates = {"creationDate": _JOUR, "modDate": _JOUR}
    first.save(buffer, "PDF", resolution=_PPP, save_all=True, append_images=others, quality=55, **dates)
    return buffer.getvalue(), len(pages)
