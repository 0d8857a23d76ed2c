"""Drawn pictures: a page as a scanner gives it."""

import io
from random import Random
from time import struct_time

import pypdfium2 as pdfium
from PIL import Image, ImageFilter

_JOUR = struct_time((2020, 11, 1, 0, 0, 0, 6, 306, 0))
# Dots an inch of the scans: enough to be read, light enough for a demo.
_PPP = 96


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
