"""How the lending of this territory is run, and the secret addresses of its calendars."""

from datetime import date

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from wagtail.contrib.settings.models import register_setting

from collectivites.models import Collectivite
from extranet.lib.reglage import Reglage


@register_setting(icon="cogs")
class ReglagesMateriel(Reglage):
    """What the responsables of the lending decide for everybody."""

    relecture = models.BooleanField(
        "les nouveaux matériels attendent une relecture",
        default=False,
        help_text="Sinon, ce qu’une commune propose paraît aussitôt.",
    )
    convention_exigee = models.BooleanField(
        "pas de remise sans convention signée", default=True, help_text="Une convention-cadre en cours suffit."
    )
    assurance_exigee = models.BooleanField("pas de remise sans attestation d’assurance en cours", default=False)
    jours_reponse = models.PositiveSmallIntegerField(
        "réponse attendue sous, en jours ouvrés",
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
    )
    rayon_besoins = models.PositiveSmallIntegerField(
        "un besoin est annoncé jusqu’à, en km", default=15, validators=[MinValueValidator(1)]
    )

    class Meta:
        verbose_name = "réglages du matériel"

    def __str__(self) -> str:
        return "Réglages du matériel"


class LienAgenda(models.Model):
    """The secret address of the calendar of a collectivité's loans: whoever holds it reads it, until it is revoked.

    Only the fingerprint of its token is kept, and the person it was given to: their poste ended, it answers no more.
    """

    collectivite = models.ForeignKey(Collectivite, on_delete=models.PROTECT, related_name="+")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    empreinte = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("créé le", default=timezone.now)
    revoque_le = models.DateTimeField("révoqué le", null=True, blank=True)
    lu_le = models.DateField("lu le", null=True, blank=True)

    class Meta:
        verbose_name = "lien d’agenda"
        verbose_name_plural = "liens d’agenda"
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["collectivite", "agent"], condition=Q(revoque_le=None), name="lienagenda_un_par_personne"
            )
        ]

    def __str__(self) -> str:
        return f"Agenda de {self.collectivite}"

    def mark_read(self, on: date) -> None:
        """Once a day, so that a forgotten address can be told from one in use."""
        if self.lu_le != on:
            self.lu_le = on
            self.save(update_fields=["lu_le"])
