"""États des lieux: what was seen at hand-over and at return, and what went wrong."""

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from collectivites.champs import NomField
from collectivites.enums import Domaine
from extranet.lib.stockage import stockage_prive
from materiel.enums import Carburant, EtatElement, NatureIncident, StatutIncident, TypeConstat
from materiel.models.materiel import Materiel
from materiel.models.pret import Pret

if TYPE_CHECKING:
    from collectivites.models import Agent


class ConstatQuerySet(models.QuerySet):
    def visible_to(self, agent: "Agent | None") -> Self:
        """As the loans."""
        return self.filter(pret__in=Pret.objects.visible_to(agent).order_by().values("pk"))


class Constat(models.Model):
    """An état des lieux, sent once from the device where it was filled (`cle` is made there).

    A return may be partial: several of them, each with its `quantite`. `fait_le` is when it was done, which may be
    before it could be sent. `habilitations_vues` names those of `nom_conducteur` that were seen at the hand-over.
    """

    pret = models.ForeignKey(Pret, on_delete=models.PROTECT, related_name="constats")
    type = models.CharField(max_length=12, choices=TypeConstat)
    cle = models.UUIDField("clé de l’appareil", default=uuid.uuid4, unique=True)
    quantite = models.PositiveIntegerField("quantité")
    perdue = models.PositiveIntegerField("quantité perdue", default=0)
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agent_preteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    agent_emprunteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    nom_preteur = NomField("pour le prêteur", max_length=170)
    nom_emprunteur = NomField("pour l’emprunteur", max_length=170)
    nom_conducteur = NomField("conduit par", max_length=170, blank=True)
    habilitations_vues = models.TextField("habilitations vues", max_length=1000, blank=True)
    compteur = models.DecimalField("compteur d’heures", max_digits=9, decimal_places=1, null=True, blank=True)
    carburant = models.CharField(max_length=14, choices=Carburant, blank=True)
    remarque = models.TextField(max_length=1000, blank=True)
    fait_le = models.DateTimeField("fait le", default=timezone.now)
    created_at = models.DateTimeField("reçu le", auto_now_add=True)

    objects = ConstatQuerySet.as_manager()

    class Meta:
        verbose_name = "état des lieux"
        verbose_name_plural = "états des lieux"
        ordering = ["fait_le", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pret"], condition=Q(type=TypeConstat.REMISE), name="constat_une_seule_remise"
            ),
            models.CheckConstraint(
                condition=Q(type=TypeConstat.RESTITUTION) | Q(quantite__gte=1, perdue=0), name="constat_remise"
            ),
            models.CheckConstraint(condition=Q(quantite__gte=1) | Q(perdue__gte=1), name="constat_de_quelque_chose"),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()}, {self.pret}"

    def get_absolute_url(self) -> str:
        return reverse("materiel:constat_detail", args=[self.pk])


class Element(models.Model):
    """An element as it was seen."""

    constat = models.ForeignKey(Constat, on_delete=models.CASCADE, related_name="elements")
    nom = NomField(max_length=120)
    prevu = models.PositiveSmallIntegerField("nombre prévu", default=1)
    etat = models.CharField("état", max_length=8, choices=EtatElement)
    vu = models.PositiveSmallIntegerField("nombre vu", null=True, blank=True)
    note = models.TextField(max_length=500, blank=True)
    ordre = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["ordre", "pk"]

    def __str__(self) -> str:
        return f"{self.nom} : {self.get_etat_display()}"


class PhotoConstat(models.Model):
    """A photo of an element, or of the whole, taken on the spot."""

    constat = models.ForeignKey(Constat, on_delete=models.CASCADE, related_name="photos")
    element = models.ForeignKey(Element, on_delete=models.CASCADE, null=True, blank=True, related_name="photos")
    file = models.FileField(upload_to="constats/%Y/%m", storage=stockage_prive, max_length=255)
    prise_le = models.DateTimeField("prise le", default=timezone.now)

    class Meta:
        ordering = ["prise_le", "pk"]

    def __str__(self) -> str:
        return f"{self.constat}, {self.prise_le:%H:%M}"


class IncidentQuerySet(models.QuerySet):
    def open(self) -> Self:
        return self.filter(statut=StatutIncident.OUVERT)

    def visible_to(self, agent: "Agent | None") -> Self:
        """As the loans."""
        return self.filter(pret__in=Pret.objects.visible_to(agent).order_by().values("pk"))


class Incident(models.Model):
    """A loss or a damage, followed until it is settled.

    Of the `perdues`, `quantite` have left the stock: fewer, as long as the others are promised to somebody.
    """

    pret = models.ForeignKey(Pret, on_delete=models.PROTECT, related_name="incidents")
    materiel = models.ForeignKey(Materiel, on_delete=models.PROTECT, related_name="incidents")
    nature = models.CharField(max_length=10, choices=NatureIncident)
    perdues = models.PositiveIntegerField("unités perdues", default=0)
    quantite = models.PositiveIntegerField("unités sorties du stock", default=0)
    description = models.TextField(max_length=1000)
    cout = models.DecimalField("coût", max_digits=10, decimal_places=2, null=True, blank=True)
    suite = models.TextField("suite donnée", max_length=1000, blank=True)
    statut = models.CharField(max_length=10, choices=StatutIncident, default=StatutIncident.OUVERT)
    ouvert_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    clos_le = models.DateTimeField("réglé le", null=True, blank=True)
    created_at = models.DateTimeField("ouvert le", auto_now_add=True)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        ordering = ["statut", "-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(statut=StatutIncident.OUVERT, clos_le=None)
                | Q(statut=StatutIncident.CLOS, clos_le__isnull=False) & ~Q(suite=""),
                name="incident_regle_avec_sa_suite",
                violation_error_message="Dites comment il a été réglé.",
            ),
            models.CheckConstraint(condition=Q(quantite__lte=F("perdues")), name="incident_rien_sorti_de_trop"),
        ]

    def __str__(self) -> str:
        return f"{self.get_nature_display()}, {self.pret}"

    def get_absolute_url(self) -> str:
        return reverse("materiel:incident_detail", args=[self.pk])

    def can_follow(self, agent: "Agent") -> bool:
        """The gestionnaires of the lender, and the responsables."""
        return agent.manages(self.pret.preteur) or agent.answers_for(Domaine.MATERIEL)
