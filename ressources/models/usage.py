"""What becomes of a resource once published: who took it, who uses it, who found it useful, who has read it."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from collectivites.champs import NomField
from collectivites.models import Collectivite
from extranet.lib.stockage import stockage_prive
from ressources.enums import SERVIS, Examen
from ressources.models.fichier import VersionFichier
from ressources.models.ressource import RessourcePage

if TYPE_CHECKING:
    from collectivites.models import Agent

# Such traces are kept six months to a year (CNIL 2021-122).
CONSERVATION = timedelta(days=366)


def today() -> date:
    return timezone.localdate()


class Telechargement(models.Model):
    """A version taken by somebody for a collectivité: once a day at most, so that it counts copies and not clicks.

    It serves to tell those who hold a copy that another has come, never to rank people.
    """

    version = models.ForeignKey(VersionFichier, on_delete=models.PROTECT, related_name="telechargements")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    collectivite = models.ForeignKey(
        Collectivite, verbose_name="pour", on_delete=models.PROTECT, related_name="telechargements"
    )
    jour = models.DateField(default=today)
    rempli = models.BooleanField(default=False, help_text="Pris rempli pour cette collectivité.")
    prevenu_le = models.DateTimeField("prévenu le", null=True, blank=True)

    class Meta:
        verbose_name = "téléchargement"
        ordering = ["-jour", "-pk"]
        indexes = [models.Index(fields=["jour"], name="telechargement_jour")]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "agent", "collectivite", "jour"],
                name="telechargement_une_fois_par_jour",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version}, le {self.jour:%d/%m/%Y}"


class RepriseQuerySet(models.QuerySet):
    def with_act(self) -> Self:
        """Those whose act may be given: there is one, and it is out of quarantine."""
        return self.exclude(acte="").filter(examen__in=SERVIS)


class Reprise(models.Model):
    """« Ma commune l’utilise »: said once for a collectivité, with the act that it adopted if it wishes."""

    page = models.ForeignKey(RessourcePage, on_delete=models.PROTECT, related_name="reprises")
    collectivite = models.ForeignKey(Collectivite, on_delete=models.PROTECT, related_name="reprises")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="dit par", on_delete=models.PROTECT)
    mot = NomField("un mot", max_length=300, blank=True, help_text="Ce que vous avez changé, ce qu’il faut savoir.")
    telephone = models.CharField("à qui téléphoner", max_length=20, blank=True)
    acte = models.FileField("l’acte adopté", upload_to="actes/%Y", storage=stockage_prive, max_length=255, blank=True)
    acte_nom = models.CharField(max_length=200, blank=True)
    examen = models.CharField("antivirus", max_length=10, choices=Examen, default=Examen.SANS)
    created_at = models.DateTimeField("depuis le", auto_now_add=True)

    objects = RepriseQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["page", "collectivite"], name="reprise_une_par_collectivite"),
            models.CheckConstraint(
                condition=Q(acte="", acte_nom="") | ~Q(acte="") & ~Q(acte_nom=""), name="reprise_acte_nomme"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page}, {self.collectivite}"

    @property
    def is_act_served(self) -> bool:
        """The rule of `with_act`, for a row already read."""
        return bool(self.acte_nom) and self.examen in SERVIS

    @property
    def is_act_awaited(self) -> bool:
        return self.examen == Examen.EN_ATTENTE


class PersonnelQuerySet(models.QuerySet):
    def visible_to(self, agent: "Agent | None") -> Self:
        """One’s own."""
        return self.filter(agent=agent) if agent is not None and agent.is_authenticated else self.none()


class Favori(models.Model):
    """A resource kept at hand, with a note that nobody else reads."""

    page = models.ForeignKey(RessourcePage, on_delete=models.CASCADE, related_name="favoris")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="favoris")
    note = models.CharField("note pour vous", max_length=300, blank=True)
    created_at = models.DateTimeField("gardée le", auto_now_add=True)

    objects = PersonnelQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["page", "agent"], name="favori_unique")]

    def __str__(self) -> str:
        return str(self.page)


class Avis(models.Model):
    """« Ce document vous a-t-il été utile ? »"""

    page = models.ForeignKey(RessourcePage, on_delete=models.CASCADE, related_name="avis")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    utile = models.BooleanField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "avis"
        constraints = [models.UniqueConstraint(fields=["page", "agent"], name="avis_unique")]

    def __str__(self) -> str:
        return f"{self.page} : {'utile' if self.utile else 'peu utile'}"


class Lecture(models.Model):
    """« J’ai lu », of one version."""

    version = models.ForeignKey(VersionFichier, on_delete=models.PROTECT, related_name="lectures")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("lu le", auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "agent"], name="lecture_unique")]

    def __str__(self) -> str:
        return str(self.version)
