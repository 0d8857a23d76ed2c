"""What a mail carries beside its words: kept until it has left, then erased with them."""

from django.db import models

from notifications.models.courriel import Courriel


class PieceJointe(models.Model):
    """A file of one mail, written with it: a paper to print, a date for a calendar."""

    courriel = models.ForeignKey(Courriel, on_delete=models.CASCADE, related_name="pieces")
    nom = models.CharField(max_length=120)
    genre = models.CharField(max_length=120, help_text="« application/pdf », « text/calendar; method=REQUEST ».")
    contenu = models.BinaryField()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "pièce jointe"
        verbose_name_plural = "pièces jointes"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.nom
