"""Postes: an agent in a collectivité, with a fonction and rights."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from collectivites.champs import NomField
from collectivites.enums import FamilleFonction, Signature
from collectivites.models.collectivite import Collectivite
from extranet.lib.cherchable import Nomme
from extranet.lib.francais import NBSP

if TYPE_CHECKING:
    from collectivites.models.agent import Agent


class Fonction(models.Model):
    """What an agent is, from the territory's list; the exact title of the poste is free text beside it."""

    code = models.SlugField(max_length=60, unique=True)
    libelle = NomField("libellé", max_length=100, unique=True)
    famille = models.CharField(max_length=20, choices=FamilleFonction)
    ordre = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["ordre", "libelle"]

    def __str__(self) -> str:
        return self.libelle


class RoleTransversal(models.Model):
    """What an agent is besides their fonction: DPO, assistant·e de prévention, référent·e laïcité…"""

    code = models.SlugField(max_length=60, unique=True)
    libelle = NomField("libellé", max_length=100, unique=True)
    ordre = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "rôle transversal"
        verbose_name_plural = "rôles transversaux"
        ordering = ["ordre", "libelle"]

    def __str__(self) -> str:
        return self.libelle


class PosteQuerySet(models.QuerySet):
    def in_force(self, on: date | None = None) -> Self:
        """In force that day (today by default), first and last day included; a poste closed early is out at once."""
        day = on or timezone.localdate()
        return self.filter(
            Q(date_fin=None) | Q(date_fin__gte=day),
            Q(ferme_le=None) | Q(ferme_le__gt=timezone.now()),
            date_debut__lte=day,
        )

    def gestionnaires_of(self, collectivites: Iterable[Collectivite | int]) -> Self:
        """Who may be asked or told there: gestionnaires on a poste in force whose account is open."""
        managing = self.in_force().filter(gestionnaire=True, collectivite__in=collectivites)
        return managing.filter(agent__is_active=True, agent__efface_le=None)

    def main_first(self) -> Self:
        """The longest week first, then the oldest: what a person is before all, on both engines."""
        return self.order_by(F("heures_hebdo").desc(nulls_last=True), "date_debut", "pk")

    def not_ended(self) -> Self:
        """In force or to come."""
        return self.filter(
            Q(date_fin=None) | Q(date_fin__gte=timezone.localdate()), Q(ferme_le=None) | Q(ferme_le__gt=timezone.now())
        )

    def for_list(self) -> Self:
        return self.select_related("agent", "collectivite", "fonction")

    def visible_to(self, agent: "Agent | None") -> Self:
        """The postes in force of the agents one may see; one’s own are all visible."""
        if agent is None or not agent.is_authenticated:
            return self.none()
        if not agent.codes_lecture:
            return self.filter(agent=agent)
        in_force = self.model.objects.in_force().filter(agent__efface_le=None, agent__oppose_le=None)
        return self.filter(Q(agent=agent) | Q(pk__in=in_force.values("pk")))


class Poste(Nomme):
    """An agent in a collectivité. One person in three communes is one agent with three postes."""

    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="postes")
    collectivite = models.ForeignKey(
        Collectivite, verbose_name="collectivité", on_delete=models.PROTECT, related_name="postes"
    )
    fonction = models.ForeignKey(Fonction, on_delete=models.PROTECT, related_name="postes")
    intitule = NomField("intitulé exact", max_length=120, blank=True)
    roles = models.ManyToManyField(RoleTransversal, verbose_name="rôles transversaux", blank=True)
    heures_hebdo = models.DecimalField(
        "heures par semaine", max_digits=4, decimal_places=2, null=True, blank=True, help_text="Par exemple 17,5."
    )
    telephone = models.CharField("téléphone professionnel", max_length=20, blank=True)
    mobile = models.CharField("mobile professionnel", max_length=20, blank=True)
    courriel = models.EmailField("courriel professionnel", blank=True)
    date_debut = models.DateField("depuis le", default=timezone.localdate)
    date_fin = models.DateField("jusqu’au", null=True, blank=True, help_text="Dernier jour compris.")
    ferme_le = models.DateTimeField("accès fermé le", null=True, blank=True, editable=False)

    gestionnaire = models.BooleanField(default=False, help_text="Invite les agents de sa collectivité.")
    signataire = models.CharField(max_length=10, choices=Signature, default="", blank=True)
    delegation_date = models.DateField("date de la délégation", null=True, blank=True)
    delegation_reference = NomField("référence de la délégation", max_length=80, blank=True)
    constats = models.BooleanField("états des lieux", default=False, help_text="Remet et reprend le matériel prêté.")

    objects = PosteQuerySet.as_manager()

    class Meta:
        ordering = ["agent__nom", "agent__prenom", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(date_fin=None) | Q(date_fin__gte=F("date_debut")),
                name="poste_dates_dans_l_ordre",
                violation_error_message="Le poste finit après avoir commencé.",
            ),
            models.UniqueConstraint(
                fields=["agent", "collectivite", "fonction"],
                condition=Q(date_fin=None),
                name="poste_unique_en_cours",
                violation_error_message="Cette personne occupe déjà cette fonction dans cette collectivité.",
            ),
            models.CheckConstraint(condition=Q(signataire__in=Signature.values), name="poste_signataire_connu"),
            models.CheckConstraint(
                condition=~Q(signataire=Signature.DELEGATION)
                | (Q(delegation_date__isnull=False) & ~Q(delegation_reference="")),
                name="poste_delegation_datee",
                violation_error_message="Une délégation de signature a une date et une référence d’arrêté.",
            ),
            models.CheckConstraint(
                condition=Q(heures_hebdo=None) | Q(heures_hebdo__gt=0, heures_hebdo__lte=48),
                name="poste_heures_plausibles",
                violation_error_message="Un poste compte plus de 0 et au plus 48 heures par semaine.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agent}, {self.libelle} {self.collectivite.de_nom}"

    def porteurs(self) -> list["Agent"]:
        return [self.agent]

    @property
    def libelle(self) -> str:
        """The exact title, else the fonction."""
        return self.intitule or self.fonction.libelle

    @property
    def numero(self) -> str:
        """The number to call first: the one that is carried, unless its owner keeps it to themself.

        None when their card is hidden: elsewhere, where they are still named, only the collectivité is called.
        """
        return "" if self.agent.oppose_le else self.mobile_montre or self.telephone

    @property
    def mobile_montre(self) -> str:
        """The mobile, as everybody may read it."""
        return self.mobile if self.agent.montre_mobile else ""

    @property
    def adresse(self) -> str:
        """The mail of the poste, else the one of the person; none when their card is hidden."""
        return "" if self.agent.oppose_le else self.courriel or self.agent.email or ""

    @property
    def duree_hebdo(self) -> str:
        """« 28 h », « 17 h 30 »; empty when it is not known."""
        if self.heures_hebdo is None:
            return ""
        hours, minutes = divmod(round(self.heures_hebdo * 60), 60)
        return f"{hours}{NBSP}h{NBSP}{minutes:02d}" if minutes else f"{hours}{NBSP}h"

    @property
    def is_signataire(self) -> bool:
        return self.signataire != Signature.NON

    def is_in_force(self) -> bool:
        today, now = timezone.localdate(), timezone.now()
        return (
            self.date_debut <= today
            and (self.date_fin is None or self.date_fin >= today)
            and (self.ferme_le is None or self.ferme_le > now)
        )

    def is_over(self) -> bool:
        today, now = timezone.localdate(), timezone.now()
        return bool(self.date_fin and self.date_fin < today) or bool(self.ferme_le and self.ferme_le <= now)

    def end(self, on: date) -> None:
        """Ends the poste on that day, included; a day already begun closes the access at once."""
        self.date_fin = on
        self.ferme_le = timezone.now() if on <= timezone.localdate() else None
        self.full_clean()
        self.save(update_fields=["date_fin", "ferme_le"])
