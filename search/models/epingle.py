"""Results that responsables put first for a query."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from search.models.entree import SearchEntry


class EpingleQuerySet(models.QuerySet):
    def in_force(self, on: date | None = None) -> Self:
        return self.filter(Q(jusqu_au=None) | Q(jusqu_au__gte=on or timezone.localdate()))


class Epingle(models.Model):
    """An entry shown first for a query, to those who may see it, until a day.

    Two queries are the same when they ask for the same roots: « règlements du cimetière », « reglement cimetiere ».
    """

    requete = models.CharField("recherche", max_length=200)
    cle = models.CharField("racines", max_length=250, editable=False, db_index=True)
    entree = models.ForeignKey(SearchEntry, verbose_name="résultat", on_delete=models.CASCADE, related_name="epingles")
    ordre = models.PositiveSmallIntegerField(default=0)
    jusqu_au = models.DateField("jusqu’au", null=True, blank=True, help_text="Sans date, reste épinglé.")

    objects = EpingleQuerySet.as_manager()

    class Meta:
        verbose_name = "résultat épinglé"
        verbose_name_plural = "résultats épinglés"
        ordering = ["requete", "ordre", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cle", "entree"],
                name="epingle_unique",
                violation_error_message="Ce résultat est déjà épinglé pour cette recherche.",
            ),
        ]

    def __str__(self) -> str:
        # Without the title: the journal is read by some who may not see the entry.
        return self.requete
