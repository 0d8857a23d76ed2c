"""How the training of this territory is run, and the secret addresses of its calendars."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from wagtail.contrib.settings.models import register_setting

from collectivites.champs import NomField
from collectivites.models import Collectivite
from extranet.lib.reglage import Reglage


def _jours(libelle: str, default: int, aide: str = "", *, maximum: int = 60) -> models.PositiveSmallIntegerField:
    bounds = [MinValueValidator(1), MaxValueValidator(maximum)]
    return models.PositiveSmallIntegerField(libelle, default=default, help_text=aide, validators=bounds)


@register_setting(icon="cogs")
class ReglagesFormation(Reglage):
    """What the responsables of the training decide for everybody."""

    organisateur = NomField(
        max_length=150, blank=True, help_text="Sur les papiers ; vide : le nom de l’intercommunalité."
    )
    service = NomField("service organisateur", max_length=100, blank=True, default="service formation")
    logo = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Sur les papiers ; vide : celui du territoire.",
    )
    visa_jours = _jours("visa attendu sous, en jours ouvrés", 5)
    titre_jours = _jours("place tenue pour un titre à renouveler, en jours ouvrés", 10)
    promotion_jours = _jours(
        "promotion sans demander jusqu’à, en jours ouvrés avant",
        5,
        "Plus près, la place est proposée et attend un oui.",
    )
    offre_heures = _jours("réponse à une place proposée sous, en heures ouvrées", 4, maximum=40)
    minimum_jours = _jours("minimum attendu, en jours ouvrés avant", 8)
    desistement_jours = _jours("se retirer sans frais, en jours ouvrés avant", 8)
    convocation_jours = _jours("convocations, en jours avant", 15)
    rappel_jours = _jours("rappel, en jours avant", 2, maximum=15)
    seuil_souhait = _jours("intéressés pour organiser une session", 10, maximum=100)

    class Meta:
        verbose_name = "réglages des formations"

    def __str__(self) -> str:
        return "Réglages des formations"


class LienAgenda(models.Model):
    """The secret address of a calendar of trainings: those of a person, or of a collectivité with `collectivite`.

    Only the fingerprint of its token is kept, and the person it was given to: their poste ended, it answers no more.
    """

    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    collectivite = models.ForeignKey(Collectivite, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    empreinte = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("créé le", default=timezone.now)
    revoque_le = models.DateTimeField("révoqué le", null=True, blank=True)
    lu_le = models.DateField("lu le", null=True, blank=True)

    class Meta:
        verbose_name = "lien d’agenda des formations"
        verbose_name_plural = "liens d’agenda des formations"
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["agent"], condition=Q(revoque_le=None, collectivite=None), name="lienformation_a_soi"
            ),
            models.UniqueConstraint(
                fields=["agent", "collectivite"], condition=Q(revoque_le=None), name="lienformation_par_collectivite"
            ),
        ]

    def __str__(self) -> str:
        return f"Agenda des formations, {self.collectivite or self.agent}"
