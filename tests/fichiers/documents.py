"""PDF, texts, mails and pictures."""

import io
import random
from datetime import date
from email.message import EmailMessage
from functools import cache

import typst
from openpyxl import Workbook
from PIL import Image
from pillow_heif import from_pillow
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from tests.lib.envois import exif, picture

_PAGE = '#set document(title: "{title}")\n#set page(paper: "a4")\n#set text(lang: "fr")\n{body}'


@cache
def pdf(body: str, *, title: str = "", standard: str | None = None) -> bytes:
    """A real PDF with its text. `standard`: « a-2b » for an archive."""
    source = _PAGE.format(title=title, body=body).encode()
    return typst.compile(source, format="pdf", pdf_standards=[standard] if standard else [])


def changed(change: str) -> bytes:
    """A sane PDF to which `change` adds what it should not hold."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("= Règlement intérieur"))))
    root, name = writer.root_object, NameObject
    if change == "javascript":
        root[name("/OpenAction")] = _action("/JavaScript", "/JS", "app.alert(1)")
    elif change == "javascript en page":
        writer.pages[0][name("/AA")] = DictionaryObject({name("/O"): _action("/JavaScript", "/JS", "app.alert(1)")})
    elif change == "lancement":
        root[name("/OpenAction")] = _action("/Launch", "/F", "cmd.exe")
    elif change == "lancement par un autre objet":
        root[name("/OpenAction")] = _action("/Launch", "/F", "cmd.exe")
        root["/OpenAction"][name("/S")] = writer._add_object(name("/Launch"))
    elif change == "fichier joint":
        writer.add_attachment("facture.exe", b"MZ")
    elif change == "mot de passe":
        writer.encrypt("secret", algorithm="AES-128")
    elif change == "droits":
        writer.encrypt("", "secret", algorithm="AES-128")
    elif change == "formulaire":
        root[name("/AcroForm")] = DictionaryObject(
            {name("/XFA"): ArrayObject([TextStringObject("a"), TextStringObject("b")]), name("/Fields"): ArrayObject()}
        )
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _action(kind: str, key: str, value: str) -> DictionaryObject:
    return DictionaryObject({NameObject("/S"): NameObject(kind), NameObject(key): TextStringObject(value)})


@cache
def scan(megabytes: int) -> bytes:
    """Pages of noise in JPEG, one megabyte or so each, as a copier writes them: pictures and no letter."""
    noise = random.Random(1)
    page = Image.frombytes("L", (1240, 1754), noise.randbytes(1240 * 1754))
    buffer = io.BytesIO()
    pages = [page.rotate(90 * turn) if turn % 2 else page for turn in range(megabytes)]
    pages[0].save(buffer, "PDF", save_all=True, append_images=pages[1:], resolution=150, quality=70)
    return buffer.getvalue()


def xlsx() -> bytes:
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Budget 2027"
    sheet.append(["Opération", "Date", "Montant", "Voté"])
    sheet.append(["Réfection du préau", date(2027, 3, 1), 12500.5, True])
    sheet["F2"] = "à revoir"
    workbook.create_sheet("Dépenses").append(["Éclairage", 3])
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def eml() -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = "Préfecture <contact@prefecture.example>", "mairie@champvans.example"
    message["Subject"] = "Circulaire sur les élections"
    message.set_content("Vous trouverez ci-joint la circulaire.\nLe délai court jusqu’au 3 mars.")
    message.add_attachment(pdf("Annexe"), maintype="application", subtype="pdf", filename="circulaire été.pdf")
    return message.as_bytes()


RTF = (
    rb"{\rtf1\ansi\ansicpg1252\uc1{\fonttbl{\f0 Arial;}}{\*\generator X;}{\info{\title Arr\'eat\'e9 de circulation}}"
    rb"{\pict\pngblip 89504e47}\pard Le maire arr\'eate\u160? :\par "
    rb"\b Article 1\b0\tab Le pont\u8217'est ferm\'e9.\page Fin\par}"
)


def phone_photo() -> bytes:
    """Held upright: the sensor wrote it lying down, with the place and the device."""
    return picture(size=(800, 600), exif=exif(6), quality=90)


def heic() -> bytes:
    buffer = io.BytesIO()
    from_pillow(Image.open(io.BytesIO(picture(size=(64, 48))))).save(buffer, quality=90, exif=exif(6).tobytes())
    return buffer.getvalue()
