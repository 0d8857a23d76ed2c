"""The words of the index, for corrections."""

from django.db import models


class SearchTerm(models.Model):
    """A folded word and the number of entries that hold it.

    Its columns stand in the order in which corrections are looked for: same first letter, about the same length.
    """

    premiere = models.CharField("première lettre", max_length=1)
    longueur = models.PositiveSmallIntegerField()
    terme = models.CharField(max_length=40, unique=True)
    racine = models.CharField(max_length=40, db_index=True)
    forme = models.CharField("comme on l’écrit", max_length=60, blank=True)
    entrees = models.PositiveIntegerField("nombre d’entrées", default=0)

    class Meta:
        verbose_name = "mot de l’index"
        verbose_name_plural = "mots de l’index"
        ordering = ["terme"]
        indexes = [models.Index(fields=["premiere", "longueur", "terme", "entrees"], name="terme_correction")]

    def __str__(self) -> str:
        return self.terme
