"""Habilitations that end: what was said of it, and when."""

from django.db import models
from django.utils import timezone

from collectivites.models import Habilitation


class RappelTitre(models.Model):
    """A mairie was told that an habilitation ends in `palier` months: once each."""

    habilitation = models.ForeignKey(Habilitation, on_delete=models.CASCADE, related_name="rappels")
    palier = models.PositiveSmallIntegerField("mois avant la fin")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["habilitation", "palier"], name="rappeltitre_une_fois")]

    def __str__(self) -> str:
        return f"{self.habilitation}, {self.palier} mois"
