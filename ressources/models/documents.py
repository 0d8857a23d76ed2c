"""The files of the site: Wagtail's documents and images, private, with their credit and licence."""

from pathlib import Path

from django.db import models
from django.urls import reverse
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import (
    AbstractImage,
    AbstractRendition,
    WagtailImageField,
    get_rendition_upload_to,
    get_upload_to,
)

from extranet.lib.stockage import stockage_prive
from ressources.enums import Licence


class DocumentPrive(AbstractDocument):
    """A document of a page or of a resource; read through our own view only."""

    file = models.FileField("fichier", upload_to="documents", storage=stockage_prive)
    credit = models.CharField("crédit", max_length=200, blank=True)
    licence = models.CharField(max_length=20, choices=Licence, default=Licence.INTERNE)

    admin_form_fields = ("title", "file", "collection", "credit", "licence", "tags")

    class Meta(AbstractDocument.Meta):
        verbose_name = "document"
        verbose_name_plural = "documents"

    def clean(self) -> None:
        """Wagtail complains of the extension of a file that was refused: one refusal is enough."""
        if self.file:
            super().clean()

    @property
    def url(self) -> str:
        return reverse("ressources:document", args=[self.pk, self.filename])

    @property
    def etag(self) -> str:
        return self.file_hash or f"{self.pk}-{self.file_size}"


class ImagePrivee(AbstractImage):
    """A picture with its text alternative. What is stored was re-encoded: no EXIF, so no place where it was taken."""

    file = WagtailImageField(
        verbose_name="fichier",
        upload_to=get_upload_to,
        width_field="width",
        height_field="height",
        storage=stockage_prive,
    )
    description = models.CharField(
        "texte alternatif",
        max_length=255,
        help_text="Ce que montre l’image, pour qui ne la voit pas : « La nacelle devant la mairie d’Authume ».",
    )
    credit = models.CharField("crédit", max_length=200, blank=True)
    licence = models.CharField(max_length=20, choices=Licence, default=Licence.INTERNE)

    admin_form_fields = (
        *("title", "description", "file", "collection", "credit", "licence", "tags"),
        *("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height"),
    )

    class Meta(AbstractImage.Meta):
        verbose_name = "image"
        verbose_name_plural = "images"

    @property
    def default_alt_text(self) -> str:
        return self.description

    @property
    def etag(self) -> str:
        return self.file_hash or f"{self.pk}-{self.file_size}"


class Declinaison(AbstractRendition):
    """A picture at the size of its place; private as the picture is."""

    image = models.ForeignKey(ImagePrivee, on_delete=models.CASCADE, related_name="renditions")
    file = WagtailImageField(
        verbose_name="fichier",
        upload_to=get_rendition_upload_to,
        width_field="width",
        height_field="height",
        storage=stockage_prive,
    )

    class Meta:
        verbose_name = "déclinaison"
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="rendition_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.image}, {self.filter_spec}"

    @property
    def url(self) -> str:
        return reverse("ressources:rendition", args=[self.pk])

    @property
    def nom_fichier(self) -> str:
        return Path(self.file.name).name

    @property
    def etag(self) -> str:
        """Changes with the picture, the size and the framing."""
        return f"{self.image.etag}-{self.filter_spec}-{self.focal_point_key}".replace('"', "")
