"""Absences announced by an agent, and who answers meanwhile."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from extranet.lib.demi_journees import DemiJournee, Moment, moment_at, periode


def _until(moment: str) -> list[str]:
    return [Moment.MATIN] if moment == Moment.MATIN else list(Moment)


def _since(moment: str) -> list[str]:
    return list(Moment) if moment == Moment.MATIN else [Moment.APRES_MIDI]


class AbsenceQuerySet(models.QuerySet):
    def on(self, day: date) -> Self:
        return self.filter(date_debut__lte=day, date_fin__gte=day)

    def covering(self, day: date, moment: str) -> Self:
        """Those that hold that half-day."""
        begun = Q(date_debut__lt=day) | Q(date_debut=day, moment_debut__in=_until(moment))
        going = Q(date_fin__gt=day) | Q(date_fin=day, moment_fin__in=_since(moment))
        return self.filter(begun, going)

    def upcoming(self) -> Self:
        """Under way or to come."""
        return self.filter(date_fin__gte=timezone.localdate())


class Absence(models.Model):
    """From a half-day to a half-day, both included. No reason is asked: it could be a health datum (RGPD art. 9)."""

    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="absences")
    date_debut = models.DateField("du")
    moment_debut = models.CharField("à partir du", max_length=10, choices=Moment, default=Moment.MATIN)
    date_fin = models.DateField("au")
    moment_fin = models.CharField("jusqu’au", max_length=10, choices=Moment, default=Moment.APRES_MIDI)
    remplacant = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="qui répond",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="remplacements",
    )

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["date_debut", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(date_fin__gt=F("date_debut"))
                | Q(date_fin=F("date_debut")) & ~Q(moment_debut=Moment.APRES_MIDI, moment_fin=Moment.MATIN),
                name="absence_dates_dans_l_ordre",
                violation_error_message="L’absence finit après avoir commencé.",
            ),
            models.CheckConstraint(
                condition=Q(remplacant=None) | ~Q(remplacant=F("agent")),
                name="absence_remplacant_autre",
                violation_error_message="Choisissez quelqu’un d’autre pour répondre pendant cette absence.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agent}, du {self.date_debut:%d/%m/%Y} au {self.date_fin:%d/%m/%Y}"

    @property
    def debut(self) -> DemiJournee:
        return DemiJournee(self.date_debut, Moment(self.moment_debut))

    @property
    def fin(self) -> DemiJournee:
        return DemiJournee(self.date_fin, Moment(self.moment_fin))

    @property
    def periode(self) -> str:
        """« du 12 au 14 octobre », « lundi 12 octobre, matin »."""
        return periode(self.debut, self.fin)

    def is_under_way(self) -> bool:
        """Begun, and not over."""
        now = timezone.localtime()
        return self.covers(DemiJournee(now.date(), moment_at(now.time())))

    def covers(self, half: DemiJournee) -> bool:
        return self.debut <= half <= self.fin
