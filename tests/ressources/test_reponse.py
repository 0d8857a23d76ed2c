"""How a file is answered: headers, revalidation, pieces."""

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from ressources.models import DocumentPrive
from tests.distribution import Distribution
from tests.ressources.factories import DocumentFactory, ImageFactory, fetch
from tests.ressources.pages import news
from tests.sessions import open_session

pytestmark = pytest.mark.django_db

# Python reads no number of so many digits.
TROP_LONG = {"Range": f"bytes=0-{'9' * 4400}"}


@pytest.fixture
def document(distribution: Distribution) -> DocumentPrive:
    document = DocumentFactory()
    news(distribution.a, document=document)
    return document


@pytest.fixture
def reader(distribution: Distribution) -> Client:
    return open_session(distribution.agent_a)


def content(document: DocumentPrive) -> bytes:
    with document.open_file() as file:
        return file.read()


def test_headers_of_a_document(reader: Client, document: DocumentPrive) -> None:
    response = fetch(reader, document.url)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "private, no-cache"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Accept-Ranges"] == "bytes"
    assert response["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Content-Encoding" not in response
    assert int(response["Content-Length"]) == document.file_size == len(response.data)


def test_the_name_keeps_its_accents(reader: Client, document: DocumentPrive) -> None:
    disposition = fetch(reader, document.url)["Content-Disposition"]
    assert disposition.startswith("inline; filename*=utf-8''d%C3%A9lib%C3%A9ration-")


def test_only_what_browsers_show_safely_is_shown(reader: Client, distribution: Distribution) -> None:
    document = DocumentFactory(file=ContentFile(b"<script>alert(1)</script>", name="page.html"))
    news(distribution.a, document=document)
    response = fetch(reader, document.url)
    assert response["Content-Disposition"] == 'attachment; filename="page.html"'
    assert "sandbox" in response["Content-Security-Policy"]


def test_a_reader_who_has_it_is_told_so(reader: Client, document: DocumentPrive, distribution: Distribution) -> None:
    etag = fetch(reader, document.url)["ETag"]
    again = fetch(reader, document.url, headers={"If-None-Match": etag})
    assert again.status_code == 304
    assert again["Cache-Control"] == "private, no-cache"
    assert not again.content
    stranger = open_session(distribution.elue_b)
    assert fetch(stranger, document.url, headers={"If-None-Match": etag}).status_code == 404


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [("bytes=0-9", 0, 10), ("bytes=10-", 10, None), ("bytes=-7", -7, None), ("bytes=5-99999999", 5, None)],
)
def test_a_piece(reader: Client, document: DocumentPrive, asked: str, start: int, stop: int | None) -> None:
    response = fetch(reader, document.url, headers={"Range": asked})
    expected = content(document)[start:stop]
    assert response.status_code == 206
    assert response.data == expected
    assert int(response["Content-Length"]) == len(expected)
    first = start if start >= 0 else document.file_size + start
    assert response["Content-Range"] == f"bytes {first}-{first + len(expected) - 1}/{document.file_size}"


@pytest.mark.parametrize("asked", ["bytes=999999-", "bytes=9-2", "bytes=-0"])
def test_a_piece_outside_the_file(reader: Client, document: DocumentPrive, asked: str) -> None:
    response = fetch(reader, document.url, headers={"Range": asked})
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{document.file_size}"


@pytest.mark.parametrize(
    "headers", [{"Range": "bytes=0-4,10-14"}, {"Range": "lignes=1-2"}, {"Range": "bytes=-"}, TROP_LONG]
)
def test_what_is_not_a_piece_is_the_whole(reader: Client, document: DocumentPrive, headers: dict) -> None:
    response = fetch(reader, document.url, headers=headers)
    assert response.status_code == 200
    assert response.data == content(document)


def test_a_piece_of_another_version_is_the_whole(reader: Client, document: DocumentPrive) -> None:
    response = fetch(reader, document.url, headers={"Range": "bytes=0-9", "If-Range": '"ancienne"'})
    assert response.status_code == 200


def test_head_has_no_body(reader: Client, document: DocumentPrive) -> None:
    response = reader.head(document.url)
    assert response.status_code == 200
    assert int(response["Content-Length"]) == document.file_size


def test_nothing_is_written_by_reading(reader: Client, document: DocumentPrive) -> None:
    assert reader.post(document.url).status_code == 405
    assert reader.delete(document.url).status_code == 405


def test_an_image_is_a_light_webp(reader: Client, distribution: Distribution) -> None:
    image = ImageFactory()
    news(distribution.a, image=image)
    response = fetch(reader, image.get_rendition("width-40").url)
    assert response["Content-Type"] == "image/webp"
    assert response["Content-Disposition"].startswith("inline")
    assert response.data[8:12] == b"WEBP"
