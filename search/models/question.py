"""What somebody looked for and did not find."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from collectivites.models import Collectivite
from search.enums import StatutQuestion


class QuestionRecherche(models.Model):
    """« Dites-nous ce que vous cherchiez »: read and answered by the responsables, who may make a synonym of it."""

    requete = models.CharField("recherche", max_length=200)
    message = models.TextField(max_length=1000, blank=True)
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    collectivite = models.ForeignKey(
        Collectivite, verbose_name="collectivité", on_delete=models.PROTECT, null=True, related_name="+"
    )
    statut = models.CharField(max_length=12, choices=StatutQuestion, default=StatutQuestion.A_TRAITER)
    reponse = models.TextField("réponse", max_length=500, blank=True)
    repondu_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="répondu par",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    repondu_le = models.DateTimeField("répondu le", null=True, blank=True)
    created_at = models.DateTimeField("posée le", auto_now_add=True)

    class Meta:
        verbose_name = "recherche sans réponse"
        verbose_name_plural = "recherches sans réponse"
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["statut", "-created_at"], name="question_statut")]
        constraints = [
            models.CheckConstraint(condition=Q(statut__in=StatutQuestion.values), name="question_statut_connu"),
            models.CheckConstraint(
                condition=~Q(statut=StatutQuestion.REPONDUE)
                | Q(repondu_le__isnull=False, repondu_par__isnull=False) & ~Q(reponse=""),
                name="question_reponse_complete",
            ),
        ]

    def __str__(self) -> str:
        return self.requete
