"""Networks of agents and élus. « Groupe » means Wagtail's group of rights, and nothing else."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from collectivites.champs import NomField
from collectivites.enums import PolitiqueReseau, RoleReseau

if TYPE_CHECKING:
    from collectivites.models.agent import Agent


class ReseauQuerySet(models.QuerySet):
    def visible_to(self, agent: "Agent | None") -> Self:
        """Whoever has a poste in force knows that the networks exist; what they hold has its own diffusion."""
        if agent is None or not agent.is_authenticated or not agent.codes_lecture:
            return self.none()
        return self.filter(actif=True)


class Reseau(models.Model):
    """People of several collectivités who work together: secretaries, technical agents, DPO…"""

    nom = NomField(max_length=120, unique=True)
    slug = models.SlugField("adresse", max_length=130, unique=True)
    objet = NomField(max_length=250, blank=True)
    politique = models.CharField("comment y entrer", max_length=20, choices=PolitiqueReseau, default="demande")
    actif = models.BooleanField(default=True)

    objects = ReseauQuerySet.as_manager()

    class Meta:
        verbose_name = "réseau"
        verbose_name_plural = "réseaux"
        ordering = ["nom"]

    def __str__(self) -> str:
        return self.nom


class AdhesionQuerySet(models.QuerySet):
    def in_force(self, on: date | None = None) -> Self:
        day = on or timezone.localdate()
        return self.filter(Q(date_fin=None) | Q(date_fin__gt=day), date_debut__lte=day, reseau__actif=True)

    def not_ended(self) -> Self:
        """In force or to come, in a network that sleeps too: it may wake."""
        return self.filter(Q(date_fin=None) | Q(date_fin__gt=timezone.localdate()))


class Adhesion(models.Model):
    """An agent in a network. Leaving stops its mails and its documents at once: `date_fin` is the first day out."""

    reseau = models.ForeignKey(Reseau, verbose_name="réseau", on_delete=models.PROTECT, related_name="adhesions")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="adhesions")
    role = models.CharField("rôle", max_length=20, choices=RoleReseau, default=RoleReseau.MEMBRE)
    date_debut = models.DateField("depuis le", default=timezone.localdate)
    date_fin = models.DateField("sorti le", null=True, blank=True)

    objects = AdhesionQuerySet.as_manager()

    class Meta:
        verbose_name = "adhésion"
        ordering = ["reseau", "agent"]
        constraints = [
            models.CheckConstraint(
                condition=Q(date_fin=None) | Q(date_fin__gte=F("date_debut")),
                name="adhesion_dates_dans_l_ordre",
                violation_error_message="L’adhésion finit après avoir commencé.",
            ),
            models.UniqueConstraint(
                fields=["reseau", "agent"],
                condition=Q(date_fin=None),
                name="adhesion_unique_en_cours",
                violation_error_message="Cette personne est déjà membre de ce réseau.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agent}, {self.reseau}"
