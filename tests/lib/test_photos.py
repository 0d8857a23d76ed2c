import io
import zlib

import pytest
from PIL import Image, ImageCms
from pillow_heif import from_pillow

from extranet.lib.uploads import FichierRefuse, clean_picture
from tests.lib.envois import (
    PDF,
    PROGRAM,
    exif,
    picture,
    plain,
    sent,
)


def opened(fichier) -> Image.Image:
    image = Image.open(fichier)
    image.load()
    return image


def is_red(image: Image.Image, place: tuple[int, int]) -> bool:
    red, _, blue = image.convert("RGB").getpixel(place)
    return red > 150 > blue


@pytest.mark.parametrize(
    ("kind", "nom", "kept"),
    [
        ("JPEG", "photo.JPG", "photo.jpg"),
        ("PNG", "capture.png", "capture.png"),
        ("GIF", "logo.gif", "logo.png"),
        ("WEBP", "photo.webp", "photo.jpg"),
        ("JPEG", "sans extension", "sans extension.jpg"),
        ("MPO", "photo.jpg", "photo.jpg"),
    ],
)
def test_picture_is_encoded_again(kind: str, nom: str, kept: str):
    clean = clean_picture(sent(nom, picture(kind)))
    assert clean.name == kept
    image = opened(clean)
    assert (image.format, image.size) == ("PNG" if kept.endswith("png") else "JPEG", (60, 40))
    assert is_red(image, (5, 5))
    assert not is_red(image, (55, 35))


@pytest.mark.parametrize(("orientation", "red_corner"), [(1, (5, 5)), (3, (55, 35)), (6, (35, 5)), (8, (5, 55))])
def test_picture_stands_upright_and_tells_nothing_of_where_it_was_taken(orientation: int, red_corner: tuple):
    content = picture(exif=exif(orientation), comment=b"chez Zoe")
    assert b"Exif" in content
    clean = clean_picture(sent("photo.jpg", content))
    image = opened(clean)
    assert image.size == ((40, 60) if orientation in (6, 8) else (60, 40))
    assert is_red(image, red_corner)
    assert not image.getexif()
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
    assert not any(word in clean.read() for word in (b"Exif", b"GPS", b"Zo"))


def test_photo_of_a_phone_in_heic_becomes_a_jpeg():
    image = Image.open(io.BytesIO(picture(size=(64, 48))))
    buffer = io.BytesIO()
    from_pillow(image).save(buffer, quality=90, exif=exif(1).tobytes())
    assert b"Exif" in buffer.getvalue()
    clean = clean_picture(sent("IMG_0042.HEIC", buffer.getvalue()))
    assert clean.name == "IMG_0042.jpg"
    assert is_red(opened(clean), (5, 5))
    clean.seek(0)
    assert b"Exif" not in clean.read()


@pytest.mark.parametrize(("orientation", "red_corner"), [(3, (59, 43)), (6, (43, 5)), (8, (5, 59))])
def test_photo_in_heic_stands_upright_and_is_not_turned_twice(orientation: int, red_corner: tuple):
    buffer = io.BytesIO()
    image = Image.open(io.BytesIO(picture(size=(64, 48))))
    from_pillow(image).save(buffer, quality=90, exif=exif(orientation).tobytes())
    upright = opened(clean_picture(sent("IMG_0043.HEIC", buffer.getvalue())))
    assert upright.size == ((64, 48) if orientation == 3 else (48, 64))
    assert is_red(upright, red_corner)
    assert not is_red(upright, (5, 5))


def test_words_written_in_a_png_are_dropped():
    content = picture("PNG", exif=exif(1), dpi=(300, 300))
    assert set(opened(clean_picture(sent("x.png", content))).info) == set()


def test_what_follows_the_picture_in_its_file_is_dropped():
    content = picture("PNG") + b"<script>alert(1)</script><?php system($_GET[0]);"
    clean = clean_picture(sent("photo.png", content)).read()
    assert b"script" not in clean
    assert b"php" not in clean


def test_transparency_is_kept():
    buffer = io.BytesIO()
    Image.new("RGBA", (20, 20), (255, 0, 0, 0)).save(buffer, "WEBP", lossless=True)
    image = opened(clean_picture(sent("logo.webp", buffer.getvalue())))
    assert (image.mode, image.getpixel((5, 5))[3]) == ("RGBA", 0)


@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "CMYK"), ("JPEG", "L"), ("PNG", "1"), ("PNG", "I;16"), ("PNG", "LA"), ("GIF", "P")]
)
def test_any_mode_of_colour_is_read(kind: str, mode: str):
    content = picture(kind, mode=mode if mode != "I;16" else "L")
    if mode == "I;16":
        buffer = io.BytesIO()
        Image.new("I;16", (60, 40), 40_000).save(buffer, "PNG")
        content = buffer.getvalue()
    assert opened(clean_picture(sent("x", content))).mode in {"RGB", "RGBA"}


def test_colours_are_turned_to_srgb_and_the_profile_goes():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for icc_profile in (profile, srgb, b"not a profile"):
        image = opened(clean_picture(sent("photo.jpg", picture(icc_profile=icc_profile))))
        assert "icc_profile" not in image.info
        assert is_red(image, (5, 5))


def test_large_picture_is_reduced():
    clean = clean_picture(sent("photo.jpg", picture(size=(4000, 1000))), max_side=1000)
    assert opened(clean).size == (1000, 250)


@pytest.mark.parametrize(
    ("nom", "content", "sentence"),
    [
        ("photo.jpg", picture(size=(600, 400))[:2000], "L’image « photo.jpg » est abîmée ou incomplète."),
        ("photo.png", picture("PNG", size=(600, 400))[:200], "est abîmée ou incomplète."),
        ("photo.jpg", b"\xff\xd8\xff" + b"x" * 100, "est abîmée ou incomplète."),
        ("photo.jpg", b"", "Le fichier « photo.jpg » est vide."),
        ("logo.svg", b'<svg onload="alert(1)"/>', "est un SVG, qui peut contenir du code. Envoyez-le en PNG"),
        ("photo.jpg", b'<?xml version="1.0"?><svg/>', "est un SVG"),
        ("photo.jpg", PDF, "contient un PDF, pas une photo."),
        ("photo.jpg", PROGRAM, "contient un programme, pas une photo."),
        ("photo.jpg", b"BM" + b"\0" * 60, "contient quelque chose que nous ne reconnaissons pas, pas une photo."),
        ("../photo.jpg", picture(), "contient un chemin de dossier."),
    ],
)
def test_bad_picture_is_refused_with_its_own_sentence(nom: str, content: bytes, sentence: str):
    with pytest.raises(FichierRefuse) as refusal:
        clean_picture(sent(nom, content))
    assert sentence in plain(refusal.value)


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header announces any size."""
    content = bytearray(picture("PNG"))
    content[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    content[29:33] = zlib.crc32(bytes(content[12:29])).to_bytes(4, "big")
    return bytes(content)


@pytest.mark.parametrize(
    ("width", "height", "sentence"),
    [
        (5100, 5000, "L’image « photo.png » mesure 5 100 × 5 000 points. Réduisez-la à 25 millions de points au plus."),
        (10_000, 12_000, "a beaucoup trop de points."),
        (30_000, 30_000, "a beaucoup trop de points."),
    ],
)
def test_picture_of_too_many_pixels_is_refused_before_it_is_decoded(width: int, height: int, sentence: str):
    with pytest.raises(FichierRefuse) as refusal:
        clean_picture(sent("photo.png", png_that_claims(width, height)))
    assert sentence in plain(refusal.value)


def test_photo_in_jpeg_may_be_larger_since_it_is_decoded_smaller():
    assert opened(clean_picture(sent("photo.jpg", picture(size=(7000, 5000))))).size == (2000, 1429)


@pytest.mark.parametrize(("size", "kept"), [((4000, 3000), (4000, 3000)), ((7000, 5000), (3500, 2500))])
def test_a_larger_side_may_be_asked_for(size: tuple[int, int], kept: tuple[int, int]):
    assert opened(clean_picture(sent("photo.jpg", picture(size=size)), max_side=4000)).size == kept


def test_picture_too_heavy_is_refused():
    with pytest.raises(FichierRefuse, match="pèse 1,3.Mo, pour 1.Mo au plus"):
        clean_picture(sent("photo.jpg", picture().ljust(1_300_000)), max_bytes=1024**2)


@pytest.mark.parametrize("nom", ["IMG_0042.HEIC", "IMG_0042.jpg"])
def test_photo_of_25_megabytes_is_refused_with_what_to_do(nom: str):
    with pytest.raises(FichierRefuse) as refusal:
        clean_picture(sent(nom, picture().ljust(25 * 1024**2)))
    assert plain(refusal.value) == (
        f"Le fichier « {nom} » pèse 25 Mo, pour 15 Mo au plus. Choisissez une taille plus petite : votre téléphone le "
        "propose au moment de joindre la photo."
    )
