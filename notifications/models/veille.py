"""What `manage.py veille` leaves of itself: its heartbeat, and the last run of each timed act."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.utils import timezone

BATTEMENT = timedelta(seconds=5)
MORTE_APRES = timedelta(seconds=60)


class VeilleQuerySet(models.QuerySet):
    def alive(self) -> Self:
        return self.filter(arretee_le=None, battement_le__gte=timezone.now() - MORTE_APRES)


class Veille(models.Model):
    """One process, from its start to its end; a killed one simply stops beating."""

    identifiant = models.CharField(max_length=64, primary_key=True)
    lancee_le = models.DateTimeField("lancée le", default=timezone.now)
    battement_le = models.DateTimeField("dernier signe le", default=timezone.now)
    arretee_le = models.DateTimeField("arrêtée le", null=True, blank=True)

    objects = VeilleQuerySet.as_manager()

    class Meta:
        ordering = ["-battement_le"]

    def __str__(self) -> str:
        return self.identifiant


class Passage(models.Model):
    """The last run of one timed act: kept in the database, a restart neither skips one nor repeats one."""

    nom = models.CharField(max_length=100, primary_key=True)
    commence_le = models.DateTimeField("commencé le", null=True, blank=True)
    fini_le = models.DateTimeField("fini le", null=True, blank=True)
    reussi_le = models.DateTimeField("réussi le", null=True, blank=True)
    veille = models.CharField(max_length=64, blank=True)
    echecs = models.PositiveIntegerField("échecs de suite", default=0)
    erreur = models.TextField(blank=True)

    class Meta:
        ordering = ["nom"]

    def __str__(self) -> str:
        return self.nom
