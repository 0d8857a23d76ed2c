"""What was already said of a date: « à vérifier avant le ». Beside the page, whose old drafts bring old dates back."""

from django.db import models

from ressources.enums import EtapeRappel
from ressources.models.ressource import RessourcePage


class Rappel(models.Model):
    """A reminder sent for a review date. Another date is reminded anew; the same one never twice."""

    page = models.ForeignKey(RessourcePage, on_delete=models.CASCADE, related_name="rappels")
    echeance = models.DateField("à vérifier avant le")
    etape = models.CharField("étape", max_length=10, choices=EtapeRappel)
    envoye_le = models.DateTimeField("envoyé le", auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "echeance", "etape"], name="rappel_dit_une_fois")]

    def __str__(self) -> str:
        return f"{self.page}, {self.get_etape_display()} le {self.echeance:%d/%m/%Y}"
