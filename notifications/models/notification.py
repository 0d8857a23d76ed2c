"""The inbox."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from collectivites.diffusion import DiffusionField
from collectivites.models import Collectivite
from notifications.enums import Envoi
from notifications.models.courriel import Courriel

if TYPE_CHECKING:
    from collectivites.models import Agent


class NotificationQuerySet(models.QuerySet):
    def visible_to(self, agent: "Agent | None") -> Self:
        """One’s own, as long as one may read what they tell: a poste that ended, a network left, and they are gone."""
        if agent is None or not agent.is_authenticated:
            return self.none()
        postes = [poste.collectivite_id for poste in agent.postes_en_cours]
        return self.filter(
            Q(collectivite=None) | Q(collectivite__in=postes),
            Q(diffusion=[]) | Q(diffusion__croise=agent.codes_lecture),
            destinataire=agent,
        )

    def received(self) -> Self:
        return self.filter(archivee_le=None)

    def archived(self) -> Self:
        return self.filter(archivee_le__isnull=False)

    def unread(self) -> Self:
        return self.filter(lue_le=None, archivee_le=None)

    def awaiting_digest(self) -> Self:
        """Meant for a digest, carried by none, and neither read nor archived since."""
        return self.unread().filter(envoi=Envoi.RESUME, resumee_le=None)

    def mark_read(self) -> int:
        return self.filter(lue_le=None).update(lue_le=timezone.now())

    def archive(self) -> int:
        """Archiving is reading too."""
        now = timezone.now()
        self.filter(lue_le=None).update(lue_le=now)
        return self.filter(archivee_le=None).update(archivee_le=now)

    def unarchive(self) -> int:
        return self.update(archivee_le=None)


class Notification(models.Model):
    """One thing told to one agent. `cle` makes the same thing told once, however often it is written."""

    destinataire = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notifications")
    sorte = models.CharField(max_length=60)
    titre = models.CharField(max_length=200)
    texte = models.CharField(max_length=500, blank=True)
    url = models.CharField("adresse", max_length=500, blank=True)
    action = models.CharField("mot du bouton", max_length=60, blank=True)
    area = models.CharField("espace", max_length=20, default="accueil")
    icone = models.CharField("icône", max_length=40, default="bell")
    urgente = models.BooleanField(default=False)
    collectivite = models.ForeignKey(
        Collectivite,
        verbose_name="au titre de",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Celle pour laquelle le destinataire est prévenu ; sans poste là-bas, il ne la voit plus.",
    )
    diffusion = DiffusionField(blank=True, help_text="Vide : le destinataire, tant qu’il a son poste.")
    objet = models.CharField(max_length=80, blank=True, help_text="Étiquette du modèle : « home.actualitepage ».")
    objet_id = models.CharField(max_length=40, blank=True)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    pour = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name="à transmettre à",
        related_name="+",
        blank=True,
        help_text="Collègues sans courriel, que le destinataire, gestionnaire, est seul à pouvoir prévenir.",
    )
    relais = models.BooleanField(default=False, help_text="Le destinataire n’est prévenu que pour transmettre.")
    gabarit = models.CharField("gabarit du courriel", max_length=120, blank=True)
    cle = models.CharField("clé", max_length=120, blank=True)

    envoi = models.CharField(max_length=10, choices=Envoi, default=Envoi.AUCUN)
    resume = models.ForeignKey(
        Courriel, verbose_name="résumé", on_delete=models.SET_NULL, null=True, blank=True, related_name="resumees"
    )
    resumee_le = models.DateTimeField("portée par un résumé le", null=True, blank=True)
    created_at = models.DateTimeField("reçue le", default=timezone.now)
    lue_le = models.DateTimeField("lue le", null=True, blank=True)
    archivee_le = models.DateTimeField("archivée le", null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["destinataire", "-created_at"], name="notification_boite"),
            models.Index(
                fields=["destinataire"], name="notification_non_lue", condition=Q(lue_le=None, archivee_le=None)
            ),
            models.Index(
                fields=["destinataire", "created_at"],
                name="notification_a_resumer",
                condition=Q(resumee_le=None, lue_le=None, archivee_le=None),
            ),
            models.Index(fields=["objet", "objet_id"], name="notification_objet"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["destinataire", "cle"], condition=~Q(cle=""), name="notification_dite_une_fois"
            ),
            models.CheckConstraint(
                condition=Q(archivee_le=None) | Q(lue_le__isnull=False), name="notification_archivee_donc_lue"
            ),
            models.CheckConstraint(
                condition=Q(resume=None) | Q(resumee_le__isnull=False), name="notification_resume_date"
            ),
            models.CheckConstraint(
                condition=Q(url="") | Q(url__startswith="/") & ~Q(url__startswith="//"),
                name="notification_adresse_d_ici",
            ),
            models.CheckConstraint(condition=Q(envoi__in=Envoi.values), name="notification_envoi_connu"),
        ]

    def __str__(self) -> str:
        return self.titre

    @property
    def is_read(self) -> bool:
        return self.lue_le is not None

    @property
    def is_archived(self) -> bool:
        return self.archivee_le is not None

    @property
    def titre_complet(self) -> str:
        """« À transmettre : … » for who is told only to pass it on."""
        return f"À transmettre\u00a0: {self.titre}" if self.relais else self.titre

    @property
    def transmission(self) -> str:
        """Whom the reader must tell by word of mouth or on paper; empty for most. Reads `pour`, to be prefetched."""
        names = [agent.nom_complet for agent in self.pour.all()]
        if not names:
            return ""
        whom = f"{', '.join(names[:-1])} et {names[-1]}" if len(names) > 1 else names[0]
        return f"À transmettre à {whom}, sans adresse de courriel."
