"""Weekly presence: where an agent is, half-day by half-day."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q

from collectivites.models.poste import Poste
from extranet.lib.demi_journees import Jour, Moment, Semaine, parity


class PresenceQuerySet(models.QuerySet):
    def on(self, day: date) -> Self:
        """The half-days worked on that date, by its day and the parity of its ISO week."""
        return self.filter(jour=day.isoweekday(), semaine__in=[Semaine.TOUTES, parity(day)])


class Presence(models.Model):
    """One half-day of the week in a poste, with its hours when they are known."""

    poste = models.ForeignKey(Poste, on_delete=models.CASCADE, related_name="presences")
    jour = models.PositiveSmallIntegerField(choices=Jour)
    moment = models.CharField(max_length=10, choices=Moment)
    semaine = models.CharField(max_length=10, choices=Semaine, default=Semaine.TOUTES)
    heure_debut = models.TimeField("de", null=True, blank=True)
    heure_fin = models.TimeField("à", null=True, blank=True)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        verbose_name = "présence"
        ordering = ["jour", "-moment", "semaine"]
        constraints = [
            models.UniqueConstraint(
                fields=["poste", "jour", "moment", "semaine"],
                name="presence_unique",
                violation_error_message="Cette demi-journée est déjà notée.",
            ),
            models.CheckConstraint(
                condition=Q(heure_debut=None, heure_fin=None)
                | Q(heure_debut__isnull=False, heure_fin__isnull=False, heure_fin__gt=F("heure_debut")),
                name="presence_heures_dans_l_ordre",
                violation_error_message="Donnez l’heure de début et l’heure de fin, dans l’ordre.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_jour_display()} {self.get_moment_display()}, {self.poste}"
