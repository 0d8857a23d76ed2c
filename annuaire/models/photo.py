"""Photos of people, which only their consent allows, and the proof of that consent."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from annuaire.enums import SensConsentement
from collectivites.models import Agent
from extranet.lib.stockage import stockage_prive

if TYPE_CHECKING:
    from collections.abc import Iterator


class Consentement(models.Model):
    """What a person accepted, or took back, word for word (RGPD art. 7): only ever added to.

    `par` is who recorded it: the person, or a gestionnaire who holds their written agreement.
    """

    wagtail_reference_index_ignore = True

    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="consentements")
    sens = models.CharField(max_length=10, choices=SensConsentement)
    version = models.CharField(max_length=20, help_text="Version du texte présenté.")
    texte = models.TextField("texte présenté")
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="enregistré par", on_delete=models.PROTECT, related_name="+"
    )
    le = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-le", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(sens__in=SensConsentement.values), name="consentement_sens_connu"),
            models.CheckConstraint(condition=~Q(version="") & ~Q(texte=""), name="consentement_a_un_texte"),
        ]

    def __str__(self) -> str:
        return f"{self.get_sens_display()}, {self.agent}, {timezone.localtime(self.le):%d/%m/%Y}"


class PhotoQuerySet(models.QuerySet):
    def visible_to(self, agent: "Agent | None") -> Self:
        """Those of the people whose card one may read."""
        return self.filter(agent__in=Agent.objects.visible_to(agent))


class Photo(models.Model):
    """The portrait of an agent: square, re-encoded, without metadata, in three sizes. No row without a consent.

    `fichier` is for the card (640 px, WebP), `vignette` for lists (192 px, WebP), `imprimable` for the printed
    trombinoscope (236 px, JPEG: 14 mm at 300 dpi with a little room, and Typst takes no WebP). `cle` is in the address
    of the picture: another photo has another address, and the former one opens nothing.
    """

    wagtail_reference_index_ignore = True

    agent = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="photo")
    consentement = models.OneToOneField(Consentement, on_delete=models.PROTECT, related_name="photo")
    cle = models.CharField(max_length=32, unique=True, editable=False)
    fichier = models.FileField(upload_to="portraits", storage=stockage_prive, max_length=255)
    vignette = models.FileField(upload_to="portraits", storage=stockage_prive, max_length=255)
    imprimable = models.FileField(upload_to="portraits", storage=stockage_prive, max_length=255)
    deposee_le = models.DateTimeField(default=timezone.now)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        verbose_name = "photo"

    def __str__(self) -> str:
        return f"Photo, {self.agent}"

    def fichiers(self) -> "Iterator[models.fields.files.FieldFile]":
        yield from (self.fichier, self.vignette, self.imprimable)

    @property
    def url(self) -> str:
        return reverse("annuaire:photo", args=[self.cle, "portrait"])

    @property
    def url_vignette(self) -> str:
        return reverse("annuaire:photo", args=[self.cle, "vignette"])
