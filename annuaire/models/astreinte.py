"""Numbers that answer outside opening hours."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from collectivites.champs import NomField
from collectivites.models import Collectivite

if TYPE_CHECKING:
    from collectivites.models import Agent


class AstreinteQuerySet(models.QuerySet):
    def visible_to(self, agent: "Agent | None") -> Self:
        """Whoever sees the collectivité sees whom to call there at night."""
        return self.filter(collectivite__in=Collectivite.objects.visible_to(agent))


class Astreinte(models.Model):
    """« Élu d’astreinte », « Services techniques, nuits et week-ends »: a number of the collectivité, never a private
    one, with when it answers.
    """

    wagtail_reference_index_ignore = True

    collectivite = models.ForeignKey(
        Collectivite, verbose_name="collectivité", on_delete=models.PROTECT, related_name="astreintes"
    )
    libelle = NomField("qui répond", max_length=100, help_text="Par exemple « Élu d’astreinte ».")
    telephone = models.CharField("téléphone", max_length=20)
    horaires = NomField("quand", max_length=120, blank=True, help_text="Par exemple « nuits et week-ends ».")

    objects = AstreinteQuerySet.as_manager()

    class Meta:
        verbose_name = "numéro d’astreinte"
        verbose_name_plural = "numéros d’astreinte"
        ordering = ["collectivite__nom", "libelle", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite", "libelle"],
                name="astreinte_unique",
                violation_error_message="Cette astreinte est déjà notée.",
            ),
            models.CheckConstraint(
                condition=~Q(telephone="") & ~Q(libelle=""),
                name="astreinte_joignable",
                violation_error_message="Une astreinte a un nom et un numéro.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.libelle}, {self.collectivite}"
