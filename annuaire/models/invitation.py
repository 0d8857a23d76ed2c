"""Invitations: the only way to get an account."""

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from annuaire.enums import EtatInvitation
from collectivites.champs import NomField
from collectivites.enums import Domaine
from collectivites.models import Collectivite, Fonction, Territoire

if TYPE_CHECKING:
    from collectivites.models import Agent


class InvitationQuerySet(models.QuerySet):
    def pending(self) -> Self:
        """Neither accepted nor withdrawn; some may have expired."""
        return self.filter(acceptee_le=None, annulee_le=None)

    def over(self, days: int) -> Self:
        """Those that have led to nothing, or to an account, for so many days: their names serve no more."""
        limit = timezone.now() - timedelta(days=days)
        return self.filter(
            Q(acceptee_le__lt=limit) | Q(annulee_le__lt=limit) | Q(acceptee_le=None, expire_le__lt=limit)
        )

    def visible_to(self, agent: "Agent | None") -> Self:
        """Those of the collectivités that `agent` manages; all of them for a responsable of the annuaire."""
        if agent is None or not agent.is_authenticated:
            return self.none()
        if agent.answers_for(Domaine.ANNUAIRE):
            return self
        return self.filter(collectivite__in=[p.collectivite_id for p in agent.postes_en_cours if p.gestionnaire])

    def for_list(self) -> Self:
        return self.select_related("collectivite", "fonction", "invite_par", "agent")


class Invitation(models.Model):
    """A place offered to one mailbox, in one collectivité, by somebody who answers for it.

    Only the fingerprint of its link is kept: who reads the database cannot enter by it. `agent` is the person when they
    are already in the annuaire, and whoever accepted otherwise.
    """

    wagtail_reference_index_ignore = True  # it does not keep its agent or its collectivité from anything

    collectivite = models.ForeignKey(
        Collectivite, verbose_name="collectivité", on_delete=models.PROTECT, related_name="invitations"
    )
    email = models.EmailField("adresse de courriel", blank=True)
    prenom = NomField("prénom", max_length=80, blank=True)
    nom = NomField(max_length=80, blank=True)
    fonction = models.ForeignKey(Fonction, on_delete=models.PROTECT, related_name="+")
    intitule = NomField("intitulé exact", max_length=120, blank=True)
    gestionnaire = models.BooleanField(default=False)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    invite_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="invité par", on_delete=models.PROTECT, related_name="+"
    )
    empreinte = models.CharField("empreinte du lien", max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("créée le", auto_now_add=True)
    envoyee_le = models.DateTimeField("envoyée le", default=timezone.now)
    expire_le = models.DateTimeField("valable jusqu’au")
    acceptee_le = models.DateTimeField("acceptée le", null=True, blank=True)
    annulee_le = models.DateTimeField("annulée le", null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-envoyee_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["email", "collectivite"],
                condition=Q(acceptee_le=None, annulee_le=None),
                name="invitation_unique_en_cours",
                violation_error_message="Une invitation attend déjà cette personne.",
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="invitation_email_en_minuscules"),
            models.CheckConstraint(
                condition=~Q(email="") | Q(acceptee_le__isnull=False) | Q(annulee_le__isnull=False),
                name="invitation_en_cours_adressee",
            ),
            models.CheckConstraint(
                condition=Q(acceptee_le=None) | Q(annulee_le=None), name="invitation_acceptee_ou_annulee"
            ),
            models.CheckConstraint(
                condition=Q(acceptee_le=None) | Q(agent__isnull=False), name="invitation_acceptee_par_quelqu_un"
            ),
            models.CheckConstraint(condition=Q(expire_le__gt=F("envoyee_le")), name="invitation_dates_dans_l_ordre"),
        ]

    def __str__(self) -> str:
        return f"{self.nom_complet or self.email}, {self.collectivite}"

    @property
    def nom_complet(self) -> str:
        """The name of the person in the annuaire, else the one that was written."""
        return self.agent.nom_complet if self.agent else f"{self.prenom} {self.nom}".strip()

    @property
    def etat(self) -> EtatInvitation:
        """Without asking who backs it: see `annuaire.invitations.state_of`."""
        if self.acceptee_le:
            return EtatInvitation.ACCEPTEE
        if self.annulee_le:
            return EtatInvitation.ANNULEE
        return EtatInvitation.EN_ATTENTE if self.expire_le > timezone.now() else EtatInvitation.EXPIREE

    def renew(self) -> str:
        """A new link for as many days as the territory says; the former one is dead. Returns it, this once."""
        token = secrets.token_urlsafe(32)
        self.empreinte = fingerprint(token)
        self.envoyee_le = timezone.now()
        self.expire_le = self.envoyee_le + timedelta(days=Territoire.load().jours_invitation)
        return token

    def withdraw(self) -> None:
        self.annulee_le = timezone.now()
        self.save(update_fields=["annulee_le"])

    def erase(self) -> None:
        """Blanks what names a person; one that still waited is withdrawn."""
        if self.acceptee_le is None and self.annulee_le is None:
            self.annulee_le = timezone.now()
        self.email = self.prenom = self.nom = ""
        self.save(update_fields=["annulee_le", "email", "prenom", "nom"])


def fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
