"""Files of the tests: real ones, small."""

import io

import factory
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.test import Client
from factory.django import DjangoModelFactory
from PIL import Image
from wagtail.models import Collection

from ressources.models import DocumentPrive, ImagePrivee

PDF = b"%PDF-1.7\n" + b"1 0 obj<</Type/Catalog>>endobj\n" * 40 + b"trailer<</Root 1 0 R>>\n%%EOF\n"


def picture(color: str = "teal", size: tuple[int, int] = (64, 48), kind: str = "JPEG", **save: object) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, color).save(buffer, kind, **save)
    return buffer.getvalue()


def fetch(client: Client, url: str, **options: object) -> HttpResponse:
    """GET, read to the end as a browser does: `data` holds the bytes."""
    response = client.get(url, **options)
    response.data = b"".join(response.streaming_content) if response.streaming else response.content
    return response


def collection(nom: str) -> Collection:
    return Collection.objects.get(name=nom)


class DocumentFactory(DjangoModelFactory):
    class Meta:
        model = DocumentPrive
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Document {n}")
    collection = factory.LazyFunction(lambda: collection("Actualités et pages"))
    file = factory.Sequence(lambda n: ContentFile(PDF + str(n).encode(), name=f"délibération-{n}.pdf"))

    @factory.post_generation
    def metadata(self: DocumentPrive, create: bool, extracted: object, **kwargs: object) -> None:
        self._set_document_file_metadata()
        self.save()
        self.file.close()


class ImageFactory(DjangoModelFactory):
    class Meta:
        model = ImagePrivee
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Image {n}")
    description = "Un carré de couleur"
    collection = factory.LazyFunction(lambda: collection("Actualités et pages"))
    file = factory.Sequence(lambda n: ContentFile(picture(size=(64 + n % 50, 48)), name=f"carre-{n}.jpg"))

    @factory.post_generation
    def metadata(self: ImagePrivee, create: bool, extracted: object, **kwargs: object) -> None:
        self._set_image_file_metadata()
        self.save()
        self.file.close()
