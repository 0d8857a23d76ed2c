import io
import zipfile
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageDraw
from pillow_heif import from_pillow

from extranet.lib.uploads import FichierRefuse, check_document, check_name, clean_picture

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"
PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00This program cannot be run in DOS mode"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 64
GPS, ORIENTATION, MODEL = 0x8825, 0x0112, 0x0110


def sent(nom: str, content: bytes) -> SimpleUploadedFile:
    """A file as a form gives it; Django would already have cut its path."""
    fichier = SimpleUploadedFile("x", content)
    fichier._name = nom
    return fichier


def plain(text: object) -> str:
    return str(text).replace("\u00a0", " ").replace("\u202f", " ")


def archive(**entries: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for name, content in entries.items():
            # A fixed date: every worker must name the test alike.
            target.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content)
    return buffer.getvalue()


def office(folder: str) -> bytes:
    return archive(**{"[Content_Types].xml": b"<Types/>", f"{folder}/document.xml": b"<w/>"})


def open_document(kind: str) -> bytes:
    return archive(mimetype=f"application/vnd.oasis.opendocument.{kind}".encode(), **{"content.xml": b"<o/>"})


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **options) -> bytes:
    """Red at the top left, blue elsewhere: a turn shows."""
    image = Image.new("RGB", size, "blue")
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2, size[1] // 2), fill="red")
    buffer = io.BytesIO()
    image.convert(mode).save(buffer, kind, **options)
    return buffer.getvalue()


def exif(orientation: int) -> Image.Exif:
    tags = Image.Exif()
    tags[ORIENTATION], tags[MODEL] = orientation, "Téléphone de Zoé"
    tags.get_ifd(GPS).update({1: "N", 2: (47.0, 5.0, 0.0), 3: "E", 4: (5.0, 29.0, 0.0)})
    return tags


@pytest.mark.parametrize(
    ("nom", "kept"),
    [
        ("Délibération n° 12 (1).pdf", "Délibération n° 12 (1).pdf"),
        ("De\u0301libe\u0301ration.pdf", "Délibération.pdf"),
        ("  plan.pdf ", "plan.pdf"),
        ("plan.pdf.", "plan.pdf"),
        ("Quel avenir ?.pdf", "Quel avenir -.pdf"),
        ("contrat.pdf", "contrat.pdf"),
        ("CONseil.pdf", "CONseil.pdf"),
        ("a" * 196 + ".pdf", "a" * 196 + ".pdf"),
    ],
)
def test_good_name_is_kept(nom: str, kept: str):
    assert check_name(nom) == kept


@pytest.mark.parametrize(
    ("nom", "sentence"),
    [
        ("../../etc/passwd", "Le nom « ../../etc/passwd » contient un chemin de dossier."),
        ("C:\\Users\\zoe\\plan.pdf", "contient un chemin de dossier."),
        ("plan\0.pdf", "Le nom « plan�.pdf » contient un caractère invisible."),
        ("plan\n.pdf", "contient un caractère invisible."),
        ("plan\ud800.pdf", "contient un caractère invisible."),
        ("facture\u202efdp.exe", "contient un caractère qui inverse le sens de lecture"),
        ("a" * 296 + ".pdf", "compte 300 caractères. Raccourcissez-le à 200 au plus."),
        ("CON.pdf", "« CON.pdf » est un nom réservé par Windows"),
        ("lpt1.tar.gz", "est un nom réservé par Windows"),
        ("...", "Ce fichier n’a pas de nom."),
        ("   ", "Ce fichier n’a pas de nom."),
        ("", "Ce fichier n’a pas de nom."),
    ],
)
def test_dangerous_name_is_refused_with_its_own_sentence(nom: str, sentence: str):
    with pytest.raises(FichierRefuse) as refusal:
        check_document(sent(nom, PDF))
    assert sentence in plain(refusal.value)
    assert "\0" not in str(refusal.value)
    assert "\u202e" not in str(refusal.value)


@given(st.text(max_size=250))
def test_kept_name_is_safe_on_any_system(nom: str):
    try:
        kept = check_name(nom)
    except FichierRefuse:
        return
    assert kept == check_name(kept)
    assert not set(kept) & set('/\\<>:"|?*\0\n\u202e')
    assert kept.strip(" .")


@pytest.mark.parametrize(
    ("nom", "content"),
    [
        ("plan.pdf", PDF),
        ("scan.PDF", b"\xef\xbb\xbf\n" + PDF),
        ("courrier.docx", office("word")),
        ("budget.xlsx", office("xl")),
        ("conseil.pptx", office("ppt")),
        ("courrier.odt", open_document("text")),
        ("budget.ods", open_document("spreadsheet")),
        ("conseil.odp", open_document("presentation")),
        ("note.rtf", b"{\\rtf1 Bonjour}"),
        ("agents.csv", "Nom;Prénom\nThévenin;Jean-Marc".encode("cp1252")),
        ("MZ.txt", b"MZ, les initiales de Mireille Zeller"),
    ],
)
def test_good_document_is_accepted_and_left_at_its_beginning(nom: str, content: bytes):
    fichier = sent(nom, content)
    assert check_document(fichier) == nom
    assert fichier.read() == content


@pytest.mark.parametrize(
    ("nom", "content", "sentence"),
    [
        ("vide.pdf", b"", "Le fichier « vide.pdf » est vide."),
        ("outil.exe", PROGRAM, "« outil.exe » est un programme. Les programmes ne sont pas acceptés."),
        ("rapport.pdf.exe", PROGRAM, "n’est pas un .pdf : sa vraie extension est .exe, celle d’un programme."),
        ("rapport.pdf", PROGRAM, "est en réalité un programme. Ne l’ouvrez pas"),
        ("rapport.txt", b"#!/bin/sh\nrm -rf /", "est en réalité un programme."),
        ("page.pdf", b"<!DOCTYPE html><script>alert(1)</script>", "est en réalité une page web."),
        ("page.txt", b"\n <!-- x --><SCRIPT>1</SCRIPT>", "est en réalité une page web."),
        ("plan.docm", office("word"), "contient des macros, qui ne sont pas acceptées. Enregistrez-le au format .docx"),
        ("budget.xlsm", office("xl"), "Enregistrez-le au format .xlsx ou .pdf puis recommencez."),
        ("courrier.doc", OLE, "est à un ancien format. Enregistrez-le au format .docx ou .pdf"),
        ("courrier.docx", OLE, "ou protégé par un mot de passe. Enregistrez-le au format .docx, sans mot de passe."),
        ("logo.svg", b"<svg/>", "est un SVG, qui peut contenir du code. Enregistrez-le en PNG ou en PDF."),
        ("photos.rar", b"Rar!\x1a\x07\x01\0", "Le format .rar de « photos.rar » n’est pas accepté."),
        ("LISEZMOI", b"bonjour", "n’a pas d’extension. Ajoutez-la à son nom, par exemple « LISEZMOI.pdf »."),
        (".pdf", PDF, "n’a pas d’extension."),
        ("plan.pdf", picture(), "porte l’extension .pdf mais contient une image JPEG."),
        ("plan.docx", PDF, "porte l’extension .docx mais contient un PDF."),
        ("plan.docx", office("xl"), "porte l’extension .docx mais contient un classeur Excel."),
        ("plan.odt", archive(x=b""), "porte l’extension .odt mais contient une archive ZIP."),
        ("plan.docx", office("word")[:40], "contient quelque chose que nous ne reconnaissons pas."),
        ("dessin.txt", b'<?xml version="1.0"?>\n<svg onload="x()"/>', "contient un dessin SVG."),
    ],
)
def test_bad_document_is_refused_with_its_own_sentence(nom: str, content: bytes, sentence: str):
    with pytest.raises(FichierRefuse) as refusal:
        check_document(sent(nom, content))
    assert sentence in plain(refusal.value)


def test_document_at_the_limit_is_accepted_and_one_byte_more_is_refused():
    assert check_document(sent("plan.pdf", PDF.ljust(2 * 1024**2)), max_bytes=2 * 1024**2) == "plan.pdf"
    with pytest.raises(FichierRefuse, match="pèse 2.Mo, pour 2.Mo au plus"):
        check_document(sent("plan.pdf", PDF.ljust(2 * 1024**2 + 1)), max_bytes=2 * 1024**2)


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


def test_picture_too_heavy_is_refused():
    with pytest.raises(FichierRefuse, match="pèse 1,2.Mo, pour 1.Mo au plus"):
        clean_picture(sent("photo.jpg", picture().ljust(1_300_000)), max_bytes=1024**2)
