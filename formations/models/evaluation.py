"""What the trainees thought of it.

The row does not name who wrote it: `Inscription.evaluee_le` says who has answered.
"""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from formations.models.session import SessionFormation

NOTE = {"validators": [MinValueValidator(1), MaxValueValidator(4)]}


class Evaluation(models.Model):
    """Marks from 1 (not at all) to 4 (wholly), and free words. No hour: it would tell who wrote."""

    session = models.ForeignKey(SessionFormation, on_delete=models.PROTECT, related_name="evaluations")
    objectifs = models.PositiveSmallIntegerField("les objectifs sont atteints", **NOTE)
    utilite = models.PositiveSmallIntegerField("cela me servira dans mon travail", **NOTE)
    animation = models.PositiveSmallIntegerField("l’animation m’a convenu", **NOTE)
    organisation = models.PositiveSmallIntegerField("l’organisation m’a convenu", **NOTE)
    plus = models.TextField("ce qui m’a plu", blank=True, max_length=1000)
    mieux = models.TextField("ce qui serait mieux", blank=True, max_length=1000)
    ensuite = models.TextField("ce que j’aimerais apprendre ensuite", blank=True, max_length=500)
    le = models.DateField("le mois", help_text="Le premier jour du mois.")

    class Meta:
        verbose_name = "évaluation"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    objectifs__range=(1, 4), utilite__range=(1, 4), animation__range=(1, 4), organisation__range=(1, 4)
                ),
                name="evaluation_de_1_a_4",
            )
        ]

    def __str__(self) -> str:
        return f"Évaluation, {self.session}"
