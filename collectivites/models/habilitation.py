"""Habilitations: what an agent is allowed to do by training (CACES, permis, habilitation électrique, SST…)."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from collectivites.champs import NomField
from collectivites.enums import Domaine
from collectivites.models.poste import Poste

if TYPE_CHECKING:
    from collectivites.models.agent import Agent

# « À renouveler »: time enough to find a session of training.
RENEWAL = timedelta(days=90)


class TypeHabilitation(models.Model):
    """A kind of habilitation; `duree_mois` is its validity, blank when it has no end.

    Ended, it gives no right any more; until `tolerance_mois` later, a recyclage is still enough to have it again.
    """

    code = models.SlugField(max_length=40, unique=True)
    libelle = NomField("libellé", max_length=120, unique=True)
    duree_mois = models.PositiveSmallIntegerField("validité en mois", null=True, blank=True)
    tolerance_mois = models.PositiveSmallIntegerField(
        "recyclage possible jusqu’à, en mois après la fin",
        default=0,
        help_text="0 : le recyclage se fait avant la fin ; après, la formation initiale est à refaire.",
    )
    source = NomField(max_length=200, blank=True, help_text="Le texte qui fixe la validité.")
    ordre = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "type d’habilitation"
        verbose_name_plural = "types d’habilitation"
        ordering = ["ordre", "libelle"]

    def __str__(self) -> str:
        return self.libelle


class HabilitationQuerySet(models.QuerySet):
    def valid(self, on: date | None = None) -> Self:
        day = on or timezone.localdate()
        return self.filter(Q(valable_jusqu_au=None) | Q(valable_jusqu_au__gte=day), obtenue_le__lte=day)

    def expiring(self, within: timedelta) -> Self:
        """Valid today, and ending before `within` has passed."""
        return self.valid().filter(valable_jusqu_au__lte=timezone.localdate() + within)

    def visible_to(self, agent: "Agent | None") -> Self:
        """One’s own; those of the agents whose collectivité one manages; all for responsables of the annuaire."""
        if agent is None or not agent.is_authenticated:
            return self.none()
        if agent.answers_for(Domaine.ANNUAIRE):
            return self
        managed = [p.collectivite_id for p in agent.postes_en_cours if p.gestionnaire]
        theirs = Poste.objects.in_force().filter(collectivite__in=managed)
        return self.filter(Q(agent=agent) | Q(agent__in=theirs.values("agent")))


class Habilitation(models.Model):
    """An habilitation held by an agent. The paper is seen, not stored."""

    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="habilitations")
    type = models.ForeignKey(TypeHabilitation, on_delete=models.PROTECT, related_name="habilitations")
    numero = NomField("numéro", max_length=60, blank=True)
    obtenue_le = models.DateField("obtenue le")
    valable_jusqu_au = models.DateField("valable jusqu’au", null=True, blank=True)

    objects = HabilitationQuerySet.as_manager()

    class Meta:
        ordering = ["type__ordre", "-obtenue_le"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valable_jusqu_au=None) | Q(valable_jusqu_au__gte=F("obtenue_le")),
                name="habilitation_dates_dans_l_ordre",
                violation_error_message="La validité finit après la date d’obtention.",
            ),
            models.UniqueConstraint(
                fields=["agent", "type", "obtenue_le"],
                name="habilitation_unique",
                violation_error_message="Cette habilitation est déjà notée à cette date.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type}, {self.agent}"

    def is_valid(self, on: date | None = None) -> bool:
        day = on or timezone.localdate()
        return self.obtenue_le <= day and (self.valable_jusqu_au is None or self.valable_jusqu_au >= day)

    def is_expiring(self) -> bool:
        """Valid today, and ending soon enough to be renewed now."""
        end = self.valable_jusqu_au
        return self.is_valid() and end is not None and end <= timezone.localdate() + RENEWAL
