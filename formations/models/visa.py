"""How a mairie gives its agreement, and the links by which it does so without an account."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from collectivites.models import Collectivite
from formations.enums import PolitiqueVisa


class RegleVisa(models.Model):
    """What a collectivité wants; without a row, `GESTIONNAIRE`. `viseur` is asked first, `suppleant` when away."""

    collectivite = models.OneToOneField(Collectivite, on_delete=models.PROTECT, related_name="regle_visa")
    politique = models.CharField(
        "visa de la mairie", max_length=12, choices=PolitiqueVisa, default=PolitiqueVisa.GESTIONNAIRE
    )
    viseur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="à qui le demander",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    suppleant = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="en son absence",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = "règle de visa"
        verbose_name_plural = "règles de visa"
        constraints = [
            models.CheckConstraint(
                condition=Q(suppleant=None) | Q(viseur=None) | ~Q(suppleant=models.F("viseur")),
                name="reglevisa_deux_personnes",
                violation_error_message="Le suppléant est une autre personne.",
            )
        ]

    def __str__(self) -> str:
        return f"Visa, {self.collectivite}"


class LienVisa(models.Model):
    """A link by which one person gives the visas of a collectivité without logging in, while their poste allows it."""

    collectivite = models.ForeignKey(Collectivite, on_delete=models.PROTECT, related_name="+")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    empreinte = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("créé le", default=timezone.now)
    expire_le = models.DateTimeField("expire le")
    revoque_le = models.DateTimeField("révoqué le", null=True, blank=True)
    servi_le = models.DateTimeField("servi le", null=True, blank=True)

    class Meta:
        verbose_name = "lien de visa"
        verbose_name_plural = "liens de visa"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"Lien de visa, {self.collectivite}"
