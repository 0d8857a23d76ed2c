"""What the distributed engine does not know yet: one row per entry changed, in the transaction of the change."""

from django.db import models


class SearchOutbox(models.Model):
    """An entry to be sent, or to be removed when it is gone. Its key is the version of the entry.

    One counter for all entries: keys are never reused, so an older write never wins over a newer one.
    """

    id = models.BigAutoField(primary_key=True)
    entree = models.BigIntegerField("clé de l’entrée", unique=True)
    created_at = models.DateTimeField("écrit le", auto_now_add=True)

    class Meta:
        verbose_name = "envoi au moteur de recherche"
        verbose_name_plural = "envois au moteur de recherche"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.entree}, version {self.pk}"
