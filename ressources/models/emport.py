"""What a reader takes away: documents in one archive, and the secret addresses that their programmes read."""

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Q, Sum
from django.utils import timezone

from collectivites.models import Theme
from ressources.models.fichier import VersionFichier

if TYPE_CHECKING:
    from collectivites.models import Agent

# A lot is taken the same day, or asked for again.
VIE = timedelta(hours=24)
# One that is not ready by then never will be: its task failed.
PATIENCE = timedelta(minutes=15)


class LotQuerySet(models.QuerySet):
    def visible_to(self, agent: "Agent | None") -> Self:
        """One’s own, for a day."""
        if agent is None or not agent.is_authenticated:
            return self.none()
        return self.filter(agent=agent, created_at__gt=timezone.now() - VIE)


class Lot(models.Model):
    """Documents that somebody takes together: the list of the versions, never their bytes.

    The archive is made while it is sent, each version asked through the gate just before it is written. Preparing a lot
    is reading each file once, to know that it is whole and to compute what an archive says of it before its bytes.
    """

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    titre = models.CharField(max_length=200)
    created_at = models.DateTimeField("demandé le", default=timezone.now)
    pret_le = models.DateTimeField("prêt le", null=True, blank=True)
    pris_le = models.DateTimeField("pris le", null=True, blank=True)

    objects = LotQuerySet.as_manager()

    class Meta:
        verbose_name = "lot de documents"
        verbose_name_plural = "lots de documents"
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(pris_le=None) | Q(pret_le__isnull=False), name="lot_pris_apres_avoir_ete_pret"
            )
        ]

    def __str__(self) -> str:
        return self.titre

    @property
    def fin(self) -> datetime:
        return self.created_at + VIE

    @property
    def is_lost(self) -> bool:
        """Its task failed, or nothing runs the tasks."""
        return self.pret_le is None and self.created_at < timezone.now() - PATIENCE

    def compte(self) -> dict[str, int]:
        """Files, their weight, and how many were read. One query."""
        return self.pieces.aggregate(
            nombre=Count("pk"), lues=Count("pk", filter=Q(lue=True)), poids=Sum("version__taille", default=0)
        )


class PieceLot(models.Model):
    """A version of a lot, under its name in the archive. `crc` stays empty when the file could not be read."""

    lot = models.ForeignKey(Lot, on_delete=models.CASCADE, related_name="pieces")
    rang = models.PositiveIntegerField()
    version = models.ForeignKey(VersionFichier, on_delete=models.CASCADE, related_name="+")
    chemin = models.CharField("nom dans l’archive", max_length=200)
    lue = models.BooleanField(default=False)
    crc = models.PositiveBigIntegerField("CRC-32", null=True, blank=True)

    class Meta:
        verbose_name = "pièce d’un lot"
        verbose_name_plural = "pièces d’un lot"
        ordering = ["rang"]
        constraints = [
            models.UniqueConstraint(fields=["lot", "rang"], name="piece_rang_unique"),
            models.UniqueConstraint(fields=["lot", "version"], name="piece_une_fois_par_lot"),
            models.UniqueConstraint(fields=["lot", "chemin"], name="piece_nom_unique"),
            models.CheckConstraint(condition=Q(crc=None) | Q(lue=True, crc__lt=2**32), name="piece_crc_lue"),
        ]

    def __str__(self) -> str:
        return self.chemin


class LienFlux(models.Model):
    """The secret address of a feed: the documents of `theme`, or without one the review dates of its holder.

    Only the fingerprint of its token is kept, and the person it was given to: their poste ended, it answers no more.
    """

    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    empreinte = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("créé le", default=timezone.now)
    revoque_le = models.DateTimeField("révoqué le", null=True, blank=True)
    lu_le = models.DateField("lu le", null=True, blank=True)

    class Meta:
        verbose_name = "lien de flux des ressources"
        verbose_name_plural = "liens de flux des ressources"
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["agent"], condition=Q(revoque_le=None, theme=None), name="lienflux_verifications"
            ),
            models.UniqueConstraint(fields=["agent", "theme"], condition=Q(revoque_le=None), name="lienflux_par_theme"),
        ]

    def __str__(self) -> str:
        return f"Flux, {self.theme}" if self.theme_id else "Dates de vérification"
