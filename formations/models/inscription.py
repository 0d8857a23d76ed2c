"""Seats: a person in a session. What is private about them stands apart (`BesoinParticulier`)."""

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from collectivites.champs import NomField
from collectivites.enums import Domaine
from collectivites.models import Collectivite
from formations.enums import (
    ACTIVES,
    ATTENDUES,
    OUVERTES,
    PLACEES,
    Covoiturage,
    Origine,
    StatutInscription,
    Visa,
)
from formations.models.session import SessionFormation

if TYPE_CHECKING:
    from collectivites.models import Agent
    from formations.models.presence import Attestation


class InscriptionQuerySet(models.QuerySet):
    def visible_to(self, agent: "Agent | None") -> Self:
        """One’s own, those of the collectivités one manages or signs for, all for the responsables."""
        if agent is None or not agent.is_authenticated:
            return self.none()
        if agent.answers_for(Domaine.FORMATIONS):
            return self
        places = [p.collectivite_id for p in agent.postes_en_cours if p.gestionnaire or p.is_signataire]
        return self.filter(Q(agent=agent) | Q(collectivite__in=places))

    def placed(self) -> Self:
        """Those that hold a seat."""
        return self.filter(statut__in=PLACEES)

    def active(self) -> Self:
        return self.filter(statut__in=ACTIVES)

    def open(self) -> Self:
        """Those that something may still happen to before the session."""
        return self.filter(statut__in=OUVERTES)

    def waiting(self) -> Self:
        """The waiting list, in the order in which it is served."""
        return self.filter(statut=StatutInscription.ATTENTE).order_by("-priorite", "rang")

    def awaiting_visa(self) -> Self:
        return self.filter(visa=Visa.ATTENDU, statut__in=OUVERTES)

    def coming(self) -> Self:
        """In sessions that are not over, those without dates included."""
        return self.filter(Q(session__date_debut=None) | Q(session__date_fin__gte=timezone.localdate()))

    def past(self) -> Self:
        return self.filter(session__date_fin__lt=timezone.localdate())

    def by_date(self) -> Self:
        """The nearest session first, those without dates last."""
        return self.order_by(F("session__date_debut").asc(nulls_last=True), "agent__nom", "agent__prenom", "pk")

    def for_list(self) -> Self:
        return self.select_related("agent", "collectivite", "session__formation", "session__lieu")


class Inscription(models.Model):
    """A person in a session. Only `formations.places` changes its `statut`, under the lock of the session.

    The visa of the mairie is apart from the seat: awaited, the seat is held until `tenue_jusqua`. `rang` is given once,
    kept, and never given again.
    """

    session = models.ForeignKey(SessionFormation, on_delete=models.PROTECT, related_name="inscriptions")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="inscriptions")
    collectivite = models.ForeignKey(Collectivite, on_delete=models.PROTECT, related_name="inscriptions")
    statut = models.CharField(max_length=10, choices=StatutInscription)
    statut_le = models.DateTimeField("depuis le", default=timezone.now)
    rang = models.PositiveIntegerField(null=True, blank=True)
    priorite = models.PositiveSmallIntegerField("priorité", default=0)
    priorite_motif = NomField("raison de la priorité", max_length=200, blank=True)
    tenue_jusqua = models.DateTimeField("tenue jusqu’au", null=True, blank=True)
    motif = NomField("raison", max_length=300, blank=True)
    tardif = models.BooleanField("après la date limite", default=False)

    visa = models.CharField(max_length=10, choices=Visa, default=Visa.NON_REQUIS)
    visa_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    visa_le = models.DateTimeField("visa le", null=True, blank=True)

    origine = models.CharField(max_length=12, choices=Origine, default=Origine.DEMANDE)
    lot = models.UUIDField("inscrites ensemble", default=uuid.uuid4, editable=False)
    demandee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    remplace = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="remplacee_par"
    )

    repas = models.BooleanField("prend le repas", default=True)
    covoiturage = models.CharField(max_length=8, choices=Covoiturage, blank=True, default=Covoiturage.NON)
    covoiturage_places = models.PositiveSmallIntegerField("places dans la voiture", default=0)

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="Du rendez-vous dans l’agenda.")
    sequence = models.PositiveIntegerField(default=0, editable=False, help_text="Des mises à jour du rendez-vous.")
    sequence_envoyee = models.PositiveIntegerField(
        null=True, blank=True, editable=False, help_text="Celle du rendez-vous que la personne a reçu."
    )
    convoquee_le = models.DateTimeField("convoquée le", null=True, blank=True, editable=False)
    minutes = models.PositiveIntegerField("minutes suivies", null=True, blank=True, editable=False)
    evaluee_le = models.DateTimeField("évaluation rendue le", null=True, blank=True, editable=False)
    created_at = models.DateTimeField("demandée le", default=timezone.now)

    objects = InscriptionQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [
            models.Index(fields=["agent", "statut"], name="inscription_de_l_agent"),
            models.Index(fields=["collectivite", "statut"], name="inscription_de_la_commune"),
            models.Index(
                fields=["session", "-priorite", "rang"], condition=Q(statut="attente"), name="inscription_en_attente"
            ),
            models.Index(
                fields=["tenue_jusqua"], condition=Q(statut__in=["tenue", "offerte"]), name="inscription_a_echeance"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "agent"],
                condition=Q(statut__in=ACTIVES),
                name="inscription_une_par_personne",
                violation_error_message="Cette personne est déjà inscrite à cette session.",
            ),
            models.UniqueConstraint(fields=["session", "rang"], name="inscription_rang_unique"),
            models.CheckConstraint(
                condition=~Q(statut__in=[StatutInscription.ATTENTE, StatutInscription.OFFERTE]) | Q(rang__isnull=False),
                name="inscription_attente_a_un_rang",
            ),
            models.CheckConstraint(
                condition=~Q(statut__in=[StatutInscription.TENUE, StatutInscription.OFFERTE])
                | Q(tenue_jusqua__isnull=False),
                name="inscription_tenue_a_une_fin",
            ),
            models.CheckConstraint(
                condition=~Q(statut=StatutInscription.CONFIRMEE) | Q(visa__in=[Visa.NON_REQUIS, Visa.ACCORDE]),
                name="inscription_confirmee_avec_visa",
            ),
            models.CheckConstraint(
                condition=~Q(visa__in=[Visa.ACCORDE, Visa.REFUSE]) | Q(visa_le__isnull=False),
                name="inscription_visa_date",
            ),
            models.CheckConstraint(
                condition=Q(priorite=0) | ~Q(priorite_motif=""),
                name="inscription_priorite_avec_raison",
                violation_error_message="Dites pourquoi cette personne passe avant.",
            ),
            models.CheckConstraint(
                condition=~Q(statut__in=[StatutInscription.DESISTEE, StatutInscription.REFUSEE]) | ~Q(motif=""),
                name="inscription_retrait_avec_raison",
                violation_error_message="Dites pourquoi, en quelques mots.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agent}, {self.session}"

    def get_absolute_url(self) -> str:
        return reverse("formations:inscription_detail", args=[self.pk])

    @property
    def is_placed(self) -> bool:
        return self.statut in PLACEES

    @property
    def is_waiting(self) -> bool:
        return self.statut == StatutInscription.ATTENTE

    @property
    def is_open(self) -> bool:
        return self.statut in OUVERTES

    @property
    def attestation_remise(self) -> "Attestation | None":
        """None for whoever has none yet: they were not there, or the session is not finished."""
        return getattr(self, "attestation", None)

    @property
    def is_expected(self) -> bool:
        return self.statut in ATTENDUES

    @property
    def is_held(self) -> bool:
        """Awaited, and said yes to: an offer is not yet theirs to give."""
        return self.is_expected and self.statut != StatutInscription.OFFERTE


class DemiJourneePrise(models.Model):
    """A half-day that a held seat takes from a person. Written by the triggers alone: nobody is in two places (I4)."""

    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    demi_journee = models.PositiveIntegerField("demi-journée")
    inscription = models.ForeignKey(Inscription, on_delete=models.CASCADE, related_name="demi_journees")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agent", "demi_journee"], name="demijourneeprise_nulle_part_ailleurs")
        ]

    def __str__(self) -> str:
        return f"{self.agent}, {self.demi_journee}"


class BesoinParticulier(models.Model):
    """What a person needs to be well received: encrypted, read by the organiser alone, erased after the session."""

    inscription = models.OneToOneField(Inscription, on_delete=models.CASCADE, related_name="besoin")
    chiffre = models.TextField(editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    lu_le = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "besoin particulier"
        verbose_name_plural = "besoins particuliers"

    def __str__(self) -> str:
        return f"Besoin particulier, {self.inscription_id}"


class Mouvement(models.Model):
    """A line of the history of a session, in addition only; and what remains to be told of it.

    Written in the transaction of the act that it tells (I7): `annonce_le` stays empty until those whom it concerns have
    been told, which `veille` does from here. `de` and `vers` are states of the inscription, of the session without one.
    """

    session = models.ForeignKey(SessionFormation, on_delete=models.PROTECT, related_name="mouvements")
    inscription = models.ForeignKey(
        Inscription, on_delete=models.PROTECT, null=True, blank=True, related_name="mouvements"
    )
    acte = models.CharField(max_length=20)
    de = models.CharField(max_length=10, blank=True)
    vers = models.CharField(max_length=10, blank=True)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    collectivite = models.ForeignKey(
        Collectivite, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="pour"
    )
    motif = NomField("raison", max_length=300, blank=True)
    donnees = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField("le", default=timezone.now)
    annonce_le = models.DateTimeField("annoncé le", null=True, blank=True)

    class Meta:
        verbose_name = "mouvement"
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["id"], condition=Q(annonce_le=None), name="mouvement_a_annoncer")]

    def __str__(self) -> str:
        return f"{self.session}, {self.acte}"
