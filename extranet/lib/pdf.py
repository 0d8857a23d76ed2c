"""Printed documents: a typst template of `extranet/imprimes` and its data make an accessible PDF.

Every PDF is PDF/UA-1 (ISO 14289-1: tagged, titled, in French) and PDF/A-2a (ISO 19005-2: fit for the archives).
Nothing is fetched: fonts and drawings stand beside the templates, whose README lists the data each one takes.
"""

import base64
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import segno
import typst
from PIL import Image

from extranet.lib.typographie import drawable, space

IMPRIMES = Path(__file__).resolve().parent.parent / "imprimes"
_FONTS = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[IMPRIMES / "polices"])
_MIME = {"JPEG": "image/jpeg", "PNG": "image/png"}


class RenduImpossible(Exception):
    """The document could not be composed as it should: no PDF is given rather than a doubtful one."""

    def __init__(self, template: str, causes: list[str]) -> None:
        self.template, self.causes = template, causes
        super().__init__(f"L’imprimé « {template} » n’a pas été produit : {' ; '.join(causes)}")


def render(template: str, data: dict, *, images: dict[str, bytes] | None = None, date: datetime | None = None) -> bytes:
    """Compose `template` with `data`; the same data, images and date give the same bytes.

    `data["qr"]` maps a key to an address: the template prints it as a QR code. `images` maps a name to a JPEG or PNG,
    embedded as it is: shrink it first. `date` (aware, now by default) is the date of the PDF itself.
    Raises RenduImpossible on any error or warning of typst: a missing font or field, an unreadable image.
    """
    # One compiler a render costs 0.4 ms; one shared by two threads fails with « Already borrowed ». Fonts are shared.
    compiler = typst.Compiler(root=IMPRIMES, font_paths=_FONTS)
    try:
        pdf, warnings = compiler.compile_with_warnings(
            input=IMPRIMES / f"{template}.typ",
            format="pdf",
            sys_inputs=_inputs(template, data, images or {}),
            pdf_standards=["ua-1", "a-2a"],
            timestamp=int((date or datetime.now(UTC)).timestamp()),
        )
    except RuntimeError as error:
        raise RenduImpossible(template, [getattr(error, "diagnostic", str(error))]) from error
    if warnings:
        raise RenduImpossible(template, [warning.diagnostic for warning in warnings])
    return pdf


def _inputs(template: str, data: dict, images: dict[str, bytes]) -> dict[str, str]:
    """Typst takes only strings from its caller: the data as JSON, QR codes and pictures as SVG."""
    inputs = {"donnees": json.dumps(_printable(data), ensure_ascii=False)}
    for key, address in data.get("qr", {}).items():
        inputs[f"qr-{key}"] = segno.make(address, error="m", micro=False).svg_inline(border=0)
    for name, content in images.items():
        try:
            inputs[f"image-{name}"] = _svg_of(content)
        except (OSError, KeyError) as error:
            raise RenduImpossible(template, [f"l’image « {name} » n’est ni un JPEG ni un PNG lisible"]) from error
    return inputs


def _printable(value: object) -> object:
    """The same data with texts as a printer would write them; keys are left alone."""
    if isinstance(value, str):
        return space(drawable(value))
    if isinstance(value, dict):
        return {key: _printable(child) for key, child in value.items()}
    if isinstance(value, (list, tuple)):
        return [_printable(child) for child in value]
    return value


def _svg_of(content: bytes) -> str:
    """Wrap a picture in an SVG: sixty portraits take 15 ms, against 80 ms as lists of bytes; JPEG is kept as it is."""
    with Image.open(io.BytesIO(content)) as image:
        (width, height), mime = image.size, _MIME[image.format]
    source = f"data:{mime};base64,{base64.b64encode(content).decode()}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f'<image width="{width}" height="{height}" href="{source}"/></svg>'
    )
