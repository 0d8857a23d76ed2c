"""Searches that somebody keeps, and what each of them has already told."""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from extranet.lib.pliage import Fold
from notifications.enums import StatutCourriel
from notifications.models import Courriel
from search.enums import ALERTES, FrequenceAlerte

NOM, PARAMETRES, CRITERES = 120, 1800, 500
# A stopped mail is deleted after ninety days: what it was to tell is free again long before.
OUBLIE = timedelta(days=30)


class RechercheGardeeQuerySet(models.QuerySet):
    def visible_to(self, agent: "models.Model | None") -> Self:
        """One’s own, with or without a poste."""
        return self.filter(agent=agent) if agent is not None and agent.is_authenticated else self.none()

    def alerting(self) -> Self:
        return self.filter(frequence__in=ALERTES)

    def for_list(self) -> Self:
        """Without what each one has known since it was kept, which only the pass of the alerts reads."""
        return self.defer("depart").order_by(Fold("nom"), "pk")


class RechercheGardee(models.Model):
    """A list with its filters, or words searched everywhere.

    `liste` is the key of a `Gardable`, `parametres` what it says of the address. `depart` are the results that were
    there when its alert began: they are never news; none as long as it has not begun. `verifiee_le` is the last time
    that it was looked at, and `empechement` what kept it from answering then.
    """

    wagtail_reference_index_ignore = True  # each alert would cost Wagtail two queries, for a page nobody opens

    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recherches_gardees")
    nom = models.CharField("nom", max_length=NOM)
    liste = models.CharField(max_length=30)
    parametres = models.CharField("paramètres", max_length=PARAMETRES)
    criteres = models.CharField("critères", max_length=CRITERES, blank=True)
    frequence = models.CharField(
        "fréquence", max_length=12, choices=FrequenceAlerte, default=FrequenceAlerte.HEBDOMADAIRE
    )
    depart = models.JSONField("résultats de départ", null=True, blank=True)
    verifiee_le = models.DateTimeField("vérifiée le", default=timezone.now)
    alertee_le = models.DateTimeField("dernière alerte le", null=True, blank=True)
    empechement = models.CharField("empêchement", max_length=200, blank=True)
    created_at = models.DateTimeField("gardée le", default=timezone.now)

    objects = RechercheGardeeQuerySet.as_manager()

    class Meta:
        verbose_name = "recherche gardée"
        verbose_name_plural = "recherches gardées"
        ordering = ["nom", "pk"]
        indexes = [
            models.Index(fields=["agent"], name="gardee_a_alerter", condition=~Q(frequence=FrequenceAlerte.JAMAIS))
        ]
        constraints = [
            models.UniqueConstraint(fields=["agent", "liste", "parametres"], name="gardee_une_fois"),
            models.CheckConstraint(condition=Q(frequence__in=FrequenceAlerte.values), name="gardee_frequence_connue"),
            models.CheckConstraint(condition=~Q(nom="") & ~Q(parametres=""), name="gardee_nommee_et_filtree"),
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def has_alert(self) -> bool:
        return self.frequence in ALERTES


class NouveauteQuerySet(models.QuerySet):
    def untold(self) -> Self:
        """Written in a mail that will never leave: cancelled, or stopped, and filed away by an administrator or left
        alone for OUBLIE. Not those of a mail that may have arrived, nor of one that may still be sent again.
        """
        left = Q(courriel__classe_le__isnull=False) | Q(courriel__created_at__lt=timezone.now() - OUBLIE)
        stopped = Q(courriel__statut__in=[StatutCourriel.REFUSE, StatutCourriel.ABANDONNE]) & left
        return self.filter(Q(courriel__statut=StatutCourriel.ANNULE) | stopped)


class Nouveaute(models.Model):
    """A result told by a mail: once for a search, whatever becomes of it. Kept when the mail is forgotten."""

    wagtail_reference_index_ignore = True

    recherche = models.ForeignKey(RechercheGardee, on_delete=models.CASCADE, related_name="nouveautes")
    cle = models.CharField("clé", max_length=64)
    courriel = models.ForeignKey(Courriel, on_delete=models.SET_NULL, null=True, blank=True, related_name="nouveautes")
    created_at = models.DateTimeField("annoncée le", default=timezone.now)

    objects = NouveauteQuerySet.as_manager()

    class Meta:
        verbose_name = "nouveauté"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["recherche", "cle"], name="nouveaute_dite_une_fois")]

    def __str__(self) -> str:
        return self.cle
