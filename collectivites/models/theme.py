"""Themes shared by the areas, and what an agent may be asked about."""

from typing import Self

from django.conf import settings
from django.db import models

from collectivites.champs import NomField
from extranet.lib.cherchable import Nomme


class Theme(models.Model):
    """A subject of the work of a town hall; documents, trainings and expertises point to it."""

    nom = NomField(max_length=100, unique=True)
    slug = models.SlugField("adresse", max_length=110, unique=True)
    description = NomField(max_length=250, blank=True)
    ordre = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "thème"
        ordering = ["ordre", "nom"]

    def __str__(self) -> str:
        return self.nom


class ExpertiseQuerySet(models.QuerySet):
    def montrees(self) -> Self:
        """Those that their owners show."""
        return self.filter(agent__montre_expertises=True, agent__oppose_le=None)


class Expertise(Nomme):
    """« On peut me solliciter sur… »: a theme, with the agent’s own words."""

    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="expertises")
    theme = models.ForeignKey(
        Theme, verbose_name="thème", on_delete=models.PROTECT, null=True, blank=True, related_name="expertises"
    )
    libelle = NomField("en vos mots", max_length=120, help_text="Par exemple « choix d’engins », « Cosoluce ».")

    objects = ExpertiseQuerySet.as_manager()

    class Meta:
        ordering = ["libelle"]
        constraints = [
            models.UniqueConstraint(
                fields=["agent", "libelle"],
                name="expertise_unique",
                violation_error_message="Cette expertise est déjà sur la fiche.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.libelle}, {self.agent}"

    def porteurs(self) -> list[models.Model]:
        return [self.agent]
