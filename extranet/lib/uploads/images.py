"""Pictures: decoded within limits and encoded again, so that nothing of the file sent is kept but what one sees."""

import io
import struct
from datetime import date, datetime
from zlib import error as ZlibError

from django.core.files import File
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import ExifTags, Image, ImageCms, ImageOps
from pillow_heif import register_heif_opener

from extranet.lib.francais import milliers
from extranet.lib.uploads.contenu import check_size, kind_of, name_of_kind
from extranet.lib.uploads.noms import FichierRefuse, check_name

MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 60_000_000
# Only a JPEG can be decoded at half its size: 48 million points take 80 MB, against 340 MB in HEIC (measured).
MAX_PIXELS_DECODED_WHOLE = 25_000_000
MAX_SIDE = 2000

register_heif_opener()
_DECODERS = {"jpeg": "JPEG", "png": "PNG", "gif": "GIF", "webp": "WEBP", "heic": "HEIF"}
# A screenshot or a logo keeps its sharp edges and its transparency; a photo does not need them.
_LOSSLESS = {"png", "gif"}
_DAMAGED = (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError, struct.error, ZlibError)
_TOO_MANY_PIXELS = (Image.DecompressionBombError, Image.DecompressionBombWarning)
_SMALLER = "Choisissez une taille plus petite : votre téléphone le propose au moment de joindre la photo."
# Before it, a date of EXIF is that of a clock that nobody has set.
_FIRST_CAMERAS = date(1995, 1, 1)
_SRGB = ImageCms.createProfile("sRGB")


def clean_picture(
    fichier: File, *, max_bytes: int = MAX_BYTES, max_pixels: int = MAX_PIXELS, max_side: int = MAX_SIDE
) -> ContentFile:
    """The picture upright, in sRGB, `max_side` pixels at most, as a JPEG or PNG without any metadata.

    The orientation of the EXIF is applied, then place (GPS), device and dates are gone, and so is whatever followed
    the picture in its file. Takes JPEG, PNG, GIF (first image), WebP and HEIC. Raises FichierRefuse.
    """
    nom = check_name(fichier.name or "")
    check_size(nom, fichier.size, max_bytes, conseil=_SMALLER)
    kind = kind_of(fichier)
    if kind not in _DECODERS:
        raise FichierRefuse(_not_a_picture(nom, kind))
    if kind != "jpeg":
        max_pixels = min(max_pixels, MAX_PIXELS_DECODED_WHOLE)
    try:
        with Image.open(fichier, formats=[_DECODERS[kind]]) as image:
            _check_pixels(nom, image, max_pixels)
            _lighten(image, max_side)
            return _encoded(nom, kind, _upright(image, max_side))
    except _TOO_MANY_PIXELS:
        raise FichierRefuse(_too_large(nom, max_pixels)) from None
    except _DAMAGED as error:
        raise FichierRefuse(
            f"L’image « {nom} » est abîmée ou incomplète. Vérifiez qu’elle s’ouvre, puis envoyez-la de nouveau."
        ) from error


def taken_on(fichier: File) -> date | None:
    """The day that its camera wrote in a picture already found sound; None when it says none, or one to come.

    Only the head of the file is read. Nothing else of what the camera wrote is looked at.
    """
    try:
        fichier.seek(0)
        with Image.open(fichier, formats=list(_DECODERS.values())) as image:
            said = image.getexif().get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal)
        day = datetime.strptime(str(said)[:10], "%Y:%m:%d").date()  # noqa: DTZ007 - a day, as the camera has it
    except (*_DAMAGED, *_TOO_MANY_PIXELS):
        return None
    return day if _FIRST_CAMERAS <= day <= timezone.localdate() else None


def _not_a_picture(nom: str, kind: str) -> str:
    if kind == "svg":
        return f"Le dessin « {nom} » est un SVG, qui peut contenir du code. Envoyez-le en PNG ou en JPEG."
    return f"Le fichier « {nom} » contient {name_of_kind(kind)}, pas une photo. Envoyez un JPEG, un PNG ou un HEIC."


def _check_pixels(nom: str, image: Image.Image, max_pixels: int) -> None:
    if image.width * image.height > max_pixels:
        raise FichierRefuse(_too_large(nom, max_pixels, image.size))


def _too_large(nom: str, max_pixels: int, size: tuple[int, int] | None = None) -> str:
    measure = f"mesure {milliers(size[0])} × {milliers(size[1])} points" if size else "a beaucoup trop de points"
    return f"L’image « {nom} » {measure}. Réduisez-la à {max_pixels // 1_000_000} millions de points au plus."


def _lighten(image: Image.Image, max_side: int) -> None:
    """A JPEG is decoded smaller when it may: always if whole it would hold too many points."""
    side = max_side if image.width * image.height <= MAX_PIXELS_DECODED_WHOLE else min(max_side, MAX_SIDE)
    image.draft("RGB", (side, side))


def _upright(image: Image.Image, max_side: int) -> Image.Image:
    profile, mode = image.info.get("icc_profile"), "RGBA" if image.has_transparency_data else "RGB"
    if image.mode in {"P", "1"}:
        image = image.convert(mode)
    # Reduced first: each step that follows makes a copy.
    image.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
    image = ImageOps.exif_transpose(image)
    if profile and image.mode in {"RGB", "RGBA", "CMYK", "L"}:
        image = _in_srgb(image, profile)
    image = image.convert(mode)
    image.info = {}
    return image


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Phones write in wider colours: without their profile the picture would look dull."""
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        return ImageCms.profileToProfile(image, io.BytesIO(profile), _SRGB, outputMode=mode)
    except (ImageCms.PyCMSError, OSError):
        return image


def _encoded(nom: str, kind: str, image: Image.Image) -> ContentFile:
    lossless = kind in _LOSSLESS or image.mode == "RGBA"
    buffer = io.BytesIO()
    if lossless:
        image.save(buffer, "PNG")
    else:
        image.save(buffer, "JPEG", quality=85, optimize=True)
    stem = nom.rpartition(".")[0] or nom
    return ContentFile(buffer.getvalue(), name=f"{stem}.{'png' if lossless else 'jpg'}")
