"""Models that fill themselves in: which versions are, and what each collectivité has said once for all its models."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from collectivites.models import Collectivite
from ressources.models.fichier import VersionFichier
from ressources.remplir.champs import PAR_CODE, Champ

if TYPE_CHECKING:
    from collectivites.models import Agent


class ModeleARemplir(models.Model):
    """A version that was checked, and holds nothing but fields of the list: a version never changes, nor do they."""

    version = models.OneToOneField(VersionFichier, on_delete=models.CASCADE, related_name="modele")
    champs = models.JSONField(help_text="Les codes des champs, dans l’ordre du document.")
    marque_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="marqué par", on_delete=models.PROTECT, related_name="+"
    )
    marque_le = models.DateTimeField("marqué le", auto_now_add=True)

    class Meta:
        verbose_name = "modèle à remplir"
        verbose_name_plural = "modèles à remplir"

    def __str__(self) -> str:
        return str(self.version)

    @property
    def codes(self) -> list[str]:
        """Those that the list still has."""
        return [code for code in self.champs if code in PAR_CODE]


class ValeurGardeeQuerySet(models.QuerySet):
    def visible_to(self, agent: "Agent | None") -> Self:
        """Those of the collectivités where this person has a poste in force."""
        if agent is None or not agent.is_authenticated:
            return self.none()
        return self.filter(collectivite__in=[poste.collectivite_id for poste in agent.postes_en_cours])


class ValeurGardee(models.Model):
    """What a collectivité said once and its models write each time: its councillors in office, its court."""

    collectivite = models.ForeignKey(Collectivite, on_delete=models.PROTECT, related_name="valeurs_gardees")
    champ = models.CharField(max_length=40)
    valeur = models.CharField(max_length=300)
    modifie_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="donnée par", on_delete=models.PROTECT, related_name="+"
    )
    modifie_le = models.DateTimeField("donnée le", auto_now=True)

    objects = ValeurGardeeQuerySet.as_manager()

    class Meta:
        verbose_name = "valeur gardée"
        verbose_name_plural = "valeurs gardées"
        ordering = ["collectivite", "champ"]
        constraints = [
            models.UniqueConstraint(fields=["collectivite", "champ"], name="valeurgardee_une_par_champ"),
            models.CheckConstraint(condition=~Q(champ="") & ~Q(valeur=""), name="valeurgardee_non_vide"),
        ]

    def __str__(self) -> str:
        definition = self.definition
        return definition.libelle if definition else self.champ

    @property
    def definition(self) -> Champ | None:
        return PAR_CODE.get(self.champ)
