"""Files sent through the admin: every door looks into them."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from wagtail.models import UploadedFile

from ressources.models import DocumentPrive, ImagePrivee
from tests.distribution import Distribution
from tests.ressources.factories import PDF, DocumentFactory, collection, picture
from tests.sessions import open_session

pytestmark = pytest.mark.django_db

GPS_TAG, DESCRIPTION_TAG = 0x8825, 0x010E


@pytest.fixture
def responsable(distribution: Distribution) -> Client:
    return open_session(distribution.responsable)


def sent(name: str, content: bytes, kind: str = "application/octet-stream") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=kind)


def photo_of_home() -> bytes:
    """A photo that says where it was taken."""
    exif = Image.Exif()
    exif[DESCRIPTION_TAG] = "chez moi"
    exif.get_ifd(GPS_TAG)[2] = (47.0, 5.0, 30.0)
    return picture(exif=exif)


def add_document(client: Client, file: SimpleUploadedFile, **more: object) -> object:
    data = {"title": "Règlement", "collection": collection("Ressources").pk, "licence": "interne", "file": file, **more}
    return client.post("/admin/documents/add/", data)


def add_image(client: Client, file: SimpleUploadedFile, **more: object) -> object:
    data = {
        "title": "La mairie",
        "description": "La façade de la mairie",
        "collection": collection("Ressources").pk,
        "licence": "interne",
        "file": file,
        **more,
    }
    return client.post("/admin/images/add/", data)


def metadata_of(image: ImagePrivee) -> dict:
    with image.open_file() as file, Image.open(file) as stored:
        return {**stored.getexif(), **{key: stored.info[key] for key in ("exif", "comment") if key in stored.info}}


DOORS = {
    "one": lambda client, file: client.post(
        "/admin/documents/add/", {"title": "X", "collection": collection("Ressources").pk, "file": file}
    ),
    "several": lambda client, file: client.post(
        "/admin/documents/multiple/add/",
        {"title": "X", "collection": collection("Ressources").pk, "files[]": file},
        headers={"X-Requested-With": "XMLHttpRequest"},
    ),
    "chooser": lambda client, file: client.post(
        "/admin/documents/chooser/create/",
        {
            "document-chooser-upload-title": "X",
            "document-chooser-upload-collection": collection("Ressources").pk,
            "document-chooser-upload-file": file,
        },
    ),
}
HOSTILE = {
    "un programme": ("rapport.pdf", b"MZ\x90\x00\x03\x00\x00\x00" + b"\x00" * 600, "est en réalité un programme"),
    "une page web": ("plan.pdf", b"<!DOCTYPE html><script>alert(1)</script>", "est en réalité une page web"),
    "deux extensions": ("rapport.pdf.exe", PDF, "celle d’un programme"),
    "des macros": ("budget.xlsm", b"PK\x03\x04", "contient des macros"),
    "un dessin": ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "peut contenir du code"),
    "rien": ("vide.pdf", b"", "est vide"),
    "sens inversé": ("rapport\u202efdp.exe", PDF, "inverse le sens de lecture"),
    "nom réservé": ("CON.pdf", PDF, "réservé par Windows"),
    "du texte": ("lettre.docx", b"Bonjour", "mais contient du texte"),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_document_is_refused_at_every_door(responsable: Client, door: str, case: str) -> None:
    name, content, words = HOSTILE[case]
    response = DOORS[door](responsable, sent(name, content))
    assert response.status_code == 200
    text = response.content.decode() if door == "one" else _json_text(response)
    assert words in text.replace("\u00a0", " ").replace("\u202f", " ")
    assert "Les extensions autorisées" not in text
    assert not DocumentPrive.objects.exists()
    assert not UploadedFile.objects.exists()


def _json_text(response: object) -> str:
    data = response.json()
    return data.get("error_message") or data.get("htmlFragment") or data["html"]


def test_a_document_too_large_is_told_its_size_once(responsable: Client, settings: object) -> None:
    settings.WAGTAILDOCS_MAX_UPLOAD_SIZE = 1024 * 1024
    response = add_document(responsable, sent("gros.pdf", PDF + b"0" * 2 * 1024 * 1024))
    errors = response.context["form"].errors["file"]
    assert len(errors) == 1
    assert "pèse 2,1 Mo, pour 1 Mo au plus" in errors[0].replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("name", "content"),
    [("Délibération n° 12.pdf", PDF), ("liste.csv", "nom;prénom\n".encode()), ("note.txt", b"Bonjour\n")],
)
def test_a_good_document_is_kept_under_its_name(responsable: Client, name: str, content: bytes) -> None:
    assert add_document(responsable, sent(name, content)).status_code == 302
    document = DocumentPrive.objects.get()
    assert document.title == "Règlement"
    assert document.uploaded_by_user.slug == "rachel-agglo"
    assert document.file_size == len(content)
    assert document.filename.startswith(name[:5])


def test_a_document_sent_twice_asks_before_keeping_both(responsable: Client) -> None:
    add_document(responsable, sent("plan.pdf", PDF))
    again = add_document(responsable, sent("copie.pdf", PDF), title="Copie")
    assert "déjà là sous le titre « Règlement »" in str(again.context["form"].errors["file"]).replace("\u00a0", " ")
    assert "Garder les deux" in again.content.decode()
    assert DocumentPrive.objects.count() == 1
    assert add_document(responsable, sent("copie.pdf", PDF), title="Copie", garder_doublon="on").status_code == 302
    assert DocumentPrive.objects.count() == 2


def test_nobody_learns_that_others_hold_a_file(responsable: Client) -> None:
    root = collection("Ressources").get_root()
    DocumentFactory(collection=root.add_child(name="Paie"), title="Fiches de paie", file__data=PDF)
    assert add_document(responsable, sent("plan.pdf", PDF)).status_code == 302


def test_a_photo_forgets_where_it_was_taken(responsable: Client) -> None:
    assert add_image(responsable, sent("maison.jpg", photo_of_home(), "image/jpeg")).status_code == 302
    image = ImagePrivee.objects.get()
    assert metadata_of(image) == {}
    assert image.file_hash


def test_a_photo_sent_with_others_forgets_it_too(responsable: Client) -> None:
    """Wagtail puts it aside as it was sent, since its text alternative is missing, and keeps it as it is."""
    response = responsable.post(
        "/admin/images/multiple/add/",
        {
            "title": "Maison",
            "collection": collection("Ressources").pk,
            "files[]": sent("maison.jpg", photo_of_home(), "image/jpeg"),
        },
        headers={"X-Requested-With": "XMLHttpRequest"},
    )
    aside = UploadedFile.objects.get()
    prefix = f"uploaded-image-{aside.pk}"
    assert response.json()["success"]
    url = f"/admin/images/multiple/create_from_uploaded_image/{aside.pk}/"
    data = {f"{prefix}-title": "Maison", f"{prefix}-collection": collection("Ressources").pk}
    data[f"{prefix}-licence"] = "interne"
    refused = responsable.post(url, data).json()
    assert not refused["success"]
    done = responsable.post(url, {**data, f"{prefix}-description": "Une maison"}).json()
    assert done["success"], done
    image = ImagePrivee.objects.get()
    assert metadata_of(image) == {}
    with image.open_file() as file:
        assert b"chez moi" not in file.read()
    assert not UploadedFile.objects.exists()


def test_what_hides_behind_an_image_is_gone(responsable: Client) -> None:
    png = picture(kind="PNG") + b"<?php system($_GET['c']); ?>"
    assert add_image(responsable, sent("logo.png", png, "image/png")).status_code == 302
    with ImagePrivee.objects.get().open_file() as file:
        assert b"php" not in file.read()


def test_an_image_needs_its_text_alternative(responsable: Client) -> None:
    response = add_image(responsable, sent("mairie.jpg", picture(), "image/jpeg"), description=" ")
    assert "description" in response.context["form"].errors
    assert not ImagePrivee.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("photo.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "est un SVG"),
        ("photo.jpg", PDF, "contient un PDF, pas une photo"),
        ("photo.jpg", picture()[:200], "abîmée ou incomplète"),
        ("photo.jpg", b"", "est vide"),
    ],
)
def test_what_is_not_an_image_is_refused(responsable: Client, name: str, content: bytes, words: str) -> None:
    response = add_image(responsable, sent(name, content, "image/jpeg"))
    assert words in str(response.context["form"].errors["file"]).replace("\u00a0", " ")
    assert not ImagePrivee.objects.exists()


def test_an_image_of_too_many_points_is_refused_before_it_is_read(responsable: Client, settings: object) -> None:
    settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS = 10_000
    response = add_image(responsable, sent("grande.png", picture(size=(300, 300), kind="PNG"), "image/png"))
    assert "Réduisez-la" in str(response.context["form"].errors["file"])


def test_the_lists_and_the_pages_of_files_open(responsable: Client) -> None:
    add_document(responsable, sent("plan.pdf", PDF))
    add_image(responsable, sent("mairie.jpg", picture(), "image/jpeg"))
    document, image = DocumentPrive.objects.get(), ImagePrivee.objects.get()
    for url in (
        "/admin/documents/",
        f"/admin/documents/edit/{document.pk}/",
        f"/admin/documents/delete/{document.pk}/",
        f"/admin/documents/usage/{document.pk}/",
        "/admin/documents/chooser/",
        "/admin/images/",
        f"/admin/images/{image.pk}/",
        f"/admin/images/{image.pk}/delete/",
        f"/admin/images/usage/{image.pk}/",
        "/admin/images/chooser/",
        reverse("wagtailimages_chooser:chosen", args=[image.pk]),
        reverse("wagtailimages_chooser:select_format", args=[image.pk]),
        reverse("wagtaildocs_chooser:chosen", args=[document.pk]),
    ):
        assert responsable.get(url).status_code == 200, url


def test_replacing_a_document_leaves_no_old_file(responsable: Client) -> None:
    add_document(responsable, sent("plan.pdf", PDF))
    document = DocumentPrive.objects.get()
    old = document.file.name
    data = {"title": "Nouveau", "collection": document.collection_id, "licence": "interne"}
    file = io.BytesIO(PDF + b"nouveau")
    file.name = "nouveau.pdf"
    assert responsable.post(f"/admin/documents/edit/{document.pk}/", {**data, "file": file}).status_code == 302
    document.refresh_from_db()
    assert document.file.name != old
    assert not document.file.storage.exists(old)
