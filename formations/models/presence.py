"""Attendance by half-day, the signed sheets, and the attestations drawn from them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from collectivites.champs import NomField
from collectivites.models import Habilitation
from extranet.lib.stockage import stockage_prive
from formations.enums import Presence
from formations.models.inscription import Inscription
from formations.models.session import Creneau


class Emargement(models.Model):
    """Whether a person was there, a half-day; `minutes` is what they attended of it."""

    inscription = models.ForeignKey(Inscription, on_delete=models.PROTECT, related_name="emargements")
    creneau = models.ForeignKey(Creneau, on_delete=models.PROTECT, related_name="emargements")
    presence = models.CharField("présence", max_length=8, choices=Presence)
    minutes = models.PositiveSmallIntegerField("minutes suivies", default=0)
    note = NomField(max_length=150, blank=True, help_text="« Parti à 14 h pour une astreinte »")
    saisi_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    saisi_le = models.DateTimeField(default=timezone.now)
    par_lui_meme = models.BooleanField("dit par la personne", default=False, help_text="Code lu à la porte.")

    class Meta:
        verbose_name = "émargement"
        ordering = ["creneau__demi_journee", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["inscription", "creneau"], name="emargement_une_fois"),
            models.CheckConstraint(
                condition=Q(presence__in=[Presence.PRESENT, Presence.PARTIEL], minutes__gte=1)
                | Q(presence__in=[Presence.EXCUSE, Presence.ABSENT], minutes=0),
                name="emargement_minutes_de_qui_etait_la",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.inscription}, {self.creneau}"


class FeuilleSignee(models.Model):
    """The paper sheet of a half-day, signed by the trainees and the trainer, photographed or scanned: the proof."""

    creneau = models.ForeignKey(Creneau, on_delete=models.PROTECT, related_name="feuilles")
    file = models.FileField("fichier", upload_to="emargements/%Y/%m", storage=stockage_prive, max_length=255)
    nom = NomField(max_length=200)
    sha256 = models.CharField(max_length=64, editable=False)
    deposee_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("déposée le", default=timezone.now)

    class Meta:
        verbose_name = "feuille signée"
        verbose_name_plural = "feuilles signées"
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.nom


class Attestation(models.Model):
    """What is attested to a person: the hours attended, and the habilitation that comes of them if any."""

    inscription = models.OneToOneField(Inscription, on_delete=models.PROTECT, related_name="attestation")
    numero = models.CharField("numéro", max_length=20, unique=True)
    minutes = models.PositiveIntegerField("minutes attestées")
    resultat = NomField("résultat de l’évaluation", max_length=120, blank=True)
    habilitation = models.ForeignKey(
        Habilitation, on_delete=models.SET_NULL, null=True, blank=True, related_name="attestations"
    )
    delivree_le = models.DateTimeField("délivrée le", default=timezone.now)
    delivree_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-delivree_le"]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=1), name="attestation_d_heures_suivies"),
        ]

    def __str__(self) -> str:
        return f"Attestation {self.numero}"
